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
:root {
  color-scheme: light dark;
  font: 16px/1.5 system-ui, sans-serif;
  --paper: #f6f7f9; --card: #fff; --ink: #1c2128; --faint: #59636e; --line: #c8ced6;
  --accent: #0a58ca; --live: #1a7f37; --off: #b42318;
}
* { box-sizing: border-box; }
body { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem; }
body { background: var(--paper); color: var(--ink); }
main, li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
main, li { padding: .5rem 1rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .75rem 0; }
label { flex: 1 1 14rem; font-size: .85rem; color: var(--faint); }
input { display: block; width: 100%; margin-top: .25rem; color: var(--ink); background: var(--paper); }
input, button { font: inherit; padding: .4rem .75rem; }
input, button { border: 1px solid var(--line); border-radius: .4rem; }
button { min-width: 6.5rem; cursor: pointer; }
button { border-color: var(--accent); background: var(--accent); color: var(--card); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#state { color: var(--off); }
#state.live { color: var(--live); }
#state::before { content: "○ "; }
#state.live::before { content: "● "; }
ol { list-style: none; padding: 0; }
li { margin: .5rem 0; overflow-wrap: anywhere; white-space: pre-wrap; }
time, p { color: var(--faint); font-size: .85rem; }
time { margin-right: .75rem; }
code { color: var(--ink); overflow-wrap: anywhere; user-select: all; }
</style>
<style media="(prefers-color-scheme: dark)">
:root {
  --paper: #14171c; --card: #1e232a; --ink: #e6e9ed; --faint: #9aa4b0; --line: #3d4550;
  --accent: #6ea8fe; --live: #4ac26b; --off: #ff8b80;
}
</style>
</head>
<body>
<h1>notify</h1>
<main>
<form id="connect">
  <label>User id<input id="user" value="@USER@" required maxlength="255" autocomplete="off"></label>
  <button>Connect</button>
</form>
<p id="state" role="status">not connected</p>
<form id="send">
  <label>Message to this user<input id="message" value="Hey" autocomplete="off"></label>
  <button>Send</button>
</form>
<p id="sent" role="status"></p>
<p>or in a terminal: <code id="command"></code></p>
</main>
<div role="log" aria-label="Notifications"><ol id="list" role="list"></ol></div>
<script src="/socket.io/socket.io.min.js"></script>
<script src="/socket.io/notify-client.js"></script>
<script>
"use strict";
const $ = (id) => document.getElementById(id);
const redisFlag = @REDIS@; // of the commands that this page shows
let client = null;

function state(live, text) {
  $("state").className = live ? "live" : "";
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

// One word of a shell's command line.
const word = (text) =>
  /^[\w.@:+=,%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function connect(user) {
  if (client) client.close();
  $("command").textContent = `notify-send --user ${word(user)}${redisFlag} "Hey"`;
  if (typeof io === "undefined" || typeof notifyClient === "undefined")
    return state(false, "socket.io.min.js or notify-client.js is missing from --bundle-dir");
  client = notifyClient({
    cookies: false,
    uuid: async () => (await post("/dev/token", { user })).uuid,
    onNotification: show,
    onState: (name, detail) => state(name === "live",
      name === "live" ? `live as user ${user}` : detail ? `${name}: ${detail}` : name),
  });
}

$("connect").addEventListener("submit", (e) => {
  e.preventDefault();
  connect($("user").value.trim());
});
$("send").addEventListener("submit", (e) => {
  e.preventDefault();
  post("/dev/send", { user: $("user").value.trim(), message: $("message").value })
    .then(({ receivers }) => receivers ? "sent" : "stored, and nobody follows this user now")
    .catch((error) => error.message)
    .then((text) => ($("sent").textContent = text));
});
connect($("user").value.trim());
</script>
</body>
</html>
)html";

}  // namespace notify
