// SPDX-License-Identifier: MIT
//
// The few connections to the web app, when many ask the same and when it restarts: what one request
// costs is not multiplied by those who ask.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { RawWebApp, loggedIn } from "./support/raw_web_app.mjs";
import { Site, dealtWith } from "./support/site.mjs";

const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--threads", 1] });
const honest = (socket, head, cookie) => socket.write(loggedIn(cookie));
const browser = (cookie) => site.connect({ extraHeaders: { Cookie: cookie } });
const many = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));

// Fills the pool: as many connections as the gateway will have, all kept.
async function warmUp() {
  const app = site.webApp;
  const holding = [];
  app.behave = (socket, head, cookie) => holding.push(() => honest(socket, head, cookie));
  const clients = await many(30, () => browser(`user=${site.newUser()}`));
  const answers = clients.map((c) => c.byCookies());
  await Promise.all(clients.map(dealtWith));
  await until(() => holding.length === app.open && app.open > 1, "the pool being full");
  app.behave = honest;
  holding.forEach((answerNow) => answerNow());
  for (const { code } of await Promise.all(answers)) assert.equal(code, "SUBSCRIPTION_OK");
  assert.ok(app.open > 1, "the connections are kept");
}

// Those who ask before the first one's question is written share it; the others share the next.
test("50 tabs with equal cookies that ask at the same time are two requests at most", async () => {
  const user = site.newUser();
  const tabs = await many(50, () => browser(`user=${user}`));
  const holding = [];
  site.webApp.behave = (socket, head, cookie) => holding.push(() => honest(socket, head, cookie));
  const before = site.webApp.heads.length;
  const answers = tabs.map((c) => c.byCookies());
  await Promise.all(tabs.map(dealtWith));
  await until(() => holding.length > 0, "the web app being asked");
  site.webApp.behave = honest;
  holding.forEach((answerNow) => answerNow());
  for (const { code } of await Promise.all(answers)) assert.equal(code, "SUBSCRIPTION_OK");
  assert.ok(site.webApp.heads.length - before <= 2);
});

test("a failure is shared by who asked the same at the same time, and by nobody later", async () => {
  const tabs = await many(20, () => browser("user=same"));
  site.webApp.behave = () => {};
  const asked = site.webApp.heads.length;
  const answers = tabs.map((c) => c.byCookies());
  await Promise.all(tabs.map(dealtWith));
  await until(() => site.webApp.heads.length > asked, "the web app being asked");
  site.webApp.behave = (socket) => socket.destroy();
  site.webApp.hangUp();
  for (const { code } of await Promise.all(answers)) assert.equal(code, "SUBSCRIBE_BY_COOKIES_ERROR");
  site.webApp.behave = honest;
  assert.equal((await tabs[0].byCookies()).code, "SUBSCRIPTION_OK");
});

test("a web app that restarts with its pool full is asked again at once", async () => {
  await warmUp();
  site.webApp.hangUp();
  const client = await browser(`user=${site.newUser()}`);
  assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
});
