// SPDX-License-Identifier: MIT
//
// Redis comes back, after an outage or while it loads its data: the gateway has tried meanwhile, and
// is there again within a second, with all subscriptions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { Gateway, Process, Redis } from "./support/processes.mjs";
import { RedisClient } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 2] });
const health = async (gateway = site.gateway) => (await (await fetch(`${gateway.url}/healthz`)).json()).redis;
const failed = "USER_ID_RETRIEVAL_RETURNED_ERROR";

test("all subscriptions are back soon after Redis, however long it was away", async (t) => {
  const users = Array.from({ length: 300 }, () => site.newUser());
  const clients = [];
  for (let i = 0; i < users.length; i += 50)
    clients.push(...(await Promise.all(users.slice(i, i + 50).map((user) => site.follow(user)))));
  const took = [];
  for (const outage of [0, 100, 400, 1600, 2700]) { // between tries, and after many
    await site.redisServer.process.stop("SIGKILL");
    await until(async () => (await health()) === "down", "the loss being seen");
    await pause(outage);
    await site.redisServer.launch();
    const began = Date.now();
    site.redis = await RedisClient.connect(site.redisServer);
    const channels = async () => (await site.redis.command("PUBSUB", "CHANNELS", "*")).length;
    await until(async () => (await channels()) === users.length, "all channels being back");
    took.push(Date.now() - began);
    await until(async () => (await health()) === "up", "the gateway being back");
  }
  const median = took.sort((a, b) => a - b)[Math.floor(took.length / 2)];
  t.diagnostic(`back after ${took.join(", ")} ms; median ${median} ms`);
  assert.ok(median < 3000, `median ${median} ms`); // 1000 on a machine that has nothing else to do
  await Promise.all(users.map((user) => site.redis.publish(user, "back")));
  for (const client of clients) {
    assert.equal(await client.notifications.next(), "back");
    assert.equal(client.internal.all.length, 6); // at first, and after each outage
  }
});

test("loading: who asks is told at once; when it has loaded, all is as before", async () => {
  const server = await Redis.start();
  let redis = await RedisClient.connect(server);
  const gateway = await Gateway.start(server, "--threads", 1);
  try {
    const user = site.newUser();
    const client = await site.connect({}, gateway.url);
    assert.equal((await client.byUuid(await redis.mint(user))).code, "SUBSCRIPTION_OK");
    for (let i = 0; i < 200; ++i) await redis.command("SET", `key-${i}`, "x".repeat(1000));
    await redis.command("SAVE");
    await server.process.stop("SIGKILL");
    server.process = new Process("redis-server", ["--port", server.port, "--bind", "127.0.0.1", "--save", "",
      "--dir", server.folder, "--key-load-delay", 10_000, "--loading-process-events-interval-bytes", 1024].map(String));
    await gateway.process.untilSaid(/still loading its data/);
    const other = await site.connect({}, gateway.url);
    const began = Date.now();
    assert.equal((await other.byUuid("any")).code, failed);
    assert.ok(Date.now() - began < 1900, `told after ${Date.now() - began} ms`);
    assert.equal(await health(gateway), "down");
    assert.doesNotMatch(server.process.output, /Ready to accept connections/);
    await until(async () => (await health(gateway)) === "up", "the gateway being back");
    redis.close();
    redis = await RedisClient.connect(server);
    await until(async () => (await redis.publish(user, "back")) === 1, "the subscription being back");
    assert.equal(await client.notifications.next(), "back");
    assert.equal(client.internal.all.length, 2); // at first, and after the outage
    assert.equal(gateway.process.output.match(/shard 0: \D.*still loading/g).length, 1); // said once
  } finally {
    await gateway.stop();
    redis.close();
    await server.stop();
  }
});
