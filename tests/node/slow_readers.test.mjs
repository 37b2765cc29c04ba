// SPDX-License-Identifier: MIT
//
// Clients that do not read: what is queued for each is bounded, each loses its connection, and it
// costs nobody else anything. The gateway never stops reading Redis for them.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();
const megabyte = 1 << 20;

// CONNECT as this user.
const connectAs = async (user) => `40${namespace},${JSON.stringify({ uuid: await site.redis.mint(user) })}`;

// Each opens a session of the user's that takes nothing any more.
const deaf = {
  // The kernel's buffers take some megabytes before the gateway has to queue.
  "a WebSocket that is not read": async (gateway, user) => {
    const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
    await ws.text();
    ws.send(await connectAs(user));
    while (!(await ws.text()).includes("SUBSCRIPTION_OK"));
    ws.socket.pause();
    return () => ws.end();
  },
  "a session that never polls": async (gateway, user) => {
    const polling = await Polling.open(gateway.url);
    await polling.post(await connectAs(user));
    while (!(await polling.packets()).some((packet) => packet.includes("SUBSCRIPTION_OK")));
    return () => {};
  },
  "a poll whose answer is not read": async (gateway, user) => {
    const polling = await Polling.open(gateway.url);
    await polling.post(await connectAs(user));
    while (!(await polling.packets()).some((packet) => packet.includes("SUBSCRIPTION_OK")));
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) }).on("error", () => {});
    socket.write(`GET ${enginePath}polling&sid=${polling.sid} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.pause();
    return () => socket.destroy();
  },
};

// Publishes so many bytes to the user in messages of this size. A good tab of the same user gets
// each of them, so that the gateway has to go on with the channel, and a bystander its own between.
async function publish(user, { good, bystander, bytes, size }) {
  const text = "x".repeat(size);
  const atOnce = Math.max(1, Math.floor(megabyte / size)); // so that the good one keeps up
  for (let sent = 0; sent < bytes; sent += atOnce * size) {
    for (let i = 0; i < atOnce; ++i) site.redis.publish(user, text);
    site.redis.publish(bystander.user, `after ${sent}`);
    for (let i = 0; i < atOnce; ++i) assert.equal((await good.notifications.next()).length, size);
    good.notifications.all.fill(null);
    assert.equal(await bystander.client.notifications.next(), `after ${sent}`);
  }
}

// Each is answered by a pong: of those that wait for a client only the newest is kept.
// (A sanitizer keeps 16 MB of what was freed, and as much again of what it knows of that.)
test("a client that pings and does not read takes no memory, and is kept", async () => {
  const gateway = await Gateway.start(site.redisServer, "--threads", 1);
  try {
    const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
    await ws.text();
    ws.socket.pause();
    const memory = gateway.rss;
    const pings = Buffer.alloc(60_000, Buffer.from([0x89, 0x80, 0, 0, 0, 0])); // masked with zeros, as a mask may be
    for (let i = 0; i < 500; ++i)
      if (!ws.socket.write(pings)) await new Promise((resolve) => ws.socket.once("drain", resolve));
    ws.frame(9, "the last");
    assert.ok(gateway.peak - memory < (gateway.sanitized ? 64 : 4) * 1024, `grew by ${gateway.peak - memory} KiB`);
    ws.socket.resume();
    for (let last = ""; last !== "the last"; ) last = (await ws.frames.next()).payload.toString();
    ws.end();
  } finally {
    await gateway.stop();
  }
});

for (const [what, open] of Object.entries(deaf))
  describe(what, () => {
    for (const [size, bytes] of [[megabyte - 1000, 400 * megabyte], [10_000, 100 * megabyte], [100, 20 * megabyte]])
      test(`${bytes / megabyte} MB in messages of ${size} bytes`, async () => {
        const gateway = await Gateway.start(site.redisServer, "--threads", 1);
        try {
          const [user, other] = [site.newUser(), site.newUser()];
          const good = await site.follow(user, {}, gateway.url);
          const bystander = { user: other, client: await site.follow(other, {}, gateway.url) };
          const end = await open(gateway, user);
          const memory = gateway.rss;
          await publish(user, { good, bystander, bytes, size });
          const grown = gateway.peak - memory;
          assert.ok(grown < (gateway.sanitized ? 64 : 32) * 1024, `grew by ${grown} KiB`);
          const closed = async () => (await (await fetch(`${gateway.url}/healthz`)).json()).closed;
          await until(async () => (await closed()).slow_reader === 1, "the end of who does not read");
          assert.deepEqual(Object.keys(await closed()), ["slow_reader"]);
          end();
        } finally {
          site.closeClients();
          await gateway.stop();
        }
      });
  });
