// SPDX-License-Identifier: MIT
//
// Redis comes back, after an outage or while it loads its data: the gateway has tried meanwhile, and
// is there again within a second, with all subscriptions. Who asks meanwhile waits for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { Gateway, Process, Redis } from "./support/processes.mjs";
import { RedisClient } from "./support/redis_client.mjs";
import { Site, dealtWith } from "./support/site.mjs";

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
    const channels = async () => (await site.redis.channels()).length;
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
    assert.equal(client.internal.all.filter(({ code }) => code === "SUBSCRIPTION_OK").length, 6); // at first, and after each outage
  }
});

// A Redis of its own that keeps its data when it is launched again, and gateways of it, each with these options.
async function withOwnRedis(gatewayOptions, run) {
  const server = await Redis.start();
  const redis = await RedisClient.connect(server);
  const gateways = [];
  try {
    for (const options of gatewayOptions)
      gateways.push(await Gateway.start(server, "--threads", 1, ...options));
    await run({ server, redis, gateways });
  } finally {
    site.closeClients();
    for (const gateway of gateways) await gateway.stop();
    redis.close();
    await server.stop();
  }
}

async function crash({ server, redis, gateways }) {
  await redis.command("SAVE");
  await server.process.stop("SIGKILL");
  for (const gateway of gateways) await until(async () => (await health(gateway)) === "down", "the loss being seen");
}

test("a uuidCookie asked while Redis is away is answered once it is back, and not refused at once", () =>
  withOwnRedis([["--subscribe-timeout", 30_000]], async (its) => {
    const { server, gateways: [gateway] } = its;
    const user = site.newUser();
    const uuid = await its.redis.mint(user);
    await crash(its);
    const client = await site.connect({}, gateway.url);
    const answer = client.byUuid(uuid);
    await dealtWith(client);
    assert.deepEqual(client.internal.all, []);
    await server.launch();
    assert.equal((await answer).code, "SUBSCRIPTION_OK");
    const redis = await RedisClient.connect(server);
    assert.equal(await redis.publish(user, "back"), 1);
    redis.close();
    assert.equal(await client.notifications.next(), "back");
    assert.equal(client.internal.all.length, 1);
  }));

test("loading: who asks waits up to the subscribe time-out; when it has loaded, all is as before", () =>
  withOwnRedis([["--subscribe-timeout", 500], ["--subscribe-timeout", 30_000]], async (its) => {
    const { server, gateways: [hasty, patient] } = its;
    const [user, newcomer] = [site.newUser(), site.newUser()];
    const client = await site.connect({}, hasty.url);
    assert.equal((await client.byUuid(await its.redis.mint(user))).code, "SUBSCRIPTION_OK");
    const uuid = await its.redis.mint(newcomer);
    for (let i = 0; i < 200; ++i) await its.redis.command("SET", `key-${i}`, "x".repeat(1000));
    await crash(its);
    server.process = new Process("redis-server", ["--port", server.port, "--bind", "127.0.0.1", "--save", "",
      "--dir", server.folder, "--key-load-delay", 10_000, "--loading-process-events-interval-bytes", 1024].map(String));
    for (const { process } of its.gateways) await process.untilSaid(/still loading its data/);
    const late = await site.connect({}, patient.url);
    const answer = late.byUuid(uuid);
    const other = await site.connect({}, hasty.url);
    const began = Date.now();
    assert.equal((await other.byUuid(uuid)).code, failed);
    const took = Date.now() - began;
    assert.ok(took > 450 && took < 1900, `told after ${took} ms`);
    for (const gateway of its.gateways) assert.equal(await health(gateway), "down");
    assert.deepEqual(late.internal.all, []);
    assert.doesNotMatch(server.process.output, /Ready to accept connections/);
    assert.equal((await answer).code, "SUBSCRIPTION_OK");
    await until(async () => (await health(hasty)) === "up", "the gateway being back");
    const redis = await RedisClient.connect(server);
    for (const [who, texts] of [[user, client.notifications], [newcomer, late.notifications]]) {
      await until(async () => (await redis.publish(who, "back")) === 1, "the subscription being back");
      assert.equal(await texts.next(), "back");
    }
    redis.close();
    assert.equal(client.internal.all.length, 2); // at first, and after the outage
    for (const { process } of its.gateways)
      assert.equal(process.output.match(/shard 0: \D.*still loading/g).length, 1); // said once
  }));
