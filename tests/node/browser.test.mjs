// SPDX-License-Identifier: MIT
//
// A real browser: a web site as people have it, with the page, the web app and the gateway behind one
// Nginx.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser, follow } from "./support/browser.mjs";
import { Gateway } from "./support/processes.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site, transports } from "./support/site.mjs";

const threads = 2;
const site = Site.forThisFile({ nginx: true, gateway: ["--threads", threads] });
const browser = Browser.forThisFile(site);

const subscribers = (user) => site.redis.subscribers(channelOf(user));
const untilCarriedBy = (page, name) =>
  until(async () => (await page.evaluate("socket.io.engine.transport.name")) === name, "the transport");

const ways = {
  "auth.uuid": async (user) => [{ auth: { uuid: await site.redis.mint(user) } }],
  "a uuid in an event": async (user) => [{}, ["subscribe-to-notifications", { uuid: await site.redis.mint(user) }]],
  "auth.cookies": async () => [{ auth: { cookies: true } }],
  "cookies, by an event": async () => [{}, ["subscribe-to-notifications-by-cookies"]],
};

for (const [wire, names] of Object.entries(transports))
  for (const [way, how] of Object.entries(ways))
    test(`${wire}, ${way}`, async () => {
      const user = site.newUser();
      const page = await browser.open(await browser.profileOf(user));
      const [options, question] = await how(user);
      assert.equal(await follow(page, { transports: names, ...options }, question), "SUBSCRIPTION_OK");
      const sent = ["Hey", "Grüße 🎉", '<b>"quotes"</b> \\ \u2028', "x".repeat(50_000)];
      for (let i = 0; i < 30; ++i) sent.push(`text ${i}`); // some of them during the upgrade
      for (const text of sent) await site.redis.publish(user, text);
      await browser.assertTexts(user, [page], sent);
      await untilCarriedBy(page, names.at(-1));
    });

test("ten tabs at once: each gets each message once, and each thread asks the web app twice at most", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  const tabs = await Promise.all(Array.from({ length: 10 }, () => browser.open(profile)));
  const asked = site.webApp.asked.length;
  const held = []; // until all of them wait
  site.webApp.behave = (_, response) => held.push(response);
  const codes = tabs.map((tab) => follow(tab, {}, ["subscribe-to-notifications-by-cookies"]));
  for (const tab of tabs) await tab.waitForFunction("socket.connected");
  site.webApp.behave = null;
  for (const response of held) response.end(JSON.stringify({ ok: true, userId: user }));
  assert.deepEqual(await Promise.all(codes), Array(10).fill("SUBSCRIPTION_OK"));
  const requests = site.webApp.asked.length - asked;
  // One that is held, and one for all who came after it was written: of each thread.
  assert.ok(requests >= 1 && requests <= 2 * threads, `${requests} requests`);
  const sent = Array.from({ length: 50 }, (_, i) => `text ${i}`);
  for (const text of sent) await site.redis.publish(user, text);
  await browser.assertTexts(user, tabs, sent);

  await Promise.all(tabs.slice(1).map((tab) => tab.close()));
  await site.redis.publish(user, "to the last");
  await browser.assertTexts(user, tabs.slice(0, 1), ["to the last"]);
  await tabs[0].close();
  await until(async () => (await subscribers(user)) === 0, "the end of the subscription");
});

test("two users, each in a browser of theirs: nobody sees what is another's", async () => {
  const users = [site.newUser(), site.newUser()];
  const pages = [];
  for (const user of users) pages.push(await browser.open(await browser.profileOf(user)));
  for (const page of pages) assert.equal(await follow(page, { auth: { cookies: true } }), "SUBSCRIPTION_OK");
  for (let i = 0; i < 20; ++i) for (const user of users) await site.redis.publish(user, `${user}, ${i}`);
  for (const [i, page] of pages.entries())
    await browser.assertTexts(users[i], [page], Array.from({ length: 20 }, (_, n) => `${users[i]}, ${n}`));
});

// Each user in a browser of his own, with a tab for each transport.
for (const [ended, signal] of Object.entries({ stopped: "SIGTERM", killed: "SIGKILL" }))
  test(`a gateway that is ${ended} and started again: each tab comes back by itself, and no cookies are asked for again`, async () => {
    const tabs = new Map();
    for (const user of [site.newUser(), site.newUser()]) {
      const profile = await browser.profileOf(user);
      tabs.set(user, await Promise.all(Object.values(transports).map(() => browser.open(profile))));
    }
    const each = async (action) => {
      for (const [user, pages] of tabs)
        for (const [i, names] of Object.values(transports).entries()) await action(pages[i], names, user);
    };
    await each(async (page, names) => {
      assert.equal(await follow(page, { transports: names, auth: { cookies: true } }), "SUBSCRIPTION_OK");
      await untilCarriedBy(page, names.at(-1));
    });
    for (const [user, pages] of tabs) {
      await site.redis.publish(user, "before");
      await browser.assertTexts(user, pages, ["before"]);
    }

    const port = new URL(site.gateway.url).port;
    const asked = site.webApp.asked.length;
    assert.equal(await site.gateway.process.stop(signal), signal === "SIGKILL" ? signal : 0);
    for (const user of tabs.keys()) {
      await until(async () => (await subscribers(user)) === 0, "Redis seeing it gone");
      await site.redis.publish(user, "to nobody");
    }
    site.gateway = await Gateway.start(
      site.redisServer, "--threads", threads, "--port", port, "--subscribe-by-cookies-url", site.webApp.url);

    const assertBackOnce = async (page) =>
      assert.deepEqual(await page.evaluate("codes"), ["SUBSCRIPTION_OK", "SUBSCRIPTION_OK"]);
    await each(async (page) => {
      await until(async () => (await page.evaluate("codes.length")) > 1, "the page coming back");
      await assertBackOnce(page);
    });
    const sent = Array.from({ length: 30 }, (_, i) => `text ${i}`); // some of them during the upgrade
    for (const text of sent) for (const user of tabs.keys()) await site.redis.publish(user, `${text}, ${user}`);
    for (const [user, pages] of tabs)
      await browser.assertTexts(user, pages, sent.map((text) => `${text}, ${user}`));
    await each(async (page, names) => {
      await untilCarriedBy(page, names.at(-1));
      await assertBackOnce(page);
    });
    assert.deepEqual(site.webApp.asked.slice(asked), []);
  });
