// SPDX-License-Identifier: MIT
//
// Clients that ask whether an event has arrived: each gets one answer, and who asks for notifications
// gets the outcome in it. So a uuid, which can be used once, is not sent again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { io } from "socket.io-client";
import io2 from "socket.io-client-2";
import io3 from "socket.io-client-3";
import { soon } from "./support/await.mjs";
import { Site, transports } from "./support/site.mjs";

const site = Site.forThisFile();
const ok = { type: "success", code: "SUBSCRIPTION_OK", message: "subscribed" };
const byUuid = "subscribe-to-notifications";
const byCookies = "subscribe-to-notifications-by-cookies";

// What a client is answered, as the arguments of its callback.
const answerTo = (client, ...event) =>
  soon(new Promise((resolve) => client.socket.emit(...event, (...args) => resolve(args))), "the acknowledgement");

for (const [version, library] of Object.entries({ "4.x": io, "3.x": io3, "2.x": io2 }))
  for (const [wire, names] of Object.entries(transports))
    test(`${version}, ${wire}: each event that asks is answered, once`, async () => {
      const user = site.newUser();
      const options = { library, transports: names, extraHeaders: { Cookie: site.logIn(user) } };
      const client = await site.connect(options);
      assert.deepEqual(await answerTo(client, "of-nobody", { a: 1 }, Buffer.from("x")), []);
      const [refused] = await answerTo(client, byUuid, { uuid: "of-nobody" });
      assert.deepEqual([refused.type, refused.code], ["error", "USERID_IS_NULL"]);
      assert.deepEqual(await client.internal.next(), refused);
      assert.deepEqual(await answerTo(client, byUuid, { uuid: await site.redis.mint(user) }), [ok]);
      assert.deepEqual(await answerTo(client, byCookies), [ok]);
      await site.redis.publish(user, "Hey");
      assert.equal(await client.notifications.next(), "Hey");
      assert.deepEqual(client.internal.all, [refused, ok, ok]);
    });

describe("4.x", () => {
  test("`retries` sends a uuid once", async () => {
    const client = await site.connect({ retries: 3, ackTimeout: 5000 });
    const sent = [];
    client.socket.onAnyOutgoing((...args) => sent.push(args));
    const [error, outcome] = await answerTo(client, byUuid, { uuid: await site.redis.mint(site.newUser()) });
    assert.deepEqual([error, outcome], [null, ok]);
    assert.deepEqual(await answerTo(client, "something-else"), [null]);
    assert.equal(sent.length, 2);
    assert.deepEqual(client.internal.all, [ok]);
  });

  test("`emitWithAck` and `timeout` have the outcome", async () => {
    const client = await site.connect();
    const uuid = await site.redis.mint(site.newUser());
    assert.deepEqual(await client.socket.timeout(5000).emitWithAck(byUuid, { uuid }), ok);
    assert.equal((await client.socket.emitWithAck(byCookies)).code, "SUBSCRIBE_BY_COOKIES_ERROR");
  });

  test("in the main namespace, which nobody serves, it is answered too", async () => {
    for (const names of Object.values(transports)) {
      const client = await site.connect({ ns: "/", transports: names });
      assert.deepEqual(await answerTo(client, byUuid, { uuid: await site.redis.mint(site.newUser()) }), []);
      assert.deepEqual(client.internal.all, []);
    }
  });
});
