// SPDX-License-Identifier: MIT
//
// A real Redis that is killed, frozen, locked, loading, read-only or out of patience: each costs a
// reconnect. Clients stay; what is still wanted is subscribed to again, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Gateway, Redis } from "./support/processes.mjs";
import { RedisClient, channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 2] });
const health = async (gateway = site.gateway) => (await fetch(`${gateway.url}/healthz`)).json();
const up = (gateway) => until(async () => (await health(gateway)).redis === "up", "the gateway being back");
const down = (gateway) => until(async () => (await health(gateway)).redis === "down", "the loss being seen");
const failed = "USER_ID_RETRIEVAL_RETURNED_ERROR";

// The client's subscription works, and nobody had to ask for it again.
async function assertServed(client, user, redis = site.redis) {
  const mark = `mark ${Math.random()}`;
  await until(async () => {
    await redis.publish(user, mark);
    return client.notifications.all.includes(mark);
  }, "a message");
  assert.equal(client.socket.connected, true);
  assert.deepEqual(client.disconnects.all, []);
  assert.equal(client.answers.length, 1);
}

// Others are served too; each shard's commands find Redis by themselves.
async function assertTakesNew(redis = site.redis, gateway = site.gateway) {
  for (let i = 0; i < 4; ++i) {
    const client = await site.connect({}, gateway.url);
    const trial = async () => (await client.byUuid(await redis.mint(site.newUser()))).code;
    await until(async () => (await trial()) === "SUBSCRIPTION_OK", "a new subscription");
  }
}

async function relaunch() {
  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
  await up(); // all connections of all shards: each finds its own way
}

test("frozen: who asks is told within 2 seconds; when it thaws all is as before", async () => {
  const user = site.newUser();
  const client = await site.follow(user);
  const known = await Promise.all(
    Array.from({ length: 5 }, () => site.connect({ extraHeaders: { Cookie: site.logIn(site.newUser()) } })));
  const fresh = await Promise.all(Array.from({ length: 5 }, () => site.connect()));
  const wanted = fresh.map(() => site.newUser());
  const uuids = await Promise.all(wanted.map((who) => site.redis.mint(who)));
  const { child } = site.redisServer.process;
  child.kill("SIGSTOP");
  try {
    const began = Date.now();
    const byUuid = fresh.map((c, i) => c.byUuid(uuids[i]));
    const byCookies = known.map((c) => c.byCookies());
    for (const { code } of await Promise.all(byUuid)) assert.equal(code, failed);
    for (const { code } of await Promise.all(byCookies)) assert.equal(code, "SUBSCRIBE_BY_COOKIES_ERROR");
    assert.ok(Date.now() - began < 3000, `told after ${Date.now() - began} ms`);
    await down();
    assert.equal(client.socket.connected, true);
  } finally {
    child.kill("SIGCONT");
  }
  await up();
  await assertServed(client, user);
  await assertTakesNew();
  for (const who of wanted)
    await until(async () => (await site.redis.subscribers(channelOf(who))) === 0, `${who} not being subscribed`);
  for (const c of [...fresh, ...known]) assert.equal(c.internal.all.length, 1); // told once
});

test("killed: a tab that leaves meanwhile, or did just before, is not subscribed again", async () => {
  const users = Array.from({ length: 6 }, () => site.newUser());
  const clients = [];
  for (const user of users) clients.push(await site.follow(user));
  const [stays, leavesBefore, leaves, dies, changes, alsoStays] = clients;
  const sessions = (count) => until(async () => (await health()).sessions === count, `${count} sessions`);
  await sessions(6);
  leavesBefore.socket.disconnect();
  await sessions(5);
  await site.redisServer.process.stop("SIGKILL");
  await down();
  leaves.socket.disconnect();
  dies.socket.io.engine.transport.ws.terminate();
  const late = await site.connect({ extraHeaders: { Cookie: site.logIn("never") } });
  await late.byCookies();
  changes.socket.disconnect();
  await sessions(3);
  await relaunch();
  await assertServed(stays, users[0]);
  await assertServed(alsoStays, users[5]);
  const subscribed = await site.redis.channels();
  assert.deepEqual(subscribed.sort(), [users[0], users[5]].map(channelOf).sort());
});

test("its connections killed one by one: one reconnect each", async () => {
  const user = site.newUser();
  const client = await site.follow(user);
  const ids = async () => (await site.redis.command("CLIENT", "LIST"))
    .split("\n").filter((line) => /name=notify-gateway-/.test(line))
    .map((line) => [line.match(/id=(\d+)/)[1], line.match(/name=(\S+)/)[1]]);
  const names = (list) => list.map(([, name]) => name).sort();
  await until(async () => (await ids()).length === 4, "two connections of each of two shards");
  const first = await ids();
  for (const [id] of first) {
    await site.redis.command("CLIENT", "KILL", "ID", id);
    const others = async () => (await ids()).filter(([other]) => other !== id);
    await until(async () => (await others()).length === 4, "the connection being back");
    assert.deepEqual(names(await ids()), names(first));
  }
  const last = await ids();
  assert.ok(last.every(([id]) => !first.some(([old]) => old === id)));
  await assertServed(client, user);
  await assertTakesNew();
  assert.deepEqual(await ids(), last); // no more than these
});

test("out of patience with a large message: that one is lost, and nothing else", async () => {
  const user = site.newUser();
  const client = await site.follow(user);
  await site.redis.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1 0 0");
  for (let round = 0; round < 3; ++round) {
    await site.redis.publish(user, "x".repeat(1 << 20));
    await assertServed(client, user);
  }
  await site.redis.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60");
  await site.redis.publish(user, "y".repeat(1 << 20));
  await until(() => client.notifications.all.at(-1) === "y".repeat(1 << 20), "the large message");
});

test("read-only: uuids cannot be used, health and the log say so; clients stay, and all comes back", async () => {
  const user = site.newUser();
  const client = await site.follow(user);
  const uuid = await site.redis.mint(user);
  await up();
  await site.redis.command("REPLICAOF", "127.0.0.1", 1); // of nobody
  const other = await site.connect();
  assert.equal((await other.byUuid(uuid)).code, failed);
  await down();
  await site.gateway.process.untilSaid(/is a replica, which can be read only: name its master instead/);
  await site.redis.command("REPLICAOF", "NO", "ONE");
  await up();
  assert.equal((await other.byUuid(uuid)).code, "SUBSCRIPTION_OK"); // it was not used up
  await assertServed(client, user);
});

test("a key of a wrong type under the name of a uuidCookie is an error of Redis', and stays", async () => {
  const wrong = { list: ["RPUSH", "1"], set: ["SADD", "1"], hash: ["HSET", "userId", "1"], zset: ["ZADD", 1, "1"],
    stream: ["XADD", "*", "userId", "1"] };
  const user = site.newUser();
  const client = await site.follow(user);
  for (const [type, [command, ...args]] of Object.entries(wrong)) {
    await site.redis.command(command, `cookie-${type}`, ...args);
    const other = await site.connect();
    assert.equal((await other.byUuid(type)).code, failed, type);
    assert.equal(await site.redis.command("TYPE", `cookie-${type}`), type);
    assert.equal((await other.byUuid(await site.redis.mint(site.newUser()))).code, "SUBSCRIPTION_OK");
  }
  await assertServed(client, user);
});

test("its password changed: clients stay, the log says why once, and it comes back with the password", async () => {
  const server = await Redis.start();
  const redis = await RedisClient.connect(server);
  const lock = async (password) => {
    await redis.command("CONFIG", "SET", "requirepass", password);
    for (const type of ["normal", "pubsub"]) await redis.command("CLIENT", "KILL", "TYPE", type);
  };
  await redis.command("CONFIG", "SET", "requirepass", "Secret-1");
  const url = server.url.replace("//", "//:Secret-1@");
  const gateway = await Gateway.start({ url }, "--threads", 1);
  try {
    await redis.command("AUTH", "Secret-1");
    const user = site.newUser();
    const client = await site.connect({}, gateway.url);
    assert.equal((await client.byUuid(await redis.mint(user))).code, "SUBSCRIPTION_OK");
    for (const [password, reason] of [["Secret-2", "wrong password"], ["", "no password set"]]) {
      await lock(password);
      await down(gateway);
      await gateway.process.untilSaid(new RegExp(reason));
      const refused = await site.connect({}, gateway.url);
      assert.equal((await refused.byUuid("any")).code, failed);
      await lock("Secret-1");
      await up(gateway);
      await assertServed(client, user, redis);
      assert.equal(gateway.process.output.match(new RegExp(`warning shard 0: .*${reason}`, "g")).length, 1);
    }
    await assertTakesNew(redis, gateway);
    assert.doesNotMatch(gateway.process.output, /Secret/);
  } finally {
    await gateway.stop();
    redis.close();
    await server.stop();
  }
});
