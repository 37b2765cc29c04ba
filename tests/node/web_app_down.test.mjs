// SPDX-License-Identifier: MIT
//
// A web app that is down while many ask: the tries are spaced, not multiplied, all who ask are told in
// time, and it is found when it is back (core/http/request_pacer.hpp).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause } from "./support/await.mjs";
import { Gateway, freePort } from "./support/processes.mjs";
import { RawWebApp, answer, loggedIn } from "./support/raw_web_app.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ webApp: RawWebApp });
const honest = (socket, head, cookie) => socket.write(loggedIn(cookie));
const browser = (gateway, user) => site.connect({ extraHeaders: { Cookie: `user=${user}` } }, gateway.url);

const crowd = 200;
const interval = 15; // ms from one who asks to the next: 3 s in all
const longest = 2000 + 1500; // ms: the longest pause between tries, and a busy machine

// Tries of one gateway: as many at a time as it may, and then after pauses of 100 ms, doubled each time.
const most = 8 + 8;

// All of the crowd ask, one after the other, each with cookies of its own; returns the tries there were.
async function askInACrowd(gateway, tries) {
  const clients = await Promise.all(Array.from({ length: crowd }, () => browser(gateway, site.newUser())));
  const before = tries();
  await Promise.all(clients.map(async (client, i) => {
    await pause(i * interval);
    const began = Date.now();
    assert.equal((await client.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");
    assert.ok(Date.now() - began < longest, `told after ${Date.now() - began} ms`);
  }));
  return tries() - before;
}

// Who asks next is served, and so are those after it, at once.
async function assertBack(gateway) {
  for (const within of [longest, 1000, 1000]) {
    const client = await browser(gateway, site.newUser());
    const began = Date.now();
    assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
    assert.ok(Date.now() - began < within, `served after ${Date.now() - began} ms`);
  }
}

async function withGateway(url, check) {
  const gateway = await Gateway.start(
    site.redisServer, "--threads", 1, "--log-level", "debug", "--subscribe-by-cookies-url", url);
  try {
    await check(gateway);
  } finally {
    site.closeClients();
    await gateway.stop();
  }
}

describe(`while ${crowd} ask`, () => {
  test("a web app whose proxy says that it is down is tried a few times", () =>
    withGateway(site.webApp.url, async (gateway) => {
      site.webApp.behave = (socket) => socket.write(answer("", "503 Service Unavailable"));
      const tries = await askInACrowd(gateway, () => site.webApp.heads.length);
      assert.ok(tries >= 4 && tries <= most, `${tries} tries`);
      site.webApp.behave = honest;
      await assertBack(gateway);
    }));

  // Nobody but the gateway sees these: each try says in the log how it failed.
  test("a web app that is not there is tried a few times", async () => {
    const port = await freePort();
    await withGateway(`http://127.0.0.1:${port}/whoami`, async (gateway) => {
      const refused = () => gateway.process.output.match(/debug.*not subscribed.*Connection refused/gi)?.length ?? 0;
      const tries = await askInACrowd(gateway, refused);
      assert.ok(tries >= 4 && tries <= most, `${tries} tries`);
      const app = await RawWebApp.start(port);
      try {
        await assertBack(gateway);
      } finally {
        await app.stop();
      }
    });
  });

  // Which may be its fault or theirs, so that the others ask for themselves.
  test("a web app that hangs up on each is tried once for each", () =>
    withGateway(site.webApp.url, async (gateway) => {
      site.webApp.onConnect = (socket) => (socket.destroy(), true);
      try {
        const tries = await askInACrowd(gateway, () => site.webApp.connects);
        assert.ok(tries <= crowd, `${tries} tries`);
      } finally {
        site.webApp.onConnect = () => false;
      }
      await assertBack(gateway);
    }));
});
