// SPDX-License-Identifier: MIT
//
// A real browser's EventSource, through Nginx and directly: it comes back by itself to a gateway that was
// killed and replaced, and its page gets each notification once, in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser } from "./support/browser.mjs";
import { eventsPath } from "./support/event_stream.mjs";
import { Gateway } from "./support/processes.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const browser = Browser.forThisFile(site);
const routes = { "through Nginx": "", directly: "another port of the same host" };

// A page whose stream has heard that it is subscribed. `texts` are the notifications, `codes` those of all
// `internal` events, `states` the readyState at each error.
async function listen(user, route, query = "") {
  const page = await browser.open(await browser.profileOf(user));
  await page.evaluate((url) => {
    Object.assign(window, { texts: [], codes: [], states: [] });
    window.stream = new EventSource(url, { withCredentials: true });
    const on = (name, act) => window.stream.addEventListener(name, (e) => act(JSON.parse(e.data)));
    on("notification", ({ message }) => window.texts.push(message));
    on("internal", ({ code }) => window.codes.push(code));
    window.stream.onerror = () => window.states.push(window.stream.readyState);
  }, `${route ? site.gateway.url : ""}${eventsPath}?${query}`);
  return page;
}

const untilCodes = (page, count) =>
  until(async () => (await page.evaluate("codes.length")) >= count, "an internal event");
const texts = (count, from = 0) => Array.from({ length: count }, (_, i) => `text ${from + i}`);
const storeAll = async (user, messages) => {
  for (const message of messages) await site.redis.store(user, { message });
};

async function untilTexts(page, expected) {
  await until(async () => (await page.evaluate("texts.length")) >= expected.length, "the notifications");
  assert.deepEqual(await page.evaluate("texts"), expected);
}

async function replaceGateway(meanwhile = () => {}) {
  const port = new URL(site.gateway.url).port;
  await site.gateway.process.stop("SIGKILL");
  await meanwhile();
  site.gateway = await Gateway.start(site.redisServer, "--port", port, "--subscribe-by-cookies-url", site.webApp.url);
}

const ways = {
  cookies: async () => "",
  "a uuid": async (user) => `uuid=${await site.redis.mint(user)}`,
};

for (const [route, direct] of Object.entries(routes))
  for (const [way, query] of Object.entries(ways))
    test(`by ${way}, ${route}: a gateway that is killed and replaced, three times`, async () => {
      const user = site.newUser();
      const page = await listen(user, direct, await query(user));
      await untilCodes(page, 1);
      await storeAll(user, texts(10));
      await untilTexts(page, texts(10));
      for (let i = 1; i <= 3; ++i) {
        await replaceGateway(() => storeAll(user, texts(5, 10 * i)));
        await storeAll(user, texts(5, 10 * i + 5));
        await untilTexts(page, texts(10 * (i + 1)));
        await untilCodes(page, i + 1);
      }
      assert.deepEqual(await page.evaluate("codes"), Array(4).fill("SUBSCRIPTION_OK"));
    });

test("a page that comes back before it received anything misses nothing", async () => {
  const user = site.newUser();
  const page = await listen(user, "", `uuid=${await site.redis.mint(user)}`);
  await untilCodes(page, 1);
  await replaceGateway(() => storeAll(user, texts(3)));
  await untilTexts(page, texts(3));
});

test("Nginx has a browser come back while there is no gateway", async () => {
  const user = site.newUser();
  const page = await listen(user, "", `uuid=${await site.redis.mint(user)}`);
  await untilCodes(page, 1);
  await replaceGateway(async () => {
    await until(async () => (await page.evaluate("states.length")) >= 2, "two tries");
    await storeAll(user, texts(3));
  });
  await untilTexts(page, texts(3));
  assert.ok((await page.evaluate("states")).every((state) => state === 0), "connecting, never closed");
});

test("a browser that is refused gives up, and its page knows", async () => {
  const page = await listen(site.newUser(), "", "uuid=unknown");
  await until(async () => (await page.evaluate("states.length")) === 1, "the error");
  assert.equal(await page.evaluate("stream.readyState"), 2);
});

test("a user whose log has gone is told of the gap", async () => {
  const user = site.newUser();
  const page = await listen(user, "");
  await untilCodes(page, 1);
  await storeAll(user, texts(3));
  await untilTexts(page, texts(3));
  await replaceGateway(async () => {
    await site.redis.command("DEL", `/app/user/${user}/notifications`);
    await storeAll(user, texts(2, 3));
  });
  await untilTexts(page, texts(5));
  await untilCodes(page, 3);
  assert.deepEqual(await page.evaluate("codes"), ["SUBSCRIPTION_OK", "GAP", "SUBSCRIPTION_OK"]);
});
