// SPDX-License-Identifier: MIT
#include "gateway/dev_page_html.hpp"

namespace notify {

std::string_view const dev_page_html = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>notify</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0; }
label { display: flex; flex-direction: column; font-size: .85rem; }
label.wide { flex: 1 1 14rem; }
input, button { font: inherit; padding: .4rem .6rem; border: 1px solid #8888; border-radius: .3rem; }
button { cursor: pointer; }
#state::before { content: "● "; }
#state.live::before { color: #2a2; }
#state.off::before { color: #c33; }
ol { list-style: none; padding: 0; }
li { padding: .4rem 0; border-top: 1px solid #8884; overflow-wrap: anywhere; white-space: pre-wrap; }
time { font-size: .8rem; opacity: .7; margin-right: .7rem; }
code { font-size: .9rem; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>notify</h1>
<form id="connect">
  <label class="wide">User id<input id="user" value="@USER@" required maxlength="128" autocomplete="off"></label>
  <button>Connect</button>
</form>
<p id="state" class="off" role="status">not connected</p>
<form id="send">
  <label class="wide">Message to this user<input id="message" value="Hey" autocomplete="off"></label>
  <button>Send</button>
</form>
<p>or in a terminal: <code id="command"></code></p>
<ol id="list" aria-live="polite" aria-label="Notifications"></ol>
<script src="/socket.io/socket.io.min.js"></script>
<script>
"use strict";
const $ = (id) => document.getElementById(id);
const redisFlag = @REDIS@; // of the commands that this page shows
let socket = null;

function state(live, text) {
  $("state").className = live ? "live" : "off";
  $("state").textContent = text;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error);
  return data;
}

function show(text) {
  const row = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = new Date().toLocaleTimeString();
  row.append(time, text);
  $("list").prepend(row);
}

function connect(user) {
  if (socket) socket.disconnect();
  $("command").textContent = `notify-send --user ${user}${redisFlag} "Hey"`;
  state(false, "connecting");
  if (typeof io === "undefined") return state(false, "the socket.io-client bundle is missing");
  // A uuidCookie works once, so each connection gets a new one.
  socket = io("/io/user/notifications", {
    forceNew: true,
    auth: (done) => post("/dev/token", { user }).then(done, (e) => state(false, e.message)),
  });
  socket.on("internal", (e) => state(e.type === "success",
    e.type === "success" ? `live as user ${user}` : `${e.code}: ${e.message}`));
  socket.on("notification", (n) => show(n.message));
  socket.on("disconnect", (why) => state(false, `offline (${why})`));
  socket.on("connect_error", (e) => state(false, e.message));
}

$("connect").addEventListener("submit", (e) => {
  e.preventDefault();
  connect($("user").value.trim());
});
$("send").addEventListener("submit", (e) => {
  e.preventDefault();
  post("/dev/send", { user: $("user").value.trim(), message: $("message").value })
    .catch((error) => state(false, error.message));
});
connect($("user").value.trim());
</script>
</body>
</html>
)html";

}  // namespace notify
