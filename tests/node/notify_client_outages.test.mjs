// SPDX-License-Identifier: MIT
//
// examples/browser/notify-client.js when something is away: it says so, and is live again by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser } from "./support/browser.mjs";
import { ClientPage, assertStays, offerUuids, restartGateway, sessionsOf, uuidPath } from "./support/client_page.mjs";
import { RedisClient, channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const options = ["--session-cookie", "sessionid", "--session-channel", "notifications.{session}",
  "--subscribe-timeout", 300];
const site = Site.forThisFile({ nginx: true, gateway: options });
const browser = Browser.forThisFile(site);

const restart = (signal, meanwhile) => restartGateway(site, options, signal, meanwhile);

// Has a page keep the newest socket of the library's in `socket`.
const keepSocket = "{ const real = io; io = (...args) => socket = real(...args); }";

async function openLive(user, settings = {}) {
  const tab = await ClientPage.open(browser, await browser.profileOf(user), settings);
  await tab.untilState("live");
  return tab;
}

async function assertHears(tab, user) {
  await site.redis.publish(user, "Hey");
  await tab.assertTexts(["Hey"]);
}

async function returnRedis() {
  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
  const health = async () => (await fetch(`${site.gateway.url}/healthz`)).json();
  await until(async () => (await health()).redis === "up", "the gateway having found it");
}

for (const signal of ["SIGTERM", "SIGKILL"])
  test(`the gateway ends by ${signal} and comes back: so does the page, and calls back for each change`, async () => {
    const user = site.newUser();
    const tab = await openLive(user);
    await restart(signal, () => tab.untilState("offline"));
    await tab.untilState("live");
    await assertHears(tab, user);
    assert.deepEqual((await tab.states).filter((state, i, all) => state !== all[i - 1]),
      ["connecting", "live", "offline", "live"]);
    assert.match((await tab.details).find(Boolean), /the connection was lost: /);
  });

test("a gateway that is away from the beginning: offline, until it is there", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user));
  await restart("SIGKILL", async () => {
    await tab.start();
    assert.match(await tab.untilState("offline"), /cannot connect to the gateway: /);
  });
  await tab.untilState("live");
  await assertHears(tab, user);
});

test("a gateway that closes the namespace only is asked again too", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user));
  await tab.run(keepSocket);
  await tab.start();
  await tab.untilState("live");
  await tab.run("socket.ondisconnect()"); // the library's answer to a DISCONNECT packet
  assert.match(await tab.untilState("offline"), /io server disconnect/);
  await tab.untilState("live");
  await assertHears(tab, user);
});

for (const [how, settings] of Object.entries({ "no other way": {}, "a uuid that is away too": { uuid: uuidPath } }))
  test(`the web app is away, ${how}: offline and not "not logged in", then live by itself`, async () => {
    const user = site.newUser();
    site.webApp.behave = (_, response) => response.writeHead(500).end();
    site.webApp.answers.set(uuidPath, (_, response) => response.writeHead(502).end());
    const tab = await ClientPage.open(browser, await browser.profileOf(user), settings);
    const detail = await tab.untilState("offline");
    assert.match(detail, settings.uuid ? /no uuid: \/python\/uuidCookie\/ answered with status 502/ : /status 500/);
    const asked = site.webApp.asked.length;
    await until(() => site.webApp.asked.length > asked + 1, "more tries");
    assert.deepEqual(await tab.states, ["connecting", "offline"]); // and not for each try
    site.webApp.behave = null;
    await tab.untilState("live");
    await assertHears(tab, user);
  });

test("what is no JSON is not taken for a uuid", async () => {
  const user = site.newUser();
  site.webApp.answers.set(uuidPath, (_, response) => response.end("<!doctype html>"));
  const tab = await ClientPage.open(browser, await browser.profileOf(user), { cookies: false, uuid: uuidPath });
  assert.equal(await tab.untilState("offline"), "no uuid: /python/uuidCookie/ did not answer with JSON");
  offerUuids(site);
  await tab.untilState("live");
});

test("tries become rare: a few within the first seconds, none at the same moment", async () => {
  const user = site.newUser();
  const times = [];
  site.webApp.behave = (_, response) => {
    times.push(Date.now());
    response.writeHead(500).end();
  };
  try {
    const tab = await ClientPage.open(browser, await browser.profileOf(user));
    await tab.run(keepSocket);
    await tab.start();
    await until(() => times.length >= 4, "four tries");
    const pauses = times.slice(1).map((time, i) => time - times[i]);
    for (const [i, least] of [500, 1000, 2000].entries())
      assert.ok(pauses[i] >= least - 50, `pauses of ${pauses.join(", ")} ms`);
    // Whoever has a network again, looks at the page, or asks for it, need not wait.
    for (const script of [`dispatchEvent(new Event("online"))`,
      `document.dispatchEvent(new Event("visibilitychange"))`, "client.retry()"]) {
      await until(() => tab.run("!socket.active"), "the end of the last try");
      const [began, tries] = [Date.now(), times.length];
      await tab.run(script);
      await until(() => times.length > tries, "the next try");
      assert.ok(Date.now() - began < 2000, `${script}: after ${Date.now() - began} ms`);
    }
  } finally {
    site.webApp.behave = null;
  }
});

test("a connection that ends as soon as it is live was no success: tries become rare too", async () => {
  const user = site.newUser();
  await site.redisServer.process.stop("SIGKILL");
  try {
    const tab = await ClientPage.open(browser, await browser.profileOf(user), `{ session: true,
      onState: (state) => states.push([state, performance.now()]) }`);
    await until(async () => (await tab.states).filter((state) => state === "live").length >= 4, "four tries");
    const lives = await tab.run(`states.filter(([state]) => state === "live").map(([, at]) => at)`);
    assert.ok(lives[3] - lives[2] > 2000, `live at ${lives.join(", ")} ms`);
  } finally {
    await returnRedis();
  }
});

test("Redis restarted: a live page stays live, is told each time that it missed something, and hears", async () => {
  const user = site.newUser();
  const tab = await openLive(user);
  const again = "live again: what was sent while Redis was away did not arrive";
  for (const times of [1, 2]) {
    await site.redisServer.process.stop("SIGKILL");
    await returnRedis();
    const told = async () => (await tab.details).filter((detail) => detail === again).length;
    await until(async () => (await told()) === times, "being live again");
    await assertHears(tab, user);
  }
  // Redis has come back empty, so stored notifications may be missing as well.
  const gap = "notifications may be missing";
  assert.deepEqual(await tab.states, ["connecting", "live", "live", "live", "live", "live"]);
  assert.deepEqual(await tab.details, ["", "", again, gap, again, gap]);
});

for (const [how, settings] of Object.entries({ "by cookies": {}, "in session mode": { session: true } }))
  test(`Redis is away when a page comes, ${how}: it is served when Redis is back`, async () => {
    const user = site.newUser();
    await site.redisServer.process.stop("SIGKILL");
    const tab = await ClientPage.open(browser, await browser.profileOf(user), settings);
    assert.notEqual(await tab.untilState("offline"), "");
    await returnRedis();
    const channel = settings.session ? `notifications.session-of-${user}` : channelOf(user);
    await until(async () => (await site.redis.subscribers(channel)) === 1, "the subscription");
    await tab.untilState("live");
    await site.redis.command("PUBLISH", channel, "Hey");
    await tab.assertTexts(["Hey"]);
    assert.equal((await tab.states).includes("not logged in"), false);
  });

test("a browser that loses its network, and has it again", async () => {
  const user = site.newUser();
  const tab = await openLive(user);
  await tab.page.context().setOffline(true);
  await tab.untilState("offline");
  await until(async () => (await sessionsOf(site)) === 0, "the end of the connection");
  await site.redis.publish(user, "to nobody");
  await tab.page.context().setOffline(false);
  await tab.untilState("live");
  await assertHears(tab, user);
});

test("a computer that slept: what was silent for too long is replaced when somebody looks again", async () => {
  const user = site.newUser();
  const tab = await openLive(user);
  const look = `document.dispatchEvent(new Event("visibilitychange"))`;
  await tab.run(look);
  assert.equal(await tab.run("client.state"), "live");
  await tab.run(`const now = Date.now; Date.now = () => now() + 46_000; ${look}`);
  await until(async () => (await tab.states).length >= 4, "being live again");
  assert.deepEqual(await tab.states, ["connecting", "live", "offline", "live"]);
  await until(async () => (await sessionsOf(site)) === 1, "the old one's end");
  await assertHears(tab, user);
});

// The processes in which pages run.
async function renderersOf(tab) {
  const devtools = await tab.page.context().browser().newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

test("a tab that slept for longer than its connection lives comes back", async () => {
  const user = site.newUser();
  await restartGateway(site, [...options, "--ping-interval", 300, "--ping-timeout", 300]);
  try {
    const tab = await openLive(user);
    const renderers = await renderersOf(tab);
    for (const pid of renderers) process.kill(pid, "SIGSTOP");
    try {
      await until(async () => (await sessionsOf(site)) === 0, "the end of the connection");
    } finally {
      for (const pid of renderers) process.kill(pid, "SIGCONT");
    }
    await until(async () => (await tab.states).length >= 4, "being live again");
    await tab.untilState("live");
    await assertHears(tab, user);
  } finally {
    await restart("SIGTERM");
  }
});

test("answers that come late, for a connection that was given up, are nobody's", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  offerUuids(site);
  const tab = await ClientPage.open(browser, profile, `{ cookies: false, uuid: () => new Promise((answer) => {
    (window.answers = window.answers || []).push(answer);
  }) }`);
  await until(() => tab.run("!!window.answers"), "the first question");
  await tab.run("client.retry()");
  await until(() => tab.run("answers.length === 2"), "the second question");
  await tab.run("answers[0](null)"); // nobody was logged in then
  const uuid = await site.redis.mint(user);
  await tab.run(`answers[1]("${uuid}")`);
  await tab.untilState("live");
  assert.deepEqual(await tab.states, ["connecting", "live"]);
  await assertHears(tab, user);
  await assertStays(() => tab.run("states.length"), "the state", 1000);
});
