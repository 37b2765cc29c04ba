// SPDX-License-Identifier: MIT
//
// A real browser, Debian's Chromium, with the script that the gateway serves: a web site as people
// have it, with the page, the web app and the gateway behind one Nginx.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { soon, until } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site, namespace, transports } from "./support/site.mjs";

const threads = ["--threads", 2];
const site = Site.forThisFile({ nginx: true, gateway: threads });
const flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync";

// follow() subscribes by uuid, or by the cookies of the browser, and returns how that went; what
// arrives is in `texts`.
const html = `<!doctype html><title>A site</title><script src="/socket.io/socket.io.js"></script><script>
  texts = [];
  follow = (url, options, question) => new Promise((resolve) => {
    socket = io(url + "${namespace}", { reconnectionDelay: 100, ...options });
    socket.on("notification", ({ message }) => texts.push(message));
    socket.on("internal", ({ code }) => resolve(code));
    socket.on("connect_error", ({ message }) => resolve(message));
    if (question) socket.on("connect", () => socket.emit(...question));
  });
</script>`;

let browser;
const contexts = [];
before(async () => {
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags.split(" ") });
  site.webApp.pages.set("/page", html);
});
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
after(() => browser?.close());

// A browser of its own, in which this user has logged in.
async function browserOf(user, url = site.nginx.url) {
  const context = await browser.newContext();
  contexts.push(context);
  const [name, value] = site.logIn(user).split("=");
  await context.addCookies([{ name, value, url }]);
  return context;
}

async function open(context, url = site.nginx.url) {
  const page = await context.newPage();
  await page.goto(`${url}/page`);
  return page;
}

const follow = (page, options, question, url = "") =>
  soon(page.evaluate((args) => follow(...args), [url, options, question]), "the answer");
const texts = (page) => page.evaluate("texts");
const subscribers = (user) => site.redis.subscribers(channelOf(user));

// Since the last time, all of it has arrived on each page of the user's, and nothing else.
async function assertTexts(user, pages, expected) {
  await site.redis.publish(user, "the end");
  for (const page of pages) {
    await until(async () => (await texts(page)).at(-1) === "the end", "the messages");
    assert.deepEqual(await page.evaluate("texts.splice(0)"), [...expected, "the end"]);
  }
}

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
      const page = await open(await browserOf(user));
      const [options, question] = await how(user);
      assert.equal(await follow(page, { transports: names, ...options }, question), "SUBSCRIPTION_OK");
      const sent = ["Hey", "Grüße 🎉", '<b>"quotes"</b> \\ \u2028', "x".repeat(50_000)];
      for (let i = 0; i < 30; ++i) sent.push(`text ${i}`); // some of them during the upgrade
      for (const text of sent) await site.redis.publish(user, text);
      await assertTexts(user, [page], sent);
      const carrier = () => page.evaluate("socket.io.engine.transport.name");
      await until(async () => (await carrier()) === names.at(-1), "the transport");
    });

test("ten tabs at once: each gets each message once, and the web app is asked once for all", async () => {
  const user = site.newUser();
  const context = await browserOf(user);
  const tabs = await Promise.all(Array.from({ length: 10 }, () => open(context)));
  const asked = site.webApp.asked.length;
  const held = []; // until all of them wait
  site.webApp.behave = (_, response) => held.push(response);
  const codes = tabs.map((tab) => follow(tab, { auth: { cookies: true } }));
  for (const tab of tabs) await tab.waitForFunction("socket.connected");
  site.webApp.behave = null;
  for (const response of held) response.end(JSON.stringify({ ok: true, userId: user }));
  assert.deepEqual(await Promise.all(codes), Array(10).fill("SUBSCRIPTION_OK"));
  const requests = site.webApp.asked.length - asked;
  assert.ok(requests >= 1 && requests <= 2, `${requests} requests`); // one of each shard
  const sent = Array.from({ length: 50 }, (_, i) => `text ${i}`);
  for (const text of sent) await site.redis.publish(user, text);
  await assertTexts(user, tabs, sent);

  await Promise.all(tabs.slice(1).map((tab) => tab.close()));
  await site.redis.publish(user, "to the last");
  await assertTexts(user, tabs.slice(0, 1), ["to the last"]);
  await tabs[0].close();
  await until(async () => (await subscribers(user)) === 0, "the end of the subscription");
});

test("two users, each in a browser of theirs: nobody sees what is another's", async () => {
  const users = [site.newUser(), site.newUser()];
  const pages = [];
  for (const user of users) pages.push(await open(await browserOf(user)));
  for (const page of pages) assert.equal(await follow(page, { auth: { cookies: true } }), "SUBSCRIPTION_OK");
  for (let i = 0; i < 20; ++i) for (const user of users) await site.redis.publish(user, `${user}, ${i}`);
  for (const [i, page] of pages.entries())
    await assertTexts(users[i], [page], Array.from({ length: 20 }, (_, n) => `${users[i]}, ${n}`));
});

test("a gateway that comes back: the page comes back by itself, with its cookies", async () => {
  const user = site.newUser();
  const port = new URL(site.gateway.url).port;
  const page = await open(await browserOf(user));
  assert.equal(await follow(page, { auth: { cookies: true } }), "SUBSCRIPTION_OK");
  await site.gateway.stop();
  site.gateway = await Gateway.start(
    site.redisServer, ...threads, "--port", port, "--subscribe-by-cookies-url", site.webApp.url);
  await until(async () => (await subscribers(user)) > 0, "the page coming back");
  await site.redis.publish(user, "back");
  await assertTexts(user, [page], ["back"]);
});

// Neighbours: to a browser they are of one site, so that it sends the one's cookies with requests of
// the other's pages. To the gateway they are strangers.
describe("a page of a neighbouring host", () => {
  const at = (host, url) => `http://${host}.app.localhost:${new URL(url).port}`;
  const options = (transport) => ({ transports: [transport], withCredentials: true, auth: { cookies: true } });

  async function evilPage(user, victim) {
    const context = await browserOf(user, victim);
    const page = await open(context, at("evil", site.nginx.url));
    assert.equal(await page.evaluate("origin"), at("evil", site.nginx.url));
    return page;
  }

  for (const transport of ["websocket", "polling"])
    test(`gets nothing with its visitor's cookies: ${transport}`, async () => {
      const user = site.newUser();
      const victim = at("site", site.nginx.url);
      const own = await open(await browserOf(user, victim), victim);
      assert.equal(await follow(own, options(transport)), "SUBSCRIPTION_OK"); // the site itself may
      const asked = site.webApp.asked.length;
      const page = await evilPage(user, victim);
      assert.match(await follow(page, options(transport), null, victim), /error/);
      assert.equal(site.webApp.asked.length, asked);
      await site.redis.publish(user, "secret");
      await assertTexts(user, [own], ["secret"]);
      assert.deepEqual(await texts(page), []);
      const read = (path) =>
        page.evaluate((url) => fetch(url, { credentials: "include" }).then((r) => r.text(), () => "no"), victim + path);
      assert.equal(await read("/socket.io/?EIO=4&transport=polling"), "no");
    });

  for (const transport of ["websocket", "polling"])
    test(`is served if its origin is allowed: ${transport}`, async () => {
      const gateway = await Gateway.start(site.redisServer, "--subscribe-by-cookies-url", site.webApp.url,
        "--allow-origin", at("evil", site.nginx.url));
      try {
        const user = site.newUser();
        const victim = at("site", gateway.url);
        const page = await evilPage(user, victim);
        assert.equal(await follow(page, options(transport), null, victim), "SUBSCRIPTION_OK");
        await site.redis.publish(user, "Hey");
        await assertTexts(user, [page], ["Hey"]);
      } finally {
        await Promise.all(contexts.splice(0).map((context) => context.close()));
        await gateway.stop();
      }
    });
});
