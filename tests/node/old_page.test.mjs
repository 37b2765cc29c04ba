// SPDX-License-Identifier: MIT
//
// The page of the old site, typed anew from docs/protocol.md, in a real browser and through Nginx: it asks
// by cookies, by an event; if that is refused it fetches a uuidCookie by Ajax, and asks with it on the
// same connection. The gateway serves it as it stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser } from "./support/browser.mjs";
import { offerUuids, restartGateway } from "./support/client_page.mjs";
import { Site } from "./support/site.mjs";

const html = `<!doctype html><title>Notifications</title>
<script src="/socket.io/socket.io.js"></script>
<ul id="messages"></ul><ul id="internal"></ul>
<script>
  function show(list, text) {
    var row = document.createElement("li");
    row.appendChild(document.createTextNode(text));
    document.getElementById(list).appendChild(row);
  }

  function subscribeByUuid() {
    var request = new XMLHttpRequest();
    request.onload = function () {
      var answer = JSON.parse(request.responseText);
      if (answer.ok) socket.emit("subscribe-to-notifications", { uuid: answer.uuid });
      else show("internal", "not logged in");
    };
    request.open("GET", "/python/uuidCookie/");
    request.send();
  }

  var connections = 0;
  var socket = io("/io/user/notifications");
  socket.on("connect", function () {
    ++connections;
    socket.emit("subscribe-to-notifications-by-cookies");
  });
  socket.on("notification", function (notification) {
    show("messages", notification.message);
  });
  socket.on("internal", function (answer) {
    show("internal", answer.type + " " + answer.code);
    if (answer.code === "SUBSCRIBE_BY_COOKIES_ERROR") subscribeByUuid();
  });
</script>`;

const site = Site.forThisFile({ nginx: true });
const browser = Browser.forThisFile(site);

async function openOldPage(profile) {
  site.webApp.pages.set("/python/notifications/", html);
  const page = await profile.newPage();
  await page.goto(`${site.nginx.url}/python/notifications/`);
  return page;
}

const rows = (page, list) => page.locator(`#${list} > li`).allTextContents();
const untilRows = async (page, list, expected) => {
  await until(async () => (await rows(page, list)).length >= expected.length, `${expected.length} rows`);
  assert.deepEqual(await rows(page, list), expected);
};

async function assertShows(page, user) {
  const sent = ["Hey", "Grüße 🎉", "<b>not bold</b>", "x".repeat(10_000)];
  for (const text of sent) await site.redis.publish(user, text);
  await untilRows(page, "messages", sent);
  await page.evaluate(`document.getElementById("messages").textContent = ""`);
}

test("the cookie path is on: by cookies, without a uuid, and again when the gateway comes back", async () => {
  const user = site.newUser();
  const given = offerUuids(site);
  const page = await openOldPage(await browser.profileOf(user));
  await untilRows(page, "internal", ["success SUBSCRIPTION_OK"]);
  await assertShows(page, user);
  await restartGateway(site);
  await untilRows(page, "internal", ["success SUBSCRIPTION_OK", "success SUBSCRIPTION_OK"]);
  await assertShows(page, user);
  assert.equal(given.length, 0);
});

test("the cookie path is on, and nobody is logged in: both ways say so", async () => {
  const profile = await browser.profileOf("nobody");
  site.webApp.users.delete("sessionid=session-of-nobody");
  const given = offerUuids(site);
  const page = await openOldPage(profile);
  await untilRows(page, "internal", ["error SUBSCRIBE_BY_COOKIES_ERROR", "not logged in"]);
  assert.equal(given.length, 0);
  assert.equal(await page.evaluate("socket.connected"), true);
});

test("the cookie path is off: a uuid on the same connection, and a fresh one when the gateway is back", async () => {
  const off = ["--subscribe-by-cookies-url", ""];
  await restartGateway(site, off);
  const user = site.newUser();
  const given = offerUuids(site);
  const page = await openOldPage(await browser.profileOf(user));
  const once = ["error SUBSCRIBE_BY_COOKIES_ERROR", "success SUBSCRIPTION_OK"];
  await untilRows(page, "internal", once);
  assert.equal(await page.evaluate("connections"), 1);
  await assertShows(page, user);
  await restartGateway(site, off, "SIGKILL");
  await untilRows(page, "internal", [...once, ...once]);
  assert.equal(await page.evaluate("connections"), 2);
  await assertShows(page, user);
  assert.equal(new Set(given).size, 2);
});
