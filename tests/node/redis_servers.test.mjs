// SPDX-License-Identifier: MIT
//
// Redis as it is out there: with an ACL, without GETDEL, with another server behind the same address,
// with messages larger than anybody wants.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { counted, health, inTheLog, withGateway } from "./support/counts.mjs";
import { Gateway, Redis } from "./support/processes.mjs";
import { RedisClient } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();
const up = (gateway) => until(async () => (await health(gateway)).redis === "up", "Redis being up");

async function withRedis(options, gatewayOptions, check, user = "") {
  const server = await Redis.start(...options);
  const redis = await RedisClient.connect(server);
  const gateway = await Gateway.launch({ url: server.url.replace("//", `//${user}`) }, "--threads", 1, ...gatewayOptions);
  try {
    await check({ server, redis, gateway });
  } finally {
    site.closeClients();
    await gateway.stop();
    redis.close();
    await server.stop();
  }
}

const subscribe = async (gateway, redis, user) => {
  const client = await site.connect({}, gateway.url);
  return [client, await client.byUuid(await redis.mint(user))];
};

test("a channel that Redis refuses costs its own client, and nobody else a message", () =>
  withRedis([], ["--session-cookie", "sid", "--session-channel", "notifications.{session}"], async ({ redis, gateway }) => {
    await redis.command("ACL", "SETUSER", "app", "on", ">pw", "resetchannels", "&/app/user/a*", "~cookie-*", "-@all",
      "+get", "+getdel", "+subscribe", "+unsubscribe", "+ping");
    await up(gateway);
    const [client] = await subscribe(gateway, redis, "alice");
    for (let i = 0; i < 20; ++i) {
      if (i % 5 === 0) {
        const visitor = await site.connect({ ns: "/", extraHeaders: { Cookie: `sid=s${i}` } }, gateway.url);
        await visitor.disconnects.next(); // its channel is outside the ACL
        const [, { type, message }] = await subscribe(gateway, redis, `bob-${i}`);
        assert.equal(type, "error");
        assert.match(message, /Redis does not let the gateway subscribe to this channel/);
      }
      await redis.publish("alice", `message ${i}`);
      assert.equal(await client.notifications.next(), `message ${i}`);
    }
    assert.equal(client.answers.length, 1);
    assert.equal(client.internal.all.length, 1); // the connection to Redis was never lost
    await counted(gateway, "not_subscribed", "refused", 8);
    await inTheLog(gateway, "refused");
    assert.doesNotMatch(gateway.process.output, /lost Redis/);
  }, "app:pw@"));

test("a Redis without GETDEL does, and the log says so once", () =>
  withRedis(["--rename-command", "GETDEL", ""], [], async ({ redis, gateway }) => {
    await gateway.process.untilSaid(/shard 0: Redis has no GETDEL, .* script/);
    const uuid = await redis.mint("alice");
    const client = await site.connect({}, gateway.url);
    assert.equal((await client.byUuid(uuid)).code, "SUBSCRIPTION_OK");
    assert.equal(await redis.command("EXISTS", `cookie-${uuid}`), 0);
    await redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await until(async () => (await subscribe(gateway, redis, "alice"))[1].code === "SUBSCRIPTION_OK", "commands");
    assert.equal(gateway.process.output.match(/no GETDEL/g).length, 1);
  }));

test("a Redis that allows neither GETDEL nor a script is named at the start, and serves who has cookies", () =>
  withRedis(["--rename-command", "GETDEL", "", "--rename-command", "EVAL", ""],
    ["--subscribe-by-cookies-url", site.webApp.url], async ({ redis, gateway }) => {
      await gateway.process.untilSaid(/uuidCookies cannot be used: .*GETDEL.*unknown command/);
      await up(gateway);
      const client = await site.connect({ extraHeaders: { Cookie: site.logIn("carol") } }, gateway.url);
      assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
      const [, { code }] = await subscribe(gateway, redis, "carol");
      assert.equal(code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
    }));

test("a cluster is not supported yet, which is said at the start", () =>
  withRedis(["--cluster-enabled", "yes"], [], async ({ gateway }) => {
    await gateway.process.untilSaid(/shard 0: Redis at \S+ runs in cluster mode, which is not supported yet/);
    assert.equal((await health(gateway)).redis, "down");
  }));

// The address of whoever is master: each new connection goes there, old ones stay where they are.
async function masterAddress(master) {
  const address = { master, connections: [] };
  address.server = createServer((socket) => {
    const redis = connect(address.master.port, "127.0.0.1");
    for (const [from, to] of [[socket, redis], [redis, socket]])
      from.on("error", () => {}).on("close", () => to.destroy()).pipe(to);
    address.connections.push(socket);
  });
  await new Promise((resolve) => address.server.listen(0, "127.0.0.1", resolve));
  address.url = `redis://127.0.0.1:${address.server.address().port}`;
  return address;
}

for (const noticed of ["by a user", "by itself", "by its other connection"])
  test(`after a failover that leaves old connections open the new master is found, ${noticed}`, async () => {
    const servers = [await Redis.start(), await Redis.start()];
    const [old, next] = await Promise.all(servers.map((s) => RedisClient.connect(s)));
    const address = await masterAddress(servers[0]);
    const gateway = await Gateway.start(address, "--threads", 1);
    try {
      const [client, { code }] = await subscribe(gateway, old, "alice");
      assert.equal(code, "SUBSCRIPTION_OK");
      address.master = servers[1];
      if (noticed === "by its other connection") // the old one is out of touch, and thinks that it is the master
        await old.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      else await old.command("REPLICAOF", "127.0.0.1", 1); // of nobody: it hears nothing more
      if (noticed === "by a user") {
        const [, answer] = await subscribe(gateway, next, "bob");
        assert.equal(answer.code, "SUBSCRIPTION_OK"); // with the uuid that the old one refused
      }
      await until(async () => (await next.publish("alice", "from the new master")) === 1, "the subscription");
      assert.equal(await client.notifications.next(), "from the new master");
      assert.equal(client.socket.connected, true);
      await up(gateway);
      const [, later] = await subscribe(gateway, next, "carol");
      assert.equal(later.code, "SUBSCRIPTION_OK");
      assert.match(gateway.process.output, /lost Redis: .*(is not the one to ask any more|leads to another server now)/);
    } finally {
      site.closeClients();
      await gateway.stop();
      address.connections.forEach((c) => c.destroy());
      address.server.close();
      for (const redis of [old, next]) redis.close();
      for (const server of servers) await server.stop();
    }
  });

const tooLarge = { type: "error", code: "MESSAGE_TOO_LARGE" };

for (const transports of [["websocket"], ["polling"]])
  test(`a message above the limit is told, counted and passed over, and what follows arrives, ${transports}`, () =>
    withGateway(site, [], async (gateway) => {
      const user = site.newUser();
      const tabs = [];
      for (let i = 0; i < 2; ++i) tabs.push(await site.follow(user, { transports }, gateway.url));
      const limit = 1 << 20;
      const memory = gateway.peak;
      const sizes = [limit + 1, 5_000_000, 12_000_000];
      for (const size of sizes) await site.redis.publish(user, "x".repeat(size));
      await site.redis.publish(user, "small");
      for (const tab of tabs) {
        assert.equal(await tab.notifications.next(), "small");
        const told = tab.internal.all.slice(1);
        assert.deepEqual(told.map(({ type, code }) => ({ type, code })), sizes.map(() => tooLarge));
        sizes.forEach((size, i) => assert.match(told[i].message, new RegExp(`\\b${size} bytes`)));
        assert.equal(tab.socket.connected, true);
      }
      await counted(gateway, "not_delivered", "message_too_large", sizes.length);
      await inTheLog(gateway, "message_too_large");
      if (!gateway.sanitized) assert.ok(gateway.peak - memory < 8192, `grew by ${gateway.peak - memory} KiB`);

      const largest = "y".repeat(limit); // several in a row, to whoever reads
      for (let i = 0; i < 3; ++i) await site.redis.publish(user, largest);
      for (const tab of tabs) assert.deepEqual(await tab.notifications.take(3), [largest, largest, largest]);
    }));

test("what grows as JSON past what a queue can hold is too large, and ends nobody", () =>
  withGateway(site, ["--max-message", 10_000], async (gateway) => {
    const user = site.newUser();
    const tab = await site.follow(user, {}, gateway.url);
    await site.redis.publish(user, '"'.repeat(10_000)); // twice as long
    assert.equal(await tab.notifications.next(), '"'.repeat(10_000));
    await site.redis.publish(user, "\u0001".repeat(10_000)); // six times
    await site.redis.publish(user, "small");
    assert.equal(await tab.notifications.next(), "small");
    await counted(gateway, "not_delivered", "message_too_large");
  }));

test("in session mode, whose pages know no internal events, a message above the limit is counted only", () =>
  withGateway(site, ["--max-message", 100, "--session-cookie", "sid", "--session-channel", "n.{session}"], async (gateway) => {
    const tab = await site.connect({ ns: "/", extraHeaders: { Cookie: "sid=secret-session" } }, gateway.url);
    await until(async () => (await site.redis.command("PUBLISH", "n.secret-session", "one")) === 1, "the subscription");
    assert.equal(await tab.messages.next(), "one");
    await site.redis.command("PUBLISH", "n.secret-session", "x".repeat(101));
    await site.redis.command("PUBLISH", "n.secret-session", "two");
    assert.equal(await tab.messages.next(), "two");
    await counted(gateway, "not_delivered", "message_too_large");
    await inTheLog(gateway, "message_too_large");
    assert.doesNotMatch(gateway.process.output, /secret-session/);
  }));
