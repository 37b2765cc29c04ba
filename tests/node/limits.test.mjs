// SPDX-License-Identifier: MIT
//
// Each limit, at the limit and one past it: what is past it is refused by name and counted under that
// name, and whoever keeps to it is served on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Wire } from "./strangers/support/wire.mjs";
import { pause, until } from "./support/await.mjs";
import { counted, inTheLog, least, withGateway } from "./support/counts.mjs";
import { NonsenseRedis } from "./support/nonsense_redis.mjs";
import { Gateway } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Client, Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();

// A gateway of its own with one limit, and what it is asked to hold to.
const limited = (options, check) => () => withGateway(site, options, check);

const x = (count) => "x".repeat(count);
const webSocket = (gateway, headers) => RawWebSocket.open(`${gateway.url}${enginePath}websocket`, headers);

// A session over WebSocket that has joined the namespace.
async function joined(gateway) {
  const ws = await webSocket(gateway);
  await ws.text();
  await join(ws);
  return ws;
}

async function join(ws, ns = namespace) {
  ws.send(ns === "/" ? "40" : `40${ns},`);
  assert.match(await ws.text(), /^40/);
}

// The session is still served: whoever asks with a wrong uuid is told so.
async function assertServed(ws) {
  ws.send(`42${namespace},["subscribe-to-notifications",{"uuid":"unknown"}]`);
  assert.match(await ws.text(), /USERID_IS_NULL/);
}

describe("sizes:", () => {
  // A packet of so many bytes, and the message of so many.
  const packet = (size, frame = `42${namespace},["",""]`) => frame.replace('""]', `"${x(size - frame.length)}"]`);

  test("--max-payload, of a polling body", limited(["--max-payload", 2000], async (gateway) => {
    const polling = await Polling.open(gateway.url);
    assert.equal(polling.handshake.maxPayload, 2000);
    await polling.post(`40${namespace},`);
    assert.equal((await polling.post(packet(2000))).status, 200);
    const { status, body } = await polling.post(packet(2001));
    assert.equal(status, 413);
    assert.match(body, /^body_too_large: /);
    await counted(gateway, "refused", "body_too_large");
    await inTheLog(gateway, "body_too_large");
  }));

  test("--max-payload, of a message over WebSocket", limited(["--max-payload", 2000], async (gateway) => {
    const ws = await joined(gateway);
    ws.send(packet(2000));
    await assertServed(ws);
    ws.send(packet(2001));
    assert.equal(await ws.closeCode(), 1009);
    await counted(gateway, "closed", "too_large");
    await inTheLog(gateway, "too_large");
  }));
});

describe("numbers:", () => {
  // What fetch() keeps open counts too, so such connections rest no longer than this.
  const noRest = ["--idle-timeout", 100];

  test("--max-connections", limited(["--max-connections", 4, ...noRest], async (gateway) => {
    const health = async () => JSON.parse((await request(`${gateway.url}/healthz`)).body);
    const members = [];
    const joinSoon = async () => {
      const ws = await webSocket(gateway);
      if (ws.status !== 101) return false; // what asked before has not ended yet
      await ws.text();
      await join(ws);
      return members.push(ws);
    };
    while (members.length < 4) await until(joinSoon, "room");
    for (let i = 0; i < 2; ++i) {
      const { status, body } = await request(`${gateway.url}${enginePath}polling`);
      assert.equal(status, 503);
      assert.match(body, /^too_many_connections: /);
    }
    for (const ws of members) await assertServed(ws);
    members[0].end();
    const counts = () => health().then((h) => h.refused.too_many_connections >= 2, () => false);
    await until(counts, "the room of the first, and the count");
    await inTheLog(gateway, "too_many_connections");
  }));

  test("--max-connections-per-user", limited(["--max-connections-per-user", 2], async (gateway) => {
    const user = site.newUser();
    const cookie = site.logIn(user);
    const tabs = [await site.follow(user, {}, gateway.url), await site.follow(user, {}, gateway.url)];
    const third = await site.connect({ extraHeaders: { Cookie: cookie } }, gateway.url);
    const answer = await third.byCookies();
    assert.equal(answer.code, "SUBSCRIBE_BY_COOKIES_ERROR");
    assert.match(answer.message, /too many connections/);
    assert.equal((await third.byUuid(await site.redis.mint(user))).code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
    await counted(gateway, "not_subscribed", "too_many_connections", 2);
    await inTheLog(gateway, "too_many_connections");

    await site.follow(site.newUser(), {}, gateway.url); // others have their own
    tabs[0].socket.disconnect();
    await until(async () => (await third.byCookies()).code === "SUBSCRIPTION_OK", "the room of the first");
    await site.redis.publish(user, "Hey");
    for (const tab of [tabs[1], third]) assert.equal(await tab.notifications.next(), "Hey");
    assert.deepEqual(tabs[0].notifications.all, []);
  }));

  const sessionMode = ["--session-cookie", "sessionid", "--session-channel", "notifications.{session}"];
  for (const most of [1, 2])
    test(`--max-namespaces ${most}`, limited(["--max-namespaces", most, ...sessionMode], async (gateway) => {
      const ws = await webSocket(gateway, { Cookie: "sessionid=abc" });
      await ws.text();
      await join(ws);
      if (most === 2) {
        await join(ws, "/");
        return assertServed(ws);
      }
      ws.send("40");
      await ws.ended();
      await counted(gateway, "closed", "too_many");
      await inTheLog(gateway, "too_many");
    }));
});

describe("times:", () => {
  // Both are begun at once: the slow one ends with its answer, and not before its time.
  const late = async (gateway, begun, rest, name) => {
    const [inTime, slow] = [new Wire(gateway.url), new Wire(gateway.url)];
    await Promise.all([inTime.connected, slow.connected]);
    const began = Date.now();
    inTime.send(begun);
    slow.send(begun);
    await pause(100);
    inTime.send(rest);
    assert.equal((await inTime.answer()).status, 200);
    const { status, body } = await slow.answer();
    assert.equal(status, 408);
    assert.match(body, new RegExp(`^${name}: `));
    assert.ok(Date.now() - began >= least, `after ${Date.now() - began} ms`);
    await slow.ended();
    await counted(gateway, "refused", name);
    await inTheLog(gateway, name);
  };

  test("--head-timeout", limited(["--head-timeout", 1000], (gateway) =>
    late(gateway, "GET /healthz HTTP/1.1\r\n", "Host: x\r\n\r\n", "head_timeout")));

  test("--body-timeout", limited(["--body-timeout", 1000], async (gateway) => {
    const post = async () => {
      const { sid } = await Polling.open(gateway.url);
      return `POST ${enginePath}polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n4`;
    };
    const [inTime, slow] = [new Wire(gateway.url), new Wire(gateway.url)];
    inTime.send(await post());
    slow.send(await post());
    const began = Date.now();
    await pause(100);
    inTime.send("x");
    assert.equal((await inTime.answer()).status, 200);
    const { status, body } = await slow.answer();
    assert.equal(status, 408);
    assert.match(body, /^body_timeout: /);
    assert.ok(Date.now() - began >= least, `after ${Date.now() - began} ms`);
    await counted(gateway, "refused", "body_timeout");
    await inTheLog(gateway, "body_timeout");
  }));

  test("--idle-timeout", limited(["--idle-timeout", 1000], async (gateway) => {
    const wire = new Wire(gateway.url);
    for (const count of [1, 2]) {
      await wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
      assert.equal((await wire.answers(count)).length, count);
      await pause(100);
    }
    const began = Date.now();
    assert.equal((await wire.ended()).length, 2); // without a word: nothing was asked
    assert.ok(Date.now() - began >= least - 100, `after ${Date.now() - began} ms`);
  }));

  test("--connect-timeout", limited(["--connect-timeout", 1000], async (gateway) => {
    const member = await joined(gateway);
    const began = Date.now();
    const nobody = await webSocket(gateway);
    await nobody.text();
    assert.equal(await nobody.closeCode(), 1008);
    assert.ok(Date.now() - began >= least, `after ${Date.now() - began} ms`);
    await counted(gateway, "closed", "no_connect");
    await inTheLog(gateway, "no_connect");
    await assertServed(member); // who came before
  }));

  test("--upgrade-timeout", limited(["--upgrade-timeout", 1000], async (gateway) => {
    const polling = await Polling.open(gateway.url);
    const began = Date.now();
    const probe = await RawWebSocket.open(polling.upgradeUrl);
    probe.send("2probe");
    assert.equal(await probe.text(), "3probe");
    await probe.ended();
    assert.ok(Date.now() - began >= least, `after ${Date.now() - began} ms`);
    assert.equal((await polling.post(`40${namespace},`)).status, 200); // the session goes on
    await counted(gateway, "refused", "upgrade_timeout");
    await inTheLog(gateway, "upgrade_timeout");
  }));

  test("--user-timeout", limited(["--user-timeout", 1000], async (gateway) => {
    const user = site.newUser();
    const member = await site.follow(user, {}, gateway.url);
    const began = Date.now();
    const nobody = await joined(gateway);
    await assertServed(nobody); // a refusal is no user
    await nobody.ended();
    assert.ok(Date.now() - began >= least, `after ${Date.now() - began} ms`);
    await counted(gateway, "closed", "no_user");
    await inTheLog(gateway, "no_user");
    assert.deepEqual(await site.flush(member, user), []);
  }));

  test("--ping-interval and --ping-timeout", limited(["--ping-interval", 300, "--ping-timeout", 700], async (gateway) => {
    const silent = await webSocket(gateway);
    const { pingInterval, pingTimeout } = JSON.parse((await silent.text()).slice(1));
    assert.deepEqual([pingInterval, pingTimeout], [300, 700]);
    const began = Date.now();
    const client = await new Client(gateway.url).connected; // answers each
    assert.equal(await silent.text(), "2");
    await silent.ended();
    // The first ping comes early, by half of an interval at most.
    assert.ok(Date.now() - began >= least - 150, `after ${Date.now() - began} ms`);
    await counted(gateway, "closed", "ping_timeout");
    assert.equal(client.socket.connected, true);
    client.socket.disconnect();
  }));
});

describe("the web app's and Redis' time:", () => {
  const browser = (gateway, name = "x") =>
    site.connect({ extraHeaders: { Cookie: `sessionid=${name}` } }, gateway.url);
  // While the web app answers nothing but this, if anything; the number of those who wait is told.
  const whileSilent = async (check) => {
    const waiting = [];
    site.webApp.behave = (request, response) => waiting.push(response);
    try {
      await check(waiting);
    } finally {
      site.webApp.behave = null;
      for (const response of waiting) response.end("{}");
    }
  };

  test("--web-app-timeout", limited(["--web-app-timeout", 1000], (gateway) => whileSilent(async () => {
    const client = await browser(gateway);
    const began = Date.now();
    assert.equal((await client.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");
    const took = Date.now() - began;
    assert.ok(took >= least && took < 4500, `after ${took} ms`);
    await counted(gateway, "not_subscribed", "cookies_refused");
    await inTheLog(gateway, "cookies_refused");
  })));

  test("--web-app-requests and --web-app-wait",
    limited(["--web-app-requests", 2, "--web-app-wait", 1000], (gateway) => whileSilent(async (waiting) => {
      const clients = [];
      for (let i = 0; i < 4; ++i) clients.push(await browser(gateway, `waiting-${i}`));
      const answers = clients.map((client) => client.byCookies());
      await until(() => waiting.length === 2, "two requests");
      for (const answer of answers.slice(2)) assert.equal((await answer).code, "SUBSCRIBE_BY_COOKIES_ERROR");
      assert.equal(waiting.length, 2);
      waiting[0].end('{"ok":true,"userId":"first"}');
      assert.equal((await answers[0]).code, "SUBSCRIPTION_OK");
      waiting[1].end('{"ok":true,"userId":"second"}');
      assert.equal((await answers[1]).code, "SUBSCRIPTION_OK");
    })));

  test("--subscribe-timeout", async () => {
    const front = await NonsenseRedis.start(site.redisServer);
    const gateway = await Gateway.start(front, "--threads", 1, "--subscribe-timeout", 1000);
    try {
      const client = await site.connect({}, gateway.url);
      const uuid = await site.redis.mint(site.newUser());
      front.change = (bytes, link) => (link.kind === "messages" ? null : bytes);
      const began = Date.now();
      const { code, message } = await client.byUuid(uuid);
      assert.equal(code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
      assert.match(message, /did not confirm/);
      const took = Date.now() - began;
      assert.ok(took >= least && took < 1900, `after ${took} ms`);
      await counted(gateway, "not_subscribed", "not_confirmed");
      await inTheLog(gateway, "not_confirmed");
    } finally {
      site.closeClients();
      await gateway.stop();
      await front.stop();
    }
  });
});
