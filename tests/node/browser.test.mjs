// SPDX-License-Identifier: MIT
//
// A real browser: Chromium, with the script that the gateway serves, on a site behind the real Nginx.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser, Tab } from "./support/browser.mjs";
import { Gateway, Nginx } from "./support/processes.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const threads = 2;
const patient = ["--threads", threads, "--web-app-timeout", 30_000];
const site = Site.forThisFile({ nginx: true, gateway: patient });
const browser = Browser.forThisFile(site);

const transports = {
  "WebSocket only": ["websocket"],
  "polling only": ["polling"],
  "polling, then an upgrade": ["polling", "websocket"],
};

// What a page does to say who is there.
const byEvent = { ask: ["subscribe-to-notifications-by-cookies"] };
const inConnect = { options: { auth: { cookies: true } } };
const identities = {
  "by uuid": async (user) => [
    { ask: ["subscribe-to-notifications", { uuid: await site.redis.mint(user) }] },
    { options: { auth: { uuid: await site.redis.mint(user) } } },
  ],
  "by cookies": async () => [byEvent, inConnect],
};

// The same page with these options of io()'s besides its own.
const using = (way, options) => ({ ...way, options: { ...way.options, ...options } });

const subscribers = (user) => site.redis.subscribers(channelOf(user));

async function assertSubscribed(tab) {
  assert.deepEqual(await tab.internal.next(), { type: "success", code: "SUBSCRIPTION_OK", message: "subscribed" });
}

// Nobody was told anything but these, each once and in order.
async function assertHeard(tabs, user, texts) {
  await site.redis.publish(user, "the end");
  for (const tab of tabs) {
    await until(() => tab.notifications.all.at(-1) === "the end", "the end");
    assert.deepEqual(tab.notifications.all, [...texts, "the end"]);
  }
}

// Tabs of these pages, opened at once.
const openAll = (context, url, pages) => Promise.all(pages.map((page) => Tab.open(context, url, page)));

describe("pages receive their user's messages, in order, each once", () => {
  for (const [wire, names] of Object.entries(transports))
    for (const [identity, ways] of Object.entries(identities))
      test(`${wire}, ${identity} in an event and in CONNECT`, async () => {
        const user = site.newUser();
        const context = await browser.context(site.nginx.url, site.logIn(user));
        const pages = (await ways(user)).map((way) => using(way, { transports: names }));
        const tabs = await openAll(context, site.nginx.url, pages);
        for (const tab of tabs) await assertSubscribed(tab);
        const texts = ["Hey", "", "Grüße 🎉", '"quotes" \\ \u0000 \u2028', "x".repeat(100_000)];
        for (let n = 0; n < 200; ++n) texts.push(`${n}`); // while they upgrade, if they do
        for (const text of texts) await site.redis.publish(user, text);
        if (names.length > 1) for (const tab of tabs) await tab.upgraded();
        await assertHeard(tabs, user, texts);
        for (const tab of tabs) {
          assert.equal(await tab.transport(), names.at(-1));
          assert.deepEqual([tab.connects.all.length, tab.internal.all.length], [1, 1]);
          assert.deepEqual([tab.errors.all, tab.disconnects.all], [[], []]);
        }
      });
});

test("ten tabs that open at once: each hears everything once, and the web app is asked once for each shard", async () => {
  const user = site.newUser();
  const cookie = site.logIn(user);
  const context = await browser.context(site.nginx.url, cookie);
  const asked = [];
  site.webApp.behave = (request, response) => asked.push({ request, response });
  try {
    const tabs = await openAll(context, site.nginx.url, Array(10).fill(inConnect));
    for (const tab of tabs) await tab.connects.next(); // it has said who it is
    await until(() => asked.length > 0, "the question");
    for (const { response } of asked) response.end(JSON.stringify({ ok: true, userId: user }));
    for (const tab of tabs) await assertSubscribed(tab);
    assert.ok(asked.length <= threads, `asked ${asked.length} times`);
    for (const { request } of asked) assert.equal(request.headers.cookie, cookie);
    const texts = Array.from({ length: 50 }, (_, n) => `${n}`);
    for (const text of texts) await site.redis.publish(user, text);
    await assertHeard(tabs, user, texts);
  } finally {
    site.webApp.behave = null;
  }
});

test("two users in two browsers: each sees only their own", async () => {
  const users = [site.newUser(), site.newUser()];
  const tabs = [];
  for (const user of users) {
    const context = await browser.context(site.nginx.url, site.logIn(user));
    for (const way of [byEvent, inConnect]) tabs.push(await Tab.open(context, site.nginx.url, way));
  }
  for (const tab of tabs) await assertSubscribed(tab);
  const texts = (user) => Array.from({ length: 50 }, (_, n) => `${n} for ${user}`);
  for (let n = 0; n < 50; ++n) for (const user of users) await site.redis.publish(user, `${n} for ${user}`);
  for (const [i, user] of users.entries()) await assertHeard(tabs.slice(2 * i, 2 * i + 2), user, texts(user));
});

test("the subscription ends some time after the last tab", async () => {
  const leave = async (names) => {
    const user = site.newUser();
    const context = await browser.context(site.nginx.url, site.logIn(user));
    const pages = [byEvent, inConnect, inConnect].map((way) => using(way, { transports: names }));
    const tabs = await openAll(context, site.nginx.url, pages);
    for (const tab of tabs) await assertSubscribed(tab);
    if (names.length > 1) for (const tab of tabs) await tab.upgraded();
    const [goes, closes, last] = tabs;
    await goes.page.goto(`${site.nginx.url}/elsewhere`);
    await closes.page.close();
    await assertHeard([last], user, []);
    assert.ok((await subscribers(user)) > 0);
    await last.page.close();
    await until(async () => (await subscribers(user)) === 0, `the end of the subscription, ${names}`);
  };
  await Promise.all(Object.values(transports).map(leave)); // together: the gateway takes its time
});

describe("pages come back by themselves, subscribed, when the gateway", () => {
  const ends = {
    "was ended and started again": (gateway) => gateway.stop(),
    "crashed and was started again": (gateway) => gateway.process.stop("SIGKILL"),
  };
  for (const [what, end] of Object.entries(ends))
    test(what, async () => {
      const options = ["--subscribe-by-cookies-url", site.webApp.url, ...patient];
      let gateway = await Gateway.start(site.redisServer, ...options);
      const nginx = await Nginx.start(gateway, { webApp: site.webApp.port });
      try {
        const user = site.newUser();
        const context = await browser.context(nginx.url, site.logIn(user));
        const impatient = { reconnectionDelay: 50, reconnectionDelayMax: 200 };
        const pages = Object.values(transports).flatMap((names) =>
          [byEvent, inConnect].map((way) => using(way, { transports: names, ...impatient })));
        const tabs = await openAll(context, nginx.url, pages);
        for (const tab of tabs) await assertSubscribed(tab);
        await site.redis.publish(user, "before");
        for (const tab of tabs) assert.equal(await tab.notifications.next(), "before");

        await end(gateway);
        for (const tab of tabs) await tab.disconnects.next();
        gateway = await Gateway.start(site.redisServer, ...options, "--port", new URL(gateway.url).port);
        for (const tab of tabs) await assertSubscribed(tab);
        await site.redis.publish(user, "after");
        await assertHeard(tabs, user, ["before", "after"]);
        for (const tab of tabs) assert.equal(tab.connects.all.length, 2);
      } finally {
        await nginx.stop();
        await gateway.stop();
      }
    });
});

describe("a foreign page", () => {
  // Host names of the site and of the page. A browser tells no ports apart when it sends cookies,
  // and sends those of SameSite=Lax, as most are, to neighbours within one registered domain.
  const pairs = {
    "of a neighbour, with the user's cookies": { ours: "site.app.localhost", theirs: "page.app.localhost", cookies: true },
    "of another site": { ours: "127.0.0.1", theirs: "localhost", cookies: false },
  };
  const at = (host, nginx) => `http://${host}:${new URL(nginx.url).port}`;

  for (const [whose, { ours, theirs, cookies }] of Object.entries(pairs)) {
    // A user who has logged in to our site.
    const visitor = async () => {
      const user = site.newUser();
      const cookie = site.logIn(user);
      return { user, cookie, context: await browser.context(at(ours, site.nginx), cookie) };
    };

    for (const [wire, names] of Object.entries(transports))
      test(`${whose}, cannot subscribe: ${wire}`, async () => {
        const { user, cookie, context } = await visitor();
        const before = site.webApp.asked.length;
        const options = { transports: names, withCredentials: true, reconnection: false };
        const pages = [];
        for (const ways of Object.values(identities))
          for (const way of await ways(user)) pages.push({ ...using(way, options), at: at(ours, site.nginx) });
        for (const tab of await openAll(context, at(theirs, site.nginx), pages)) {
          assert.equal(await tab.errors.next(), names[0] === "polling" ? "xhr poll error" : "websocket error");
          assert.deepEqual([tab.connects.all, tab.internal.all], [[], []]);
        }
        assert.equal(await subscribers(user), 0);
        // The same visitor at home: that it did not work was not for want of a log-in.
        assert.deepEqual(site.webApp.asked.slice(before), []);
        await assertSubscribed(await Tab.open(context, at(ours, site.nginx), inConnect));
        assert.equal(site.webApp.asked.at(-1), cookie);
      });

    test(`${whose}, cannot read what polling answers`, async () => {
      const { context } = await visitor();
      const page = await context.newPage();
      await page.goto(`${at(theirs, site.nginx)}/elsewhere`);
      // What fetch() gives the page: text, or why not.
      const read = (url, options) => page.evaluate(([url, options]) =>
        fetch(url, options).then((r) => r.text().then((text) => `${r.type}: ${text}`), (error) => error.name),
      [url, options]);
      const polling = `${at(ours, site.nginx)}/socket.io/?EIO=4&transport=polling`;
      const body = `40/io/user/notifications,{"cookies":true}`;
      for (const credentials of ["include", "same-origin", "omit"]) {
        assert.equal(await read(polling, { credentials }), "TypeError", credentials);
        assert.equal(await read(`${polling}&sid=x`, { credentials, method: "POST", body }), "TypeError", credentials);
        assert.equal(await read(polling, { credentials, mode: "no-cors" }), "opaque: ", credentials);
      }
      await page.goto(`${at(ours, site.nginx)}/elsewhere`);
      assert.match(await read(polling, { credentials: "include" }), /^basic: 0{"sid":/);
    });

    test(`${whose}, reads answers as scripts, but they speak for nobody`, async () => {
      const { user, cookie, context } = await visitor();
      const page = await context.newPage();
      await page.goto(`${at(theirs, site.nginx)}/elsewhere`);
      const polling = `${at(ours, site.nginx)}/socket.io/?EIO=4&transport=polling`;
      // With cookies a POST is refused, if any travel; without, it is served.
      const tries = cookies ? ["include", "omit"] : ["include"];
      const answer = await page.evaluate(async ([polling, tries]) => {
        const jsonp = (url) => new Promise((resolve, reject) => {
          window.___eio = [resolve];
          const script = document.createElement("script");
          document.head.append(Object.assign(script, { src: `${url}&j=0`, onerror: reject }));
        });
        const { sid } = JSON.parse((await jsonp(polling)).slice(1));
        for (const credentials of tries) {
          const body = new URLSearchParams({ d: `40/io/user/notifications,{"cookies":true}` });
          await fetch(`${polling}&sid=${sid}&j=0`, { method: "POST", mode: "no-cors", credentials, body });
        }
        let heard = "";
        while (!heard.includes('"internal"')) heard += await jsonp(`${polling}&sid=${sid}`);
        return heard;
      }, [polling, tries]);
      assert.match(answer, /SUBSCRIBE_BY_COOKIES_ERROR/);
      assert.ok(!site.webApp.asked.includes(cookie));
      assert.equal(await subscribers(user), 0);
    });

    test(`${whose}, is served with --allow-origin of it`, async () => {
      const options = ["--subscribe-by-cookies-url", site.webApp.url, "--allow-origin", at(theirs, site.nginx)];
      const gateway = await Gateway.start(site.redisServer, ...options);
      const nginx = await Nginx.start(gateway, { webApp: site.webApp.port });
      try {
        const { user, cookie, context } = await visitor();
        for (const names of Object.values(transports))
          for (const [identity, ways] of Object.entries(identities)) {
            const options = { transports: names, withCredentials: true };
            const pages = (await ways(user)).map((way) => ({ ...using(way, options), at: at(ours, nginx) }));
            const tabs = await openAll(context, at(theirs, site.nginx), pages);
            const works = cookies || identity === "by uuid";
            for (const tab of tabs) {
              const { code } = await tab.internal.next();
              assert.equal(code, works ? "SUBSCRIPTION_OK" : "SUBSCRIBE_BY_COOKIES_ERROR", `${identity}, ${names}`);
            }
            if (works) await assertHeard(tabs, user, []);
            for (const tab of tabs) await tab.page.close();
          }
        assert.equal(site.webApp.asked.includes(cookie), cookies);
      } finally {
        await nginx.stop();
        await gateway.stop();
      }
    });
  }
});
