// SPDX-License-Identifier: MIT
//
// Several shards: the kernel gives a connection to any of them, and each must find its session.
// Runs in the ThreadSanitizer build too.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Polling, textsIn } from "./support/raw.mjs";
import { channelOf, RedisClient } from "./support/redis_client.mjs";
import { namespace, Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", "4"] });

const each = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));
const numbers = (count) => Array.from({ length: count }, (_, i) => String(i));

// The packets of a polling session up to the one that holds text.
async function packetsUntil(session, text) {
  const packets = [];
  while (!packets.some((packet) => packet.includes(text))) packets.push(...(await session.packets()));
  return packets;
}

test("one user's tabs on all shards get each notification once, in order", async () => {
  const user = site.newUser();
  const tabs = await each(16, (i) =>
    site.follow(user, { transports: i % 2 ? ["websocket"] : ["polling"] }));
  const texts = numbers(100);
  for (const text of texts) site.redis.publish(user, text);
  for (const tab of tabs) assert.deepEqual(await tab.notifications.take(100), texts);
});

test("a session is upgraded by a connection to any shard, and loses nothing", async () => {
  const users = await each(16, () => site.newUser());
  const texts = numbers(50);
  await Promise.all(users.map(async (user) => {
    const client = await site.follow(user, { transports: ["polling", "websocket"] });
    for (const text of texts) await site.redis.publish(user, text);
    await client.upgraded();
    assert.deepEqual(await client.notifications.take(50), texts);
    assert.deepEqual(await site.flush(client, user), []);
  }));
});

test("one kept-alive connection carries the requests of sessions on all shards", async () => {
  let connections = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const connect = agent.createConnection;
  agent.createConnection = function (...args) {
    ++connections;
    return connect.apply(this, args);
  };
  const users = numbers(16).map(() => site.newUser());
  const sessions = [];
  for (const user of users) {
    // Each session begins on a connection of its own, so on any shard.
    const session = await Polling.open(site.url());
    session.options = { agent };
    const auth = JSON.stringify({ uuid: await site.redis.mint(user) });
    assert.equal((await session.post(`40${namespace},${auth}`)).body, "ok");
    sessions.push(session);
  }
  for (const session of sessions) await packetsUntil(session, "SUBSCRIPTION_OK");
  for (const round of numbers(5)) {
    for (const user of users) await site.redis.publish(user, `${round} for ${user}`);
    for (const [i, session] of sessions.entries()) {
      const packets = await packetsUntil(session, `${round} for ${users[i]}`);
      assert.deepEqual(textsIn(packets), [`${round} for ${users[i]}`]);
    }
  }
  assert.equal(connections, 1);
  agent.destroy();
});

test("clients that come and go on all shards leave the others in peace", async () => {
  const user = site.newUser();
  const stays = await site.follow(user);
  await each(40, async (i) => {
    const comes = await site.follow(i % 2 ? user : site.newUser());
    comes.socket.disconnect();
  });
  await site.redis.publish(user, "Hey");
  assert.deepEqual(await site.flush(stays, user), ["Hey"]);
});

test("every shard finds Redis again, and subscribes to all that is wanted", async () => {
  const users = await each(24, () => site.newUser());
  const clients = await Promise.all(users.map((user) => site.follow(user)));
  const load = setInterval(() => users.forEach((user) => site.redis.publish(user, "load").catch(() => {})), 20);
  await site.redisServer.process.stop("SIGKILL");
  const isUp = async () => (await (await fetch(`${site.gateway.url}/healthz`)).json()).redis === "up";
  await until(async () => !(await isUp()), "the loss being noticed");
  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
  for (const [i, user] of users.entries()) {
    await until(async () => (await site.redis.subscribers(channelOf(user))) > 0, `${user} being back`);
    await site.redis.publish(user, "back");
    await until(() => clients[i].notifications.all.includes("back"), `${user}'s message`);
    assert.equal(clients[i].socket.connected, true);
  }
  clearInterval(load);
});
