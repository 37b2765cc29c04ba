// SPDX-License-Identifier: MIT
//
// A gateway that is full: its limits are those of the process, whichever shard is reached; whoever is in
// is served on, health is told, and everybody else is refused with an answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Wire } from "./strangers/support/wire.mjs";
import { until } from "./support/await.mjs";
import { counted, health } from "./support/counts.mjs";
import { Gateway } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();
const shards = ["--threads", 2];

// Runs the check with a gateway of two shards, on which connections that rest end soon.
const withShards = (options, check, rest = 100) => async () => {
  const gateway = await Gateway.start(site.redisServer, ...shards, "--idle-timeout", rest, ...options);
  try {
    await check(gateway);
  } finally {
    await gateway.stop();
  }
};

// Fills it with WebSockets: until as many as that are in, and one more is refused. A connection that has
// just been answered may take a place for a moment longer.
async function fill(gateway, most) {
  const members = [];
  const filled = async () => {
    const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
    if (ws.status === 101) members.push(ws);
    else ws.end();
    return ws.status !== 101 && members.length >= most;
  };
  await until(filled, "a full gateway");
  return members;
}

const asksPolling = (gateway) => request(`${gateway.url}${enginePath}polling`);

test("--max-connections counts all shards, also where each connection names another one's session",
  withShards(["--max-connections", 20], async (gateway) => {
    const held = [];
    for (let i = 0; i < 200; ++i) {
      const wire = new Wire(gateway.url);
      wire.send(`GET ${enginePath}polling&sid=A${"AB"[i % 2]}${"x".repeat(18)} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const { status, body } = await wire.answer();
      if (status === 400) held.push(wire);
      else assert.match(body, /^too_many_connections: /);
    }
    assert.ok(held.length <= 20, `${held.length} were held`);
    for (const wire of held) wire.socket.destroy();
  }, 60_000));

test("--max-sessions counts all shards, and sessions that need no connection", withShards(["--max-sessions", 10], async (gateway) => {
  const begun = [];
  for (let i = 0; i < 40; ++i) {
    const { status, body } = await asksPolling(gateway);
    if (status === 200) begun.push(JSON.parse(body.slice(1)).sid);
    else assert.equal(`${status} ${body.split(":")[0]}`, "503 too_many_sessions");
  }
  assert.equal(begun.length, 10);
  await counted(gateway, "refused", "too_many_sessions", 30);
  assert.equal((await health(gateway)).sessions, 10);
  // A session that ends makes room.
  await request(`${gateway.url}${enginePath}polling&sid=${begun[0]}`, { method: "POST", body: "1" });
  await until(async () => (await asksPolling(gateway)).status === 200, "room for another");
}));

test("--max-kept-headers bounds what is kept of the requests that begin sessions",
  withShards(["--max-kept-headers", 20_000], async (gateway) => {
    const begin = (headers) => request(`${gateway.url}${enginePath}polling`, { headers });
    const Cookie = `a=${"x".repeat(6000)}`;
    const answers = [];
    for (let i = 0; i < 6; ++i) answers.push(await begin({ Cookie }));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 503, 503, 503]);
    assert.match(answers[3].body, /^too_much_kept: /);
    assert.equal((await begin({})).status, 200); // of which nothing is kept
    await counted(gateway, "refused", "too_much_kept", 3);
  }));

test("a session over polling that nobody asks for again ends soon, and gives its room back",
  withShards(["--poll-timeout", 500, "--max-sessions", 2], async (gateway) => {
    const used = await Polling.open(gateway.url);
    await used.post(`40${namespace},`);
    const began = Date.now();
    assert.equal((await asksPolling(gateway)).status, 200);
    assert.equal((await asksPolling(gateway)).status, 503);
    await counted(gateway, "closed", "no_poll");
    assert.ok(Date.now() - began >= 450, `after ${Date.now() - began} ms`);
    assert.equal((await asksPolling(gateway)).status, 200);
    assert.match((await used.packets())[0], /^40/);
  }));

test("a full gateway tells that it lives, and refuses with an answer", withShards(["--max-connections", 4], async (gateway) => {
  const members = await fill(gateway, 4);
  for (let i = 0; i < 20; ++i) assert.equal((await request(`${gateway.url}/healthz`)).status, 200);
  const refused = await asksPolling(gateway);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.connection, "close");
  assert.match(refused.body, /^too_many_connections: /);

  const silent = new Wire(gateway.url); // is told so too, when its time is over
  const { status, body } = await silent.answer();
  assert.equal(`${status} ${body.split(":")[0]}`, "503 too_many_connections");

  members[0].end();
  await until(async () => (await asksPolling(gateway)).status === 200, "the room of who has gone");
  for (const ws of members) ws.end();
}));

test("a guest of a full gateway is served one request", withShards(["--max-connections", 4], async (gateway) => {
  const members = await fill(gateway, 4);
  const guest = new Wire(gateway.url);
  await guest.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2));
  const answers = await guest.ended();
  assert.deepEqual(answers.map(({ status, headers }) => [status, headers.connection]), [[200, "close"]]);
  for (const ws of members) ws.end();
}));

test("a full gateway takes 256 guests at a time, and the others wait", withShards(["--max-connections", 4], async (gateway) => {
  const members = await fill(gateway, 4);
  const silent = Array.from({ length: 500 }, () => new Wire(gateway.url));
  const told = Promise.all(silent.map((wire) => wire.answer()));
  let all = null;
  let most = 0;
  told.then((answers) => (all = answers), () => (all = []));
  while (!all) most = Math.max(most, (await health(gateway)).connections);
  assert.deepEqual([...new Set((await told).map(({ status }) => status))], [503]);
  assert.ok(most > 4 && most <= 4 + 256, `${most} connections`);
  for (const ws of members) ws.end();
}));

test("a crowd that comes to a full gateway is answered, each of it", withShards(["--max-connections", 4], async (gateway) => {
  const members = await fill(gateway, 4);
  const crowd = Array.from({ length: 1000 }, () => asksPolling(gateway));
  for (const { status, body } of await Promise.all(crowd))
    assert.equal(`${status} ${body.split(":")[0]}`, "503 too_many_connections");
  assert.equal((await request(`${gateway.url}/healthz`)).status, 200);
  for (const ws of members) ws.end();
}));

test("whoever polls is served on by a full gateway; an upgrade waits until there is room",
  withShards(["--max-connections", 6, "--max-sessions", 20], async (gateway) => { // 6 sessions would be full first
    const user = site.newUser();
    const polling = await Polling.open(gateway.url);
    await polling.post(`40${namespace},${JSON.stringify({ uuid: await site.redis.mint(user) })}`);
    const members = await fill(gateway, 6); // between its requests it has no connection
    while (!(await polling.packets()).some((packet) => packet.includes("SUBSCRIPTION_OK")));

    const upgrade = await RawWebSocket.open(polling.upgradeUrl);
    assert.equal(upgrade.status, 503);
    const waiting = polling.packets();
    await site.redis.publish(user, "Hey");
    assert.match((await waiting).join(), /"message":"Hey"/);

    members.pop().end();
    await until(async () => {
      const again = await RawWebSocket.open(polling.upgradeUrl);
      return again.status === 101 && again;
    }, "room for the upgrade");
    for (const ws of members) ws.end();
  }));

const roomy = ["--max-sessions", 40_000, "--max-kept-headers", 100_000_000];

test("the memory of a crowd that has gone is given back", withShards(roomy, async (gateway) => {
  if (gateway.sanitized) return; // whose malloc keeps what is freed
  const crowd = 30_000;
  const wire = new Wire(gateway.url);
  wire.socket.removeAllListeners("data");
  wire.socket.resume();
  const handshake = `GET ${enginePath}polling HTTP/1.1\r\nHost: x\r\nCookie: a=${"x".repeat(1500)}\r\n\r\n`;
  const before = gateway.rss;
  for (let i = 0; i < crowd; i += 1000) await wire.send(handshake.repeat(1000));
  await counted(gateway, "closed", "no_poll", crowd);
  assert.ok(gateway.peak - before > 40 * 1024, `it grew by ${gateway.peak - before} KiB`);
  const givenBack = () => gateway.rss - before < (gateway.peak - before) / 3;
  await until(givenBack, "most of it being given back");
}));
