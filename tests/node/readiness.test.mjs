// SPDX-License-Identifier: MIT
//
// /readyz says whether what is published in Redis arrives at the gateway, and why not; the gateway finds its
// way back by itself. /healthz says 200 throughout.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { health, withGateway } from "./support/counts.mjs";
import { NonsenseRedis } from "./support/nonsense_redis.mjs";
import { Gateway, Redis } from "./support/processes.mjs";
import { request } from "./support/raw.mjs";
import { RedisClient } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 2] });

// Returns {status, reason, message} of /readyz, after checking that they fit each other.
async function readiness(gateway) {
  assert.equal((await request(`${gateway.url}/healthz`)).status, 200);
  const { status, headers, body } = await request(`${gateway.url}/readyz`);
  const answer = JSON.parse(body);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(answer.status, status === 200 ? "ready" : "not_ready");
  assert.equal(status, answer.reason ? 503 : 200);
  return answer;
}

const ready = (gateway) => until(async () => (await readiness(gateway)).status === "ready", "being ready");

// Waits until the gateway is not ready for one of these reasons. Returns the last answer.
async function notReady(gateway, ...reasons) {
  let answer;
  await until(async () => reasons.includes((answer = await readiness(gateway)).reason), `${reasons}`);
  return answer;
}

// Runs a check with a Redis and a gateway of its own, behind a proxy, once it is ready. Then it must be ready again.
async function withProxy(check) {
  const server = await Redis.start();
  const front = await NonsenseRedis.start(server);
  const redis = await RedisClient.connect(server);
  const gateway = await Gateway.start(front, "--threads", 1);
  try {
    await ready(gateway);
    await check({ server, front, redis, gateway });
    await ready(gateway);
  } finally {
    redis.close();
    await gateway.stop();
    await front.stop();
    await server.stop();
  }
}

test("a gateway is ready when the canaries of all its threads have come round", async () => {
  await ready(site.gateway);
  assert.equal((await request(`${site.gateway.url}/readyz`, { method: "HEAD" })).body, "");
  assert.equal((await request(`${site.gateway.url}/readyz`, { method: "POST" })).status, 405);
  const { round_trip_us: roundTrip, channels } = await health(site.gateway);
  assert.ok(roundTrip > 0 && roundTrip < 5e6, `${roundTrip} µs`);
  assert.equal(channels, 0); // a canary's channel is nobody's
  const names = await site.redis.command("PUBSUB", "CHANNELS", "/app/gateway/*/canary");
  assert.equal(names.length, 2);
});

test("a gateway that has never found Redis is not ready", async () => {
  const gateway = await Gateway.launch({ url: "redis://127.0.0.1:1" });
  try {
    assert.deepEqual(await readiness(gateway), {
      status: "not_ready", reason: "no_redis", message: "there is no connection to Redis" });
  } finally {
    await gateway.stop();
  }
});

for (const type of ["pubsub", "normal"])
  test(`CLIENT KILL TYPE ${type}: not ready until the connection is made anew`, () =>
    withGateway(site, [], async (gateway) => {
      await ready(gateway);
      // It is back within a moment, so it takes a few to be seen.
      await until(async () => {
        await site.redis.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
        return (await readiness(gateway)).reason === "no_redis";
      }, "the loss being seen");
      await ready(gateway);
    }));

test("CLIENT PAUSE: not ready while nothing is answered", () =>
  withProxy(async ({ redis, gateway }) => {
    await redis.command("CLIENT", "PAUSE", 8000, "ALL");
    await notReady(gateway, "no_redis", "silent");
  }));

test("redis-server stopped by SIGSTOP: not ready until SIGCONT", () =>
  withProxy(async ({ server, gateway }) => {
    server.process.child.kill("SIGSTOP");
    await notReady(gateway, "no_redis", "silent");
    server.process.child.kill("SIGCONT");
  }));

test("Redis killed and started again, empty: not ready meanwhile", () =>
  withProxy(async ({ server, gateway }) => {
    await server.process.stop("SIGKILL");
    await notReady(gateway, "no_redis");
    await server.launch();
  }));

const nothing = Buffer.alloc(0);
const swallowed = {
  "from Redis, of the subscribed connection": { change: (bytes, { kind }) => (kind === "messages" ? nothing : bytes) },
  "from Redis, of the other connection": { change: (bytes, { kind }) => (kind === "commands" ? nothing : bytes) },
  "to Redis, of the subscribed connection": { answer: (_, { kind }) => (kind === "messages" ? nothing : null) },
  "to Redis, of the other connection": { answer: (_, { kind }) => (kind === "commands" ? nothing : null) },
};
for (const [what, how] of Object.entries(swallowed))
  test(`a proxy that swallows all bytes ${what}: not ready until it does not`, () =>
    withProxy(async ({ front, gateway }) => {
      const { change, answer } = front;
      Object.assign(front, how);
      await notReady(gateway, "no_redis", "silent");
      Object.assign(front, { change, answer });
      front.hangUp();
    }));

const silences = {
  "a proxy that loses the messages": {
    change: (bytes) => (bytes.includes("$7\r\nmessage\r\n") ? nothing : bytes),
  },
  "a proxy that loses subscriptions": {
    answer: (bytes) => (bytes.includes("SUBSCRIBE") ? nothing : null),
  },
  "a proxy that confirms what it does not do": {
    answer: (bytes) => (bytes.includes("PUBLISH") ? ":1\r\n" : null),
  },
};
for (const [what, how] of Object.entries(silences))
  test(`${what}, and answers all else: silent, and both connections are made anew`, () =>
    withProxy(async ({ front, gateway }) => {
      const { change, answer } = front;
      const { commands, messages } = { ...front.seen };
      const began = Date.now();
      Object.assign(front, how);
      assert.equal((await notReady(gateway, "silent")).message, "what is published does not come back from Redis");
      // Two seconds after the third round that is missing, of which the first was due in two seconds at most.
      assert.ok(Date.now() - began < 12_000, `silent after ${Date.now() - began} ms`);
      await until(() => front.seen.commands > commands && front.seen.messages > messages, "new connections");
      assert.match(gateway.process.output, /lost Redis: what is published does not come back from Redis/);
      Object.assign(front, { change, answer });
    }));

const forbidden = {
  SUBSCRIBE: ["resetchannels", "&/app/user/*"],
  PUBLISH: ["resetchannels", "&/app/*", "-publish"],
};
for (const [command, rules] of Object.entries(forbidden))
  test(`an ACL that forbids ${command}: users are served, and /readyz says what to allow`, async () => {
    const user = `app-${command}`;
    await site.redis.command("ACL", "SETUSER", user, "on", ">pw", "allkeys", "+@all", ...rules);
    const gateway = await Gateway.start({ url: site.redisServer.url.replace("//", `//${user}:pw@`) });
    try {
      const { message } = await notReady(gateway, "refused");
      const [, channel] = message.match(/ on (\/app\/gateway\/[\w-]{20}\/canary); allow both, such as by ACL SETUSER/);
      await until(() => gateway.process.output.includes(`on ${channel}; allow both`), "the line of the log");
      const alice = site.newUser();
      const client = await site.follow(alice, {}, gateway.url);
      await site.redis.publish(alice, "Hey");
      assert.equal(await client.notifications.next(), "Hey");
      await site.redis.command("ACL", "SETUSER", user, "+publish", "&/app/gateway/*");
      await ready(gateway);
      assert.equal(client.internal.all.length, 1); // the connection was never lost
      assert.match(gateway.process.output, /ready: what is published comes back from Redis/);
      // What is taken back is noticed too.
      await site.redis.command("ACL", "SETUSER", user, ...rules);
      await notReady(gateway, "refused");
    } finally {
      site.closeClients();
      await gateway.stop();
    }
  });
