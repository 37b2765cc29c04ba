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
import { RawWebSocket, enginePath } from "./support/raw.mjs";
import { Site, namespace, transports } from "./support/site.mjs";

const site = Site.forThisFile();
const ok = { type: "success", code: "SUBSCRIPTION_OK", message: "subscribed" };
const byUuid = "subscribe-to-notifications";
const byCookies = "subscribe-to-notifications-by-cookies";

// What a client is answered, as the arguments of its callback.
const answerTo = (client, ...event) =>
  soon(new Promise((resolve) => client.socket.emit(...event, (...args) => resolve(args))), "the acknowledgement");

// A WebSocket that has joined the namespace.
async function joined() {
  const ws = await RawWebSocket.open(`${site.url()}${enginePath}websocket`);
  await ws.text();
  ws.send(`40${namespace},`);
  await ws.text();
  return ws;
}

const ask = (id, uuid) => `42${namespace},${id}["${byUuid}",{"uuid":"${uuid}"}]`;

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

describe("a uuid that is sent again", () => {
  test("while it is asked about, or before its answer has come, has the same answer", async () => {
    const ws = await joined();
    const uuid = await site.redis.mint(site.newUser());
    for (const id of [1, 2]) ws.send(ask(id, uuid));
    const text = JSON.stringify(ok);
    assert.equal(await ws.text(), `42${namespace},["internal",${text}]`);
    for (const id of [1, 2]) assert.equal(await ws.text(), `43${namespace},${id}[${text}]`);
    ws.send(ask(3, uuid));
    assert.equal(await ws.text(), `43${namespace},3[${text}]`);
    ws.end();
  });

  test("by somebody else is nobody's", async () => {
    const [first, second] = [await joined(), await joined()];
    const uuid = await site.redis.mint(site.newUser());
    first.send(ask(1, uuid));
    for (const expected of [/SUBSCRIPTION_OK/, /^43.*,1\[.*SUBSCRIPTION_OK/]) assert.match(await first.text(), expected);
    second.send(ask(2, uuid));
    for (const expected of [/USERID_IS_NULL/, /^43.*,2\[.*USERID_IS_NULL/]) assert.match(await second.text(), expected);
    for (const ws of [first, second]) ws.end();
  });
});

test("a question that another one replaces is answered with the outcome of that", async () => {
  const ws = await joined();
  const [first, last] = [await site.redis.mint(site.newUser()), await site.redis.mint(site.newUser())];
  ws.socket.cork(); // so that all come while the first is under way
  for (const [id, uuid] of [[1, first], [2, "never-asked"], [3, last]]) ws.send(ask(id, uuid));
  ws.socket.uncork();
  assert.match(await ws.text(), /"internal".*SUBSCRIPTION_OK/);
  const ids = [];
  for (let i = 0; i < 3; ++i) ids.push((await ws.text()).match(/^43[^,]*,(\d+)\[.*SUBSCRIPTION_OK/)[1]);
  assert.deepEqual(ids.sort(), ["1", "2", "3"]);
  ws.end();
});

test("10,000 that ask while one question is under way are each answered once", async () => {
  const ws = await joined();
  const count = 10_000;
  for (let id = 0; id < count; ++id) ws.send(ask(id, id % 2 ? "of-nobody" : `nobody-${id}`));
  const answered = new Set();
  while (answered.size < count) {
    const id = (await ws.text()).match(/^43[^,]*,(\d+)\[/)?.[1];
    if (id === undefined) continue; // an internal event
    assert.ok(!answered.has(id), `${id} was answered twice`);
    answered.add(id);
  }
  ws.end();
});
