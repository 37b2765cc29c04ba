// SPDX-License-Identifier: MIT
//
// Many ask who they are at once, with what is not theirs, with cookies that would be more than
// cookies, while the web app is slow: each gets an answer of his own, and nobody another's.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { soon, until } from "./support/await.mjs";
import { enginePath, request } from "./support/raw.mjs";
import { RawWebApp, loggedIn } from "./support/raw_web_app.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site, namespace } from "./support/site.mjs";

const threads = 4;
const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--threads", threads] });
const honest = (socket, head, cookie) => socket.write(loggedIn(cookie));
const browser = (cookie, options = {}) => site.connect({ extraHeaders: { Cookie: cookie }, ...options });
const many = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));
const codes = (clients) => Promise.all(clients.map(async (c) => (await c.internal.next()).code));

// Resolves when the gateway has dealt with all that the client sent before: it takes the packets of
// a connection one after the other, and refuses a namespace that there is not.
function dealtWith(client) {
  const socket = client.socket.io.socket("/no-such-namespace");
  return soon(new Promise((resolve) => socket.once("connect_error", resolve)), "the refusal");
}

describe("a uuidCookie that 50 connections race for", () => {
  for (const transport of ["websocket", "polling"])
    test(`is one's, and so are the messages, ${transport}`, async () => {
      for (let round = 0; round < 3; ++round) {
        const user = site.newUser();
        const auth = { uuid: await site.redis.mint(user) };
        const clients = await many(50, () => site.connect({ auth, transports: [transport] }));
        const got = await codes(clients);
        assert.deepEqual(got.filter((c) => c !== "USERID_IS_NULL"), ["SUBSCRIPTION_OK"]);
        const winner = clients[got.indexOf("SUBSCRIPTION_OK")];
        assert.equal(await site.redis.subscribers(channelOf(user)), 1);
        assert.equal(await site.redis.publish(user, "Hey"), 1);
        assert.equal(await winner.notifications.next(), "Hey");
        await Promise.all(clients.map(dealtWith));
        for (const c of clients) assert.equal(c.notifications.all.length, c === winner ? 1 : 0);
        site.closeClients();
      }
    });

  test("is one's too if it is asked for again and again by all of them", async () => {
    const user = site.newUser();
    const clients = await many(50, () => site.connect());
    const uuid = await site.redis.mint(user);
    for (let i = 0; i < 5; ++i)
      for (const c of clients) c.socket.emit("subscribe-to-notifications", { uuid });
    await Promise.all(clients.map(dealtWith));
    const subscribed = () => clients.flatMap((c) => c.internal.all).filter((e) => e.code === "SUBSCRIPTION_OK");
    await until(() => clients.every((c) => c.internal.all.length > 0) && subscribed().length > 0, "the answers");
    assert.equal(await site.redis.publish(user, "Hey"), 1);
    await until(() => clients.some((c) => c.notifications.all.length > 0), "the message");
    await Promise.all(clients.map(dealtWith));
    assert.equal(clients.filter((c) => c.notifications.all.length > 0).length, 1);
  });
});

test("many different browsers at once, each is its own user", async () => {
  site.webApp.behave = (socket, head, cookie) => setTimeout(() => honest(socket, head, cookie), Math.random() * 50);
  const users = await many(100, () => site.newUser());
  const clients = await Promise.all(users.map((user) => browser(`user=${user}`, { auth: { cookies: true } })));
  assert.deepEqual(new Set(await codes(clients)), new Set(["SUBSCRIPTION_OK"]));
  for (const user of users) await site.redis.publish(user, `for ${user}`);
  for (const [i, user] of users.entries())
    assert.deepEqual(await clients[i].notifications.next(), `for ${user}`);
  await Promise.all(clients.map(dealtWith));
  for (const c of clients) assert.equal(c.notifications.all.length, 1);
});

test("200 who ask at once share a few connections, which are kept", async () => {
  const app = site.webApp;
  const holding = [];
  app.behave = (socket, head, cookie) => holding.push(() => honest(socket, head, cookie));
  app.hangUp();
  await until(() => app.open === 0, "the pool being empty");
  app.connects = app.mostOpen = 0;
  const asked = app.heads.length;
  const clients = await many(200, () => browser(`user=${site.newUser()}`));
  for (const c of clients) c.socket.emit("subscribe-to-notifications-by-cookies");
  await Promise.all(clients.map(dealtWith)); // all 200 have asked, and nobody is answered
  await until(() => holding.length > 0 && holding.length === app.open, "the web app being asked");
  assert.ok(app.open <= 16 * threads, `${app.open} connections`);
  app.behave = honest;
  holding.forEach((answerNow) => answerNow());
  assert.deepEqual(new Set(await codes(clients)), new Set(["SUBSCRIPTION_OK"]));
  assert.equal(app.heads.length - asked, 200);
  assert.ok(app.mostOpen <= 16 * threads, `${app.mostOpen} connections`);
  assert.ok(app.connects <= app.mostOpen, `${app.connects} connects for 200 requests`);
});

test("kept connections that the web app has closed cost nobody his answer", async () => {
  site.webApp.behave = honest;
  for (let round = 0; round < 5; ++round) {
    const clients = await many(20, () => browser(`user=${site.newUser()}`));
    const answers = clients.map((c) => c.byCookies());
    for (const { code } of await Promise.all(answers)) assert.equal(code, "SUBSCRIPTION_OK");
    site.webApp.hangUp();
  }
});

test("a tab that leaves while the web app thinks is subscribed to nothing", async () => {
  const thinking = [];
  site.webApp.behave = (socket, head, cookie) => thinking.push(() => honest(socket, head, cookie));
  const [leaves, stays] = [site.newUser(), site.newUser()];
  const [leaving, staying] = [await browser(`user=${leaves}`), await browser(`user=${stays}`)];
  for (const c of [leaving, staying]) c.socket.emit("subscribe-to-notifications-by-cookies");
  await until(() => thinking.length === 2, "both being asked about");
  leaving.socket.disconnect();
  const here = async () => (await (await fetch(`${site.gateway.url}/healthz`)).json()).sessions;
  await until(async () => (await here()) === 1, "the gateway seeing it leave");
  thinking.forEach((answerNow) => answerNow());
  assert.equal((await staying.internal.next()).code, "SUBSCRIPTION_OK");
  await dealtWith(staying);
  assert.deepEqual(await site.redis.command("PUBSUB", "CHANNELS", channelOf(leaves)), []);
});

// Sends a head as it is; resolves to what comes back first, or "" for the end.
async function sendRaw(head) {
  const { hostname, port } = new URL(site.gateway.url);
  const socket = connect(Number(port), hostname);
  const first = new Promise((resolve) => {
    socket.once("data", (data) => resolve(data.toString("latin1")));
    socket.once("close", () => resolve("")).once("error", () => resolve(""));
  });
  socket.write(head, "latin1");
  return soon(first, "the answer").finally(() => socket.destroy());
}

describe("a Cookie header with", () => {
  const injected = "X-Injected: yes";
  // Of a browser that sends nothing but cookies: no header is there that it did not send, such as a
  // User-Agent, but for what the gateway knows of the connection.
  const asked = ["accept", "cookie", "host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
  const cookies = {
    "a folded line": `user=a\r\n ${injected}`,
    "a line folded by a tab": `user=a\r\n\t${injected}`,
    "a folded line of its own": `user=a\r\n \r\n ${injected}`,
    "a bare CR": `user=a\r${injected}`,
    "a bare LF": `user=a\n${injected}`,
    "LF CR": `user=a\n\r${injected}`,
    "CR CR LF": `user=a\r\r\n ${injected}`,
    "NUL": `user=a\0${injected}`,
    "a vertical tab": `user=a\v${injected}`,
    "DEL": `user=a\x7f${injected}`,
    "a line separator beyond ASCII": `user=a\x85${injected}`,
    "half of a UTF-8 character": `user=a\xe5\x98${injected}`,
    "an escaped CR LF": `user=a%0d%0a${injected}`,
    "the end of a request": `user=a\r\n \r\n\r\nGET /injected HTTP/1.1\r\nHost: x\r\n\r\n`,
  };
  for (const [what, cookie] of Object.entries(cookies))
    test(`${what} adds no header to the request that the web app gets`, async () => {
      site.webApp.behave = honest;
      const before = site.webApp.heads.length;
      const opened = await sendRaw(
        `GET ${enginePath}polling HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`);
      if (opened.startsWith("HTTP/1.1 200")) await askByPolling(opened.match(/"sid":"([^"]+)"/)[1]);
      else assert.match(opened, /^(HTTP\/1.1 4\d\d|$)/);
      for (const head of site.webApp.heads.slice(before)) {
        const names = head.split(/[\r\n]+/).slice(1).map((line) => line.split(":")[0].toLowerCase());
        assert.deepEqual(names.sort(), asked, JSON.stringify(head));
        assert.match(head, /^GET \/python\/currentUserId\/ HTTP\/1.1\r\n/);
      }
      // And it is in its right mind: the next one who asks gets his own answer.
      const user = site.newUser();
      assert.equal((await (await browser(`user=${user}`)).byCookies()).code, "SUBSCRIPTION_OK");
      assert.ok(site.webApp.heads.at(-1).split("\r\n").includes(`Cookie: user=${user}`));
    });

  // Asks by cookies on a polling session, whose cookies are those of its handshake.
  async function askByPolling(sid) {
    const url = `${site.gateway.url}${enginePath}polling&sid=${sid}`;
    await request(url, { method: "POST", body: `40${namespace},{"cookies":true}` });
    for (let body = ""; !body.includes('"internal"'); ) {
      const got = await request(url);
      assert.equal(got.status, 200);
      body = got.body;
    }
    await request(url, { method: "POST", body: "1" });
  }
});
