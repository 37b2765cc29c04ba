// SPDX-License-Identifier: MIT
//
// --max-queue, to the byte: whoever reads nothing is kept as long as what waits for it fits, and gets
// all of it when it reads again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, health, inTheLog, withGateway } from "./support/counts.mjs";
import { Polling, RawWebSocket, enginePath, textsIn } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();
const megabyte = 1 << 20;

const besides = 48; // bytes that a frame takes in memory besides those on the wire

// A message that takes so many bytes of a queue, in memory.
function messageOf(memory) {
  const size = memory - besides;
  const around = `42${namespace},["notification",{"message":""}]`.length;
  const head = size - 4 <= 0xffff ? 4 : 10; // of frames longer than 125 bytes
  return "x".repeat(size - around - head);
}

const connectAs = async (user) => `40${namespace},${JSON.stringify({ uuid: await site.redis.mint(user) })}`;

// A session that has read all there is, and reads no more.
async function deafPolling(gateway, user) {
  const polling = await Polling.open(gateway.url);
  await polling.post(await connectAs(user));
  while (!(await polling.packets()).some((packet) => packet.includes("SUBSCRIPTION_OK")));
  return polling;
}

async function deafWebSocket(gateway, user) {
  const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
  ws.send(await connectAs(user));
  while (!(await ws.text()).includes("SUBSCRIPTION_OK"));
  ws.socket.pause();
  return ws;
}

// Publishes to the user of a tab that reads, and sees all of it arrive there.
async function publish(user, tab, texts) {
  for (const text of texts) {
    await site.redis.publish(user, text);
    assert.equal(await tab.notifications.next(), text);
  }
}

test("at the limit a session that does not poll is kept, a byte past it it is closed", async () => {
  const limit = 20_000;
  await withGateway(site, ["--max-queue", limit], async (gateway) => {
    const [user, other] = [site.newUser(), site.newUser()];
    const [tab, otherTab] = [await site.follow(user, {}, gateway.url), await site.follow(other, {}, gateway.url)];
    const [kept, closed] = [await deafPolling(gateway, user), await deafPolling(gateway, other)];
    const full = Array(20).fill(messageOf(limit / 20));
    await publish(user, tab, full);
    await publish(other, otherTab, [...full.slice(1), messageOf(limit / 20 + 1)]);
    await counted(gateway, "closed", "slow_reader");
    await publish(other, otherTab, ["after it"]);
    assert.deepEqual(Object.keys((await health(gateway)).closed), ["slow_reader"]);
    await inTheLog(gateway, "slow_reader");
    assert.equal((await closed.get()).status, 400);

    const packets = [];
    while (packets.length < full.length) packets.push(...(await kept.packets()));
    assert.deepEqual(textsIn(packets), full);
    await publish(user, tab, [...full, "one more"]); // fits again, but for the last
    await counted(gateway, "closed", "slow_reader", 2);
    assert.equal((await kept.get()).status, 400);
  });
});

test("one message that is larger waits alone, and none with it", async () => {
  await withGateway(site, ["--max-queue", 20_000], async (gateway) => {
    const user = site.newUser();
    const tab = await site.follow(user, {}, gateway.url);
    const [reads, deaf] = [await deafPolling(gateway, user), await deafPolling(gateway, user)];
    const large = messageOf(100_000);
    await publish(user, tab, [large]);
    assert.deepEqual(textsIn(await reads.packets()), [large]);
    await publish(user, tab, ["Hey"]);
    assert.deepEqual(textsIn(await reads.packets()), ["Hey"]);
    await counted(gateway, "closed", "slow_reader");
    assert.equal((await deaf.get()).status, 400);
  });
});

// The kernel's buffers hold some megabytes of what is sent, which nobody knows to the byte.
test("a WebSocket with more waiting than the kernel holds gets all when it reads again, or is closed", async () => {
  await withGateway(site, ["--max-queue", 32 * megabyte, "--ping-interval", 60_000], async (gateway) => {
    const user = site.newUser();
    const tab = await site.follow(user, {}, gateway.url);
    const [patient, deaf] = [await deafWebSocket(gateway, user), await deafWebSocket(gateway, user)];
    const texts = Array.from({ length: 31 }, (_, i) => `${i} ${messageOf(megabyte - 10)}`);
    await publish(user, tab, texts);
    assert.deepEqual((await health(gateway)).closed, {});
    patient.socket.resume();
    const packets = [];
    while (packets.length < texts.length) {
      const text = await patient.text();
      if (text === "2") patient.send("3");
      else packets.push(text);
    }
    assert.deepEqual(textsIn(packets), texts);

    await publish(user, tab, texts); // in all more than the queue and the kernel's buffers
    await counted(gateway, "closed", "slow_reader");
    deaf.end();
    patient.end();
  });
});
