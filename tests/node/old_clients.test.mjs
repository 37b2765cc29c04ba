// SPDX-License-Identifier: MIT
//
// Unmodified socket.io-clients of 2.x (Engine.IO 3) and 3.x, each way of connecting with each way
// of saying who it is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import io2 from "socket.io-client-2";
import io3 from "socket.io-client-3";
import { Gateway } from "./support/processes.mjs";
import { soon } from "./support/await.mjs";
import { Client, Site, namespace, transports } from "./support/site.mjs";

const byEvent = {
  "a uuid in an event": async (site, user, options) => {
    const client = await site.connect(options);
    client.socket.emit("subscribe-to-notifications", { uuid: await site.redis.mint(user) });
    return client;
  },
  "cookies, by an event": async (site, user, options) => {
    const client = await site.connect({ ...options, extraHeaders: { Cookie: site.logIn(user) } });
    client.socket.emit("subscribe-to-notifications-by-cookies");
    return client;
  },
};

const libraries = {
  "2.x": {
    library: io2,
    ways: {
      ...byEvent,
      // What is `auth` in later versions.
      "a uuid in the query": async (site, user, options) =>
        site.connect({ ...options, query: { uuid: await site.redis.mint(user) } }),
    },
  },
  "3.x": {
    library: io3,
    ways: {
      ...byEvent,
      "auth.uuid": async (site, user, options) =>
        site.connect({ ...options, auth: { uuid: await site.redis.mint(user) } }),
      "auth.cookies": async (site, user, options) =>
        site.connect({ ...options, extraHeaders: { Cookie: site.logIn(user) }, auth: { cookies: true } }),
    },
  },
};

const site = Site.forThisFile({ gateway: ["--ping-interval", 300, "--ping-timeout", 2000] });

for (const [version, { library, ways }] of Object.entries(libraries))
  for (const [wire, names] of Object.entries(transports))
    for (const [way, ask] of Object.entries(ways))
      test(`${version}, ${wire}, ${way}`, async () => {
        const [user, other] = [site.newUser(), site.newUser()];
        const client = await ask(site, user, { library, transports: names });
        const stranger = await ask(site, other, { library, transports: names });
        for (const c of [client, stranger]) assert.equal((await c.internal.next()).code, "SUBSCRIPTION_OK");
        if (names.length > 1) await client.upgraded();
        assert.equal(client.transport, names.at(-1));

        const texts = ["Hey", "", "Grüße 🎉🎉", '"quotes" \\ \u0000 \u2028', "é".repeat(100_000)];
        for (const text of texts) await site.redis.publish(user, text);
        assert.deepEqual(await site.flush(client, user), texts);
        assert.deepEqual(await site.flush(stranger, other), []);
      });

describe("2.x", () => {
  const options = { library: io2 };

  for (const names of Object.values(transports))
    test(`messages during the way ${names.join(" → ")} arrive once and in order`, async () => {
      const user = site.newUser();
      const client = await byEvent["a uuid in an event"](site, user, { ...options, transports: names });
      await client.internal.next();
      const texts = Array.from({ length: 300 }, (_, n) => `${n} 🎉`);
      for (const text of texts) await site.redis.publish(user, text);
      assert.deepEqual(await site.flush(client, user), texts);
    });

  test("it pings, and stays as long as it does", async () => {
    const client = await site.connect(options);
    const pongs = [];
    client.socket.on("pong", () => pongs.push(Date.now()));
    await soon(new Promise((resolve) => client.socket.on("pong", () => pongs.length >= 3 && resolve())), "three pongs");
    assert.equal(client.socket.connected, true);
    assert.deepEqual(client.disconnects.all, []);
  });

  test("a namespace that is not served is refused with a word, and the connection stays", async () => {
    const client = await site.connect(options);
    const refused = site.client({ ...options, ns: "/nowhere", forceNew: true });
    await assert.rejects(soon(refused.connected), (why) => why === "Invalid namespace");
    assert.equal(client.socket.connected, true);
  });

  test("the main namespace, which nobody serves here, takes it in and hears nothing of it", async () => {
    const client = await site.connect({ ...options, ns: "/" });
    client.socket.emit("subscribe-to-notifications", { uuid: await site.redis.mint(site.newUser()) });
    const other = await site.follow(site.newUser());
    assert.ok(other.socket.connected);
    assert.deepEqual(client.internal.all, []);
  });

  test("a refusal of identity leaves it connected, for another try", async () => {
    const client = await site.connect(options);
    assert.equal((await client.byUuid("unknown")).code, "USERID_IS_NULL");
    assert.equal((await client.byUuid(await site.redis.mint(site.newUser()))).code, "SUBSCRIPTION_OK");
  });
});

test("--no-eio3 refuses 2.x, and only that", async () => {
  const gateway = await Gateway.start(site.redisServer, "--no-eio3");
  try {
    for (const names of [["polling"], ["websocket"]]) {
      const old = new Client(gateway.url, { library: io2, transports: names });
      await assert.rejects(soon(old.connected));
      old.socket.disconnect();
      const next = new Client(gateway.url, { library: io3, transports: names });
      await soon(next.connected);
      next.socket.disconnect();
    }
    const answer = await fetch(`${gateway.url}/socket.io/?EIO=3&transport=polling`);
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), { code: 5, message: "Unsupported protocol version" });
  } finally {
    await gateway.stop();
  }
});
