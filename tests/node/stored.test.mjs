// SPDX-License-Identifier: MIT
//
// Stored notifications and clients that stay connected: whatever happens to Redis, each comes once and in
// order, or the client is told that there is a gap.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { until } from "./support/await.mjs";
import { RedisClient, channelOf } from "./support/redis_client.mjs";
import { Redis } from "./support/processes.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 2] });
const health = async () => (await fetch(`${site.gateway.url}/healthz`)).json();

// A follower that keeps whole notifications, and which gaps it was told of.
async function follow(user, options) {
  const client = await site.follow(user, options);
  client.got = [];
  client.socket.on("notification", (event) => client.got.push(event));
  return client;
}
const gaps = (client) => client.internal.all.filter(({ code }) => code === "GAP");
const texts = (client) => client.notifications.all;

async function isBack(user) {
  await until(async () => (await site.redis.subscribers(channelOf(user)).catch(() => 0)) > 0, "the subscription");
}

async function restart(...options) {
  await site.redisServer.process.stop("SIGKILL");
  await until(async () => (await health()).redis === "down", "the loss");
  await site.redisServer.launch(...options);
  site.redis = await RedisClient.connect(site.redisServer);
}

afterEach(async () => {
  if (!(await site.redis.command("PING").catch(() => null))) await restart();
});

test("a stored notification comes with its id, its time and its fields, and nothing else", async () => {
  const user = site.newUser();
  const client = await follow(user);
  const sent = await site.redis.store(user, { message: "Hey", title: "T", level: "info", data: { a: [1] } });
  assert.equal(await client.notifications.next(), "Hey");
  assert.deepEqual(client.got, [
    { id: sent.id, at: Number(sent.at), unread: 1, message: "Hey", title: "T", level: "info", data: { a: [1] } },
  ]);
  await site.redis.publish(user, "live");
  assert.equal(await client.notifications.next(), "live");
  assert.deepEqual(client.got[1], { message: "live" });
});

test("what is stored while the connections to Redis are killed arrives once and in order", async () => {
  const user = site.newUser();
  const clients = await Promise.all([follow(user), follow(user, { transports: ["polling"] }), follow(user)]);
  let n = 0;
  for (let round = 0; round < 10; ++round) {
    await site.redis.command("CLIENT", "KILL", "TYPE", round % 2 ? "pubsub" : "normal", "SKIPME", "yes");
    for (let i = 0; i < 20; ++i) await site.redis.store(user, `n${n++}`);
    await isBack(user);
    await site.redis.store(user, `n${n++}`);
    for (const client of clients) await until(() => texts(client).length >= n, "all of them");
  }
  const all = Array.from({ length: n }, (_, i) => `n${i}`);
  for (const client of clients) {
    assert.deepEqual(texts(client), all);
    assert.deepEqual(gaps(client), []);
    assert.deepEqual(client.disconnects.all, []);
  }
});

test("Redis that comes back empty is a gap, and what is stored next arrives", async () => {
  const user = site.newUser();
  const client = await follow(user);
  await site.redis.store(user, "before");
  await client.notifications.next();
  await restart();
  await isBack(user);
  await until(() => gaps(client).length === 1, "the gap");
  await site.redis.store(user, "after");
  assert.equal(await client.notifications.next(), "after");
  assert.equal(gaps(client).length, 1);
});

test("a log that is deleted is a gap with the next notification", async () => {
  const user = site.newUser();
  const client = await follow(user);
  await site.redis.store(user, "before");
  await site.redis.command("DEL", channelOf(user));
  await site.redis.store(user, "after");
  assert.deepEqual(await client.notifications.take(2), ["before", "after"]);
  assert.equal(gaps(client).length, 1);
});

test("a failover that loses entries and gives their ids to others is a gap for who had them", async () => {
  const user = site.newUser();
  const replica = await Redis.start();
  const other = await RedisClient.connect(replica);
  try {
    const client = await follow(user);
    await site.redis.store(user, "copied");
    await other.command("REPLICAOF", "127.0.0.1", site.redisServer.port);
    await until(async () => (await other.command("LLEN", channelOf(user))) === 2, "the copy");
    await other.command("REPLICAOF", "NO", "ONE");
    const lost = await site.redis.store(user, "lost");
    const taken = await other.store(user, "taken");
    assert.equal(taken.id, lost.id);
    assert.deepEqual(await client.notifications.take(2), ["copied", "lost"]);
    // The replica takes over: the same address leads to its data.
    await site.redis.command("REPLICAOF", "127.0.0.1", replica.port);
    await until(async () => (await site.redis.command("INFO", "replication")).includes("master_link_status:up"),
      "the old master being a copy");
    await site.redis.command("REPLICAOF", "NO", "ONE");
    await site.redis.command("CLIENT", "KILL", "TYPE", "pubsub");
    await isBack(user);
    assert.equal(await client.notifications.next(), "taken");
    assert.equal(gaps(client).length, 1);
  } finally {
    other.close();
    await replica.stop();
  }
});

test("what is no entry, or is one that cannot be shown, stops nobody", async () => {
  const [user, neighbour] = [site.newUser(), site.newUser()];
  const [client, other] = [await follow(user), await follow(neighbour)];
  const channel = channelOf(user);
  for (const text of ["", "{}", "nonsense", '{"id":"1-1","at":1', "\u001e", '{"id":1,"at":"x","unread":1,"message":""}'])
    await site.redis.command("PUBLISH", channel, `\u001e${text}`);
  const first = await site.redis.store(user, "first");
  const [epoch] = first.id.split("-");
  // Ids that repeat and go backwards.
  await site.redis.command("PUBLISH", channel, `\u001e{"id":"${first.id}","at":${first.at},"unread":1,"message":"again"}`);
  await site.redis.command("PUBLISH", channel, `\u001e{"id":"${epoch}-0","at":1,"unread":1,"message":"old"}`);
  await site.redis.store(user, "second");
  assert.deepEqual(await client.notifications.take(2), ["first", "second"]);
  // An element that is no JSON, and one of the wrong types, in the log itself.
  await site.redis.command("RPUSH", channel, `${epoch}-3-${Date.now()}000 {"unread":1,"message":`);
  await site.redis.store(user, "third").catch((e) => assert.match(e.message, /NOTIFY/));
  await site.redis.store(neighbour, "untouched");
  assert.equal(await other.notifications.next(), "untouched");
  assert.deepEqual(gaps(other), []);
  const { not_delivered } = await until2(async () => {
    const h = await health();
    return h.not_delivered.malformed_entry >= 6 ? h : null;
  });
  assert.equal(not_delivered.malformed_entry, 6);
});

test("a key of another type where the log should be is no obstacle to live messages", async () => {
  const user = site.newUser();
  await site.redis.command("SET", channelOf(user), "mine");
  const client = await follow(user);
  await site.redis.publish(user, "live");
  assert.equal(await client.notifications.next(), "live");
  await until(() => /reads of stored notifications failed: "WRONGTYPE/.test(site.gateway.process.output), "the log's line");
});

test("a user who may not run scripts is served live, and the log says what is missing", async () => {
  // The gateway of this file may; another one with a user of its own may not.
  const user = site.newUser();
  await site.redis.command("ACL", "SETUSER", "small", "on", ">secret", "~*", "&*", "+@all", "-@scripting");
  const { Gateway } = await import("./support/processes.mjs");
  const url = `redis://small:secret@127.0.0.1:${site.redisServer.port}`;
  const gateway = await Gateway.start({ url });
  try {
    const client = await site.follow(user, {}, gateway.url);
    await site.redis.publish(user, "live");
    assert.equal(await client.notifications.next(), "live");
    await until(() => /reads of stored notifications failed: "NOPERM/.test(gateway.process.output), "the log's line");
  } finally {
    site.closeClients();
    await gateway.stop();
  }
});

async function until2(condition) {
  let value;
  await until(async () => (value = await condition()), "the count");
  return value;
}
