// SPDX-License-Identifier: MIT
//
// examples/browser/notify-client.js in a real browser, behind Nginx: how a page comes to be live, whom
// it is live as, and what it makes of what arrives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Browser } from "./support/browser.mjs";
import { ClientPage, assertStays, offerUuids, restartGateway, sessionsOf, uuidPath } from "./support/client_page.mjs";
import { Site } from "./support/site.mjs";

const session = ["--session-cookie", "sessionid", "--session-channel", "notifications.{session}"];
const site = Site.forThisFile({ nginx: true, gateway: session });
const browser = Browser.forThisFile(site);

const sessions = () => sessionsOf(site);

// A browser with a cookie that the web app doesn't know.
async function profileOfNobody() {
  const profile = await browser.profileOf("nobody");
  site.webApp.users.delete("sessionid=session-of-nobody");
  return profile;
}

test("by cookies: connecting, live, and each text once, in order, as it was published", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user), {});
  await tab.untilState("live");
  const sent = ["Hey", "Grüße 🎉", "שלום", '{"actor":"joe"}', "", " x ", "x".repeat(100_000)];
  for (let i = 0; i < 30; ++i) sent.push(`text ${i}`, "the same");
  for (const text of sent) await site.redis.publish(user, text);
  await tab.assertTexts(sent);
  assert.deepEqual(await tab.run("states"), [["connecting", ""], ["live", ""]]);
});

test("a notification that is too large is passed over, and the page stays live", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user), {});
  await tab.untilState("live");
  await site.redis.publish(user, "x".repeat(2 << 20));
  await site.redis.publish(user, "small");
  await tab.assertTexts(["small"]);
  assert.deepEqual(await tab.run("states"), [["connecting", ""], ["live", ""]]);
});

test("live is not said before the subscription is confirmed", async () => {
  const user = site.newUser();
  const held = [];
  site.webApp.behave = (_, response) => held.push(response);
  const tab = await ClientPage.open(browser, await browser.profileOf(user), {});
  await until(() => held.length > 0, "the question");
  assert.deepEqual(await tab.states, ["connecting"]);
  site.webApp.behave = null;
  held[0].end(JSON.stringify({ ok: true, userId: user }));
  await tab.untilState("live");
  assert.equal(await site.redis.publish(user, "Hey"), 1);
  await tab.assertTexts(["Hey"]);
});

for (const transports of [["polling"], ["websocket"]])
  test(`${transports} only`, async () => {
    const user = site.newUser();
    const tab = await ClientPage.open(browser, await browser.profileOf(user));
    const requests = [];
    tab.page.on("websocket", (socket) => requests.push(socket.url()));
    await tab.start({ socket: { transports } });
    await tab.untilState("live");
    for (let i = 0; i < 20; ++i) await site.redis.publish(user, `text ${i}`);
    await tab.assertTexts(Array.from({ length: 20 }, (_, i) => `text ${i}`));
    assert.equal(requests.length, transports[0] === "polling" ? 0 : 1);
  });

test("a uuid instead of cookies: of a URL, or of a function", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  const given = offerUuids(site);
  const asked = site.webApp.asked.length;
  for (const uuid of [`"${uuidPath}"`, `() => fetch("${uuidPath}").then((r) => r.json()).then((a) => a.uuid)`]) {
    const tab = await ClientPage.open(browser, profile, `{ cookies: false, uuid: ${uuid} }`);
    await tab.untilState("live");
    await site.redis.publish(user, "Hey");
    await tab.assertTexts(["Hey"]);
    await tab.close();
  }
  assert.equal(given.length, 2);
  assert.equal(site.webApp.asked.length, asked); // by cookies
});

test("the cookie path is off: a uuid on the same connection, and a fresh one for each", async () => {
  const cookiesOff = ["--subscribe-by-cookies-url", ""];
  const { port } = new URL(site.gateway.url);
  const restart = (signal, meanwhile) => restartGateway(site, cookiesOff, signal, meanwhile);
  await restart("SIGTERM");
  try {
    const user = site.newUser();
    const given = offerUuids(site);
    const tab = await ClientPage.open(browser, await browser.profileOf(user));
    const sockets = [];
    tab.page.on("websocket", (socket) => sockets.push(socket.url()));
    await tab.start({ uuid: uuidPath, socket: { transports: ["websocket"] } });
    await tab.untilState("live");
    assert.equal(sockets.length, 1);
    assert.equal(given.length, 1);
    for (const signal of ["SIGKILL", "SIGTERM"]) {
      await restart(signal, () => tab.untilState("offline"));
      await tab.untilState("live");
      await site.redis.publish(user, signal);
      await tab.assertTexts([signal]);
    }
    assert.equal(given.length, 3);
    assert.equal(new Set(given).size, 3);
    // On a slow machine several tries fail before the gateway is back, and each is told.
    const turns = (await tab.states).filter((state, i, all) => state !== "offline" || all[i - 1] !== "offline");
    assert.deepEqual(turns, ["connecting", "live", "offline", "live", "offline", "live"]);
  } finally {
    await restartGateway(site, session);
  }
  assert.equal(new URL(site.gateway.url).port, port);
});

test("a uuid that has been used already is no end: the next try has another", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  const given = offerUuids(site);
  const tab = await ClientPage.open(browser, profile, `{ cookies: false, uuid: (() => {
    let first = true;
    return async () => {
      if (first) return first = "", "0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11";
      return (await (await fetch("${uuidPath}")).json()).uuid;
    };
  })() }`);
  await tab.untilState("live");
  assert.equal(given.length, 1);
  assert.deepEqual(await tab.states, ["connecting", "offline", "live"]);
});

for (const [how, options] of Object.entries({ cookies: {}, uuid: { uuid: uuidPath }, session: { session: true } }))
  test(`nobody is logged in, by ${how}: said once, no hammering, and retry() after logging in`, async () => {
    const profile = await profileOfNobody();
    if (how === "session") await profile.clearCookies();
    offerUuids(site);
    const before = await sessions();
    const tab = await ClientPage.open(browser, profile, options);
    const detail = await tab.untilState("not logged in");
    assert.match(detail, /logged in|log in first/);
    await until(async () => (await sessions()) <= before, "no connection being left");
    const requests = [];
    tab.page.on("request", (request) => requests.push(request.url()));
    tab.page.on("websocket", (socket) => requests.push(socket.url()));
    await tab.run(`dispatchEvent(new Event("online"))`);
    await assertStays(() => requests.length, "requests of a page where nobody is logged in");
    assert.deepEqual(await tab.states, ["connecting", "not logged in"]);

    const user = site.newUser();
    const [name, value] = site.logIn(user).split("=");
    await profile.addCookies([{ name, value, url: site.nginx.url }]);
    await tab.run("client.retry()");
    await tab.untilState("live");
    if (how === "session") while ((await site.redis.command("PUBLISH", `notifications.${value}`, "Hey")) === 0);
    else await site.redis.publish(user, "Hey");
    await tab.assertTexts(["Hey"]);
    assert.deepEqual(await tab.states, ["connecting", "not logged in", "connecting", "live"]);
  });

test("a browser without any cookie is nobody's", async () => {
  const profile = await profileOfNobody();
  await profile.clearCookies();
  const tab = await ClientPage.open(browser, profile, {});
  await tab.untilState("not logged in");
});

test("the session mode: the messages of the web session, as texts", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  const tab = await ClientPage.open(browser, profile, { session: true });
  await tab.untilState("live");
  const publish = (text) => site.redis.command("PUBLISH", `notifications.session-of-${user}`, text);
  await until(async () => (await site.redis.subscribers(`notifications.session-of-${user}`)) === 1, "Redis");
  await site.redis.publish(user, "for the user, not for the session");
  const texts = ['{"verb":"greets"}', "plain", '{"mark_as_read":true}'];
  for (const text of texts) await publish(text);
  await tab.assertTexts(texts);
});

test("that cookies are refused may be said twice, and is one refusal", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await profileOfNobody());
  await tab.run(`
    answers = [];
    say = (type, code) => socket.listeners("internal").forEach((hear) => hear({ type, code, message: "again" }));
    const refuse = () => ["once", "twice"].forEach(() => say("error", "SUBSCRIBE_BY_COOKIES_ERROR"));
    const real = io;
    heard = 0;
    io = (...args) => (socket = real(...args)).on("connect", refuse).on("internal", () => ++heard);
    void start({ uuid: () => new Promise((resolve) => answers.push(resolve)) });
  `);
  await until(() => tab.run("answers.length > 0 && heard === 3"), "the question, and the gateway's own word");
  await tab.run(`answers[0]("${await site.redis.mint(user)}")`);
  await tab.untilState("live");
  assert.equal(await tab.run("answers.length"), 1);
  assert.deepEqual(await tab.states, ["connecting", "live"]);
});

test("options of the page's own that would break the connection do not", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user), { socket: { autoConnect: false } });
  await tab.untilState("live");
  await tab.run("client.close()");
  await tab.start({ url: `${site.nginx.url}/` }); // as people write the address of a site
  await tab.untilState("live");
  await site.redis.publish(user, "Hey");
  await tab.assertTexts(["Hey"]);
});

test("retry() of a live page asks again who it is", async () => {
  const [alice, bob] = [site.newUser(), site.newUser()];
  const profile = await browser.profileOf(alice);
  const tab = await ClientPage.open(browser, profile, {});
  await tab.untilState("live");
  const [name, value] = site.logIn(bob).split("=");
  await profile.addCookies([{ name, value, url: site.nginx.url }]);
  await tab.run("client.retry()");
  await tab.untilState("live");
  await site.redis.publish(alice, "to alice");
  await site.redis.publish(bob, "to bob");
  await tab.assertTexts(["to bob"]);
});

test("callbacks that throw reach window.onerror, and break nothing", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user), `{
    onNotification: (text) => { texts.push(text); throw new Error("no, " + text); },
    onState: (state) => { states.push([state]); throw new Error("no, " + state); },
    desktop: () => { throw new Error("no desktop"); },
  }`);
  await tab.untilState("live");
  for (const text of ["one", "two"]) await site.redis.publish(user, text);
  await tab.assertTexts(["one", "two"]);
  await until(async () => (await tab.run("errors.length")) >= 6, "the errors");
  const errors = (await tab.run("errors")).map((text) => text.replace("Uncaught Error: ", ""));
  assert.deepEqual(errors.sort(), [
    "no desktop", "no desktop", "no, connecting", "no, live", "no, one", "no, two"]);
});

test("HTML in a message stays text", async () => {
  const user = site.newUser();
  const tab = await ClientPage.open(browser, await browser.profileOf(user), `{
    onNotification: (text) => {
      texts.push(text);
      document.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: text }));
    },
  }`);
  await tab.untilState("live");
  const sent = ["<img src=x onerror=errors.push('ran')>", "</li><script>errors.push('ran')</script>", "&lt;b&gt;"];
  for (const text of sent) await site.redis.publish(user, text);
  await tab.assertTexts(sent);
  assert.deepEqual(await tab.page.locator("li").allTextContents(), sent);
  assert.equal(await tab.run("document.querySelectorAll('li *, img').length"), 0);
  assert.deepEqual(await tab.run("errors"), []);
});

test("close() during anything: no callback comes after it", async () => {
  const user = site.newUser();
  const profile = await browser.profileOf(user);
  const given = offerUuids(site);
  const before = await sessions();
  const tab = await ClientPage.open(browser, profile);
  await tab.run("start().close()"); // before its first try
  const transports = `socket: { transports: ["websocket"] }`; // polling can't be told before it is answered
  await tab.run(`start({ ${transports}, onState: (state) => { states.push([state]); client.close(); } })`);
  await until(async () => (await tab.run("states.length")) === 1, "the callback");
  await tab.run(`new Promise((closed) => start({ cookies: false, uuid: async () => {
    client.close();
    setTimeout(closed);
    return (await (await fetch("${uuidPath}")).json()).uuid;
  } }))`);
  assert.deepEqual(await tab.states, ["connecting", "connecting"]);
  await until(() => given.length === 1, "the uuid, which nobody waits for");
  await tab.run("start()");
  await tab.untilState("live");
  await tab.run("client.close(); client.close(); client.retry(); dispatchEvent(new Event('online'))");
  assert.equal(await tab.run("client.state"), "offline");
  await until(async () => (await sessions()) <= before, "the end of the connections");
  await site.redis.publish(user, "to nobody");
  await assertStays(async () => (await tab.states).length + (await tab.run("texts.length")), "the callbacks", 1500);
  assert.deepEqual(await tab.run("texts"), []);
  assert.deepEqual(await tab.run("errors"), []);
});

test("what is missing is said when the client is made", async () => {
  const tab = await ClientPage.open(browser, await profileOfNobody());
  const thrown = (script) => tab.run(`(() => { try { ${script} } catch (error) { return error.message; } })()`);
  assert.match(await thrown("start({ cookies: false })"), /set cookies, uuid or session/);
  await tab.run("delete window.io");
  assert.match(await thrown("start()"), /no global "io": put <script src="\/socket.io\/socket.io.min.js">/);
});
