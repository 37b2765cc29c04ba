// SPDX-License-Identifier: MIT
//
// What is published while a client changes from polling to a WebSocket arrives once and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { Polling, RawWebSocket, request, textsIn } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const upTo = (n) => Array.from({ length: n }, (_, i) => String(i));
const soon = () => pause(Math.random() * 4);

// Publishes 0, 1, 2, … until stopped; stop() returns how many.
function publishUntilStopped(user) {
  let [stopped, count] = [false, 0];
  const done = (async () => {
    while (!stopped) {
      const burst = 1 + Math.floor(Math.random() * 5);
      await Promise.all(upTo(burst).map(() => site.redis.publish(user, String(count++))));
      await pause(Math.random() * 2);
    }
  })();
  return async () => {
    stopped = true;
    await done;
    return count;
  };
}

for (const route of ["direct", "nginx"]) {
  test(`socket.io-client upgrades under load, ${route}: 60 times, 6 at a time`, async () => {
    const round = async () => {
      const user = site.newUser();
      const client = await site.follow(user, { transports: ["polling", "websocket"] }, site.url(route));
      const stop = publishUntilStopped(user);
      await client.upgraded();
      await soon();
      const sent = await stop();
      assert.deepEqual(await site.flush(client, user), upTo(sent));
      client.socket.disconnect();
    };
    for (let i = 0; i < 10; ++i) await Promise.all(upTo(6).map(round));
  });

  test(`each step of an upgrade delayed, ${route}: 60 times, 6 at a time`, async () => {
    const round = async () => {
      const user = site.newUser();
      const polling = await Polling.open(site.url(route));
      await polling.post(`40/io/user/notifications,{"uuid":"${await site.redis.mint(user)}"}`);
      const packets = [];
      while (!packets.some((p) => p.includes("SUBSCRIPTION_OK"))) packets.push(...(await polling.packets()));

      const stop = publishUntilStopped(user);
      let upgrading = false;
      const polled = (async () => {
        while (!upgrading) packets.push(...(await polling.packets()));
      })();
      await soon();
      const ws = await RawWebSocket.open(polling.upgradeUrl);
      assert.equal(ws.status, 101);
      await soon();
      ws.send("2probe");
      assert.equal(await ws.text(), "3probe");
      await soon();
      upgrading = true; // a client pauses its polling: what is under way ends, nothing new begins
      await polled;
      await soon();
      // What waits for the WebSocket goes out with its beginning, also if nothing comes after it.
      const early = Math.random() < 0.5 ? await stop() : null;
      ws.send("5");
      await soon();
      const sent = early ?? (await stop());
      while (textsIn(packets).length < sent) packets.push(await ws.text());
      assert.deepEqual(textsIn(packets), upTo(sent));
      assert.ok(!packets.includes("2"), "something waited for a heartbeat");
      assert.equal((await polling.post("3")).status, 400);
      assert.equal((await polling.get()).status, 400);
      ws.end();
    };
    for (let i = 0; i < 10; ++i) await Promise.all(upTo(6).map(round));
  });
}

test("an upgrade that breaks off leaves the polling as it was", async () => {
  const user = site.newUser();
  for (const breakOff of [
    (ws) => ws.end(),
    (ws) => ws.send("4no probe"),
    async (ws) => {
      ws.send("2probe");
      await ws.text();
      ws.end();
    },
  ]) {
    const polling = await Polling.open(site.url());
    await polling.post(`40/io/user/notifications,{"uuid":"${await site.redis.mint(user)}"}`);
    const packets = [];
    while (!packets.some((p) => p.includes("SUBSCRIPTION_OK"))) packets.push(...(await polling.packets()));
    const ws = await RawWebSocket.open(polling.upgradeUrl);
    await breakOff(ws);
    await ws.ended();
    await site.redis.publish(user, "Hey");
    await until(async () => textsIn(await polling.packets()).includes("Hey"), "Hey");
    assert.equal((await polling.post("1")).status, 200);
  }
});

test("a session is upgraded once: another WebSocket for it is closed", async () => {
  const polling = await Polling.open(site.url());
  const first = await RawWebSocket.open(polling.upgradeUrl);
  const second = await RawWebSocket.open(polling.upgradeUrl);
  await second.ended();
  first.send("2probe");
  assert.equal(await first.text(), "3probe");
  first.send("5");
  first.send("40/io/user/notifications,");
  assert.match(await first.text(), /^40\/io\/user\/notifications,\{"sid":/);
  await (await RawWebSocket.open(polling.upgradeUrl)).ended();
  assert.deepEqual(
    [(await request(polling.url)).status, (await polling.post("3")).status],
    [400, 400],
  );
  first.end();
});

test("a client of another transport may not use a session", async () => {
  const ws = await RawWebSocket.open(`${site.url()}/socket.io/?EIO=4&transport=websocket`);
  const { sid } = JSON.parse((await ws.text()).slice(1));
  const answer = await request(`${site.url()}/socket.io/?EIO=4&transport=polling&sid=${sid}`);
  assert.equal(answer.status, 400);
  assert.deepEqual(JSON.parse(answer.body), { code: 3, message: "Bad request" });
  ws.end();
});
