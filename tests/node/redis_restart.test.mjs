// SPDX-License-Identifier: MIT
//
// Redis is killed and comes back while messages flow: clients stay, and all subscriptions with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { RedisClient, channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--ping-interval", 500, "--ping-timeout", 5000] });
const health = async () => (await fetch(`${site.gateway.url}/healthz`)).json();

async function restartRedis() {
  await site.redisServer.process.stop("SIGKILL");
  await until(async () => (await health()).redis === "down", "the loss being noticed");
  assert.equal((await health()).status, "degraded");
  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
}

test("all subscriptions come back, twice, under load", async () => {
  const users = Array.from({ length: 60 }, () => site.newUser());
  const clients = [];
  for (let i = 0; i < users.length; i += 20)
    clients.push(...(await Promise.all(users.slice(i, i + 20).map((user, n) =>
      site.follow(user, { transports: n % 4 ? ["websocket"] : ["polling"] })))));

  let sent = 0;
  let ended = false;
  const load = (async () => {
    while (!ended) {
      const n = sent++;
      await Promise.allSettled(users.map((user) => site.redis.publish(user, `load ${n}`)));
      await pause(10);
    }
  })();
  for (let round = 0; round < 2; ++round) {
    await restartRedis();
    for (const user of users)
      await until(async () => (await site.redis.subscribers(channelOf(user))) > 0, `${user} being back`);
    for (const [i, user] of users.entries()) {
      await site.redis.publish(user, `back ${round}`);
      await until(() => clients[i].notifications.all.includes(`back ${round}`), `${user}'s message`);
    }
  }
  ended = true;
  await load;

  for (const client of clients) {
    assert.equal(client.socket.connected, true);
    assert.deepEqual(client.disconnects.all, []);
    // Nobody had to subscribe again; each was told, each time, that there is a gap.
    const told = client.internal.all.map(({ code, message }) => [code, message]);
    const again = ["SUBSCRIPTION_OK", "subscribed again: what was sent live while Redis was away did not arrive"];
    // Redis came back empty, so a stored notification may be lost, too.
    const gap = ["GAP", "notifications may be missing before the next: load the page again to see all"];
    assert.deepEqual(told, [["SUBSCRIPTION_OK", "subscribed"], again, gap, again, gap]);
    const numbers = client.notifications.all.filter((t) => t.startsWith("load ")).map((t) => Number(t.slice(5)));
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b)); // each once, in order
  }
});

test("who comes while Redis is away is told, stays, and may try again", async () => {
  const client = await site.connect();
  const uuid = await site.redis.mint(site.newUser());
  await site.redisServer.process.stop("SIGKILL");
  const answer = await client.byUuid(uuid);
  assert.equal(answer.type, "error");
  assert.equal(answer.code, "USER_ID_RETRIEVAL_RETURNED_ERROR");

  const user = site.newUser();
  const known = await site.connect({ extraHeaders: { Cookie: site.logIn(user) } });
  assert.equal((await known.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");

  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
  await until(async () => (await health()).redis === "up", "the gateway being back");
  assert.equal((await known.byCookies()).code, "SUBSCRIPTION_OK");
  // uuids are read over a connection of their own, which finds Redis by itself.
  const trial = async () => (await client.byUuid(await site.redis.mint(user))).code;
  await until(async () => (await trial()) === "SUBSCRIPTION_OK", "a try that works");
  await site.redis.publish(user, "Hey");
  assert.equal(await client.notifications.next(), "Hey");
  assert.equal(await known.notifications.next(), "Hey");
});
