// SPDX-License-Identifier: MIT
//
// The line before the web app: turns go round, and whoever asks for ever pushes out what is its own
// (core/http/fair_line.hpp). Clients are told apart by their address, behind a proxy too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { RawWebApp, loggedIn } from "./support/raw_web_app.mjs";
import { Site, dealtWith } from "./support/site.mjs";

const most = 10; // in the line
const crowd = 40;
const site = Site.forThisFile({
  webApp: RawWebApp,
  gateway: ["--threads", 1, "--web-app-requests", 1, "--web-app-line-each", most],
});
const from = (address, user) =>
  site.connect({ extraHeaders: { Cookie: `user=${user}`, "X-Forwarded-For": address } });

test("a login waits for one question of a stranger who asks for ever, and the stranger is refused", async () => {
  const holding = [];
  const asked = [];
  site.webApp.behave = (socket, head, cookie) => {
    asked.push(cookie);
    holding.push(() => socket.write(loggedIn(cookie)));
  };
  const strangers = await Promise.all(Array.from({ length: crowd }, () => from("198.51.100.1", site.newUser())));
  const told = strangers.map((client) => client.byCookies());
  const refused = () => strangers.flatMap((client) => client.internal.all).length;
  await until(() => refused() === crowd - 1 - most, "a full line");

  const login = await from("203.0.113.9", "login");
  const answer = login.byCookies();
  await dealtWith(login);
  while (!asked.includes("user=login")) {
    await until(() => holding.length > 0, "the next question");
    for (const answerNow of holding.splice(0)) answerNow();
  }
  assert.ok(asked.indexOf("user=login") <= 2, `${asked} came first`); // one on its way, one turn

  site.webApp.behave = (socket, head, cookie) => socket.write(loggedIn(cookie));
  for (const answerNow of holding.splice(0)) answerNow();
  assert.equal((await answer).code, "SUBSCRIPTION_OK");
  const codes = (await Promise.all(told)).map(({ code }) => code);
  assert.equal(codes.filter((code) => code === "SUBSCRIBE_BY_COOKIES_ERROR").length, crowd - 1 - most);
});
