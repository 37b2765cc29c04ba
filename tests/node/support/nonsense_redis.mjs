// SPDX-License-Identifier: MIT
//
// A proxy between the gateway and a real Redis. It passes everything on until a test tells it otherwise:
// then it sends what Redis never would, cuts connections, holds replies back, or answers itself.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { soon, until } from "./await.mjs";
import { Gateway } from "./processes.mjs";
import { channelOf } from "./redis_client.mjs";

export class NonsenseRedis {
  // All connections so far whose use is known, by what the gateway uses them for.
  seen = { commands: 0, messages: 0 };
  connects = 0; // all connections so far
  // Set it to handle new connections instead of Redis: (socket) => …
  instead = null;
  // Set it to answer instead of Redis, which then does not see the command: (bytes, link) => reply, or null.
  answer = () => null;
  // Set it to change what Redis sends: (bytes, link) => bytes to pass on, or null for none.
  change = (bytes) => bytes;
  #links = new Set();

  static async start(redis) {
    const nonsense = new NonsenseRedis();
    nonsense.redis = redis;
    nonsense.server = createServer({ noDelay: true }, (socket) => nonsense.#serve(socket));
    await new Promise((resolve) => nonsense.server.listen(0, "127.0.0.1", resolve));
    nonsense.url = `redis://127.0.0.1:${nonsense.server.address().port}`;
    return nonsense;
  }

  #serve(socket) {
    ++this.connects;
    const link = { socket, kind: "unknown" };
    this.#links.add(link);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#links.delete(link);
      link.redis?.destroy();
    });
    if (this.instead) return void this.instead(socket);
    link.redis = connect(this.redis.port, "127.0.0.1");
    link.redis.on("error", () => {}).on("close", () => socket.destroy());
    socket.on("data", (bytes) => {
      this.#recognize(link, bytes);
      const reply = this.answer(bytes, link);
      if (reply) socket.write(reply);
      else link.redis.write(bytes);
    });
    link.redis.on("data", (bytes) => {
      const passed = this.change(bytes, link);
      if (passed) socket.write(passed);
    });
  }

  #recognize(link, bytes) {
    const name = bytes.toString("latin1").match(/notify-gateway-(commands|messages)-\d/);
    if (!name || link.kind !== "unknown") return;
    link.kind = name[1];
    ++this.seen[link.kind];
  }

  // The open connection of this kind.
  link(kind) {
    return [...this.#links].find((link) => link.kind === kind);
  }

  // Sends this as if Redis did. Resolves when the gateway has read it, or never will.
  say(kind, bytes) {
    const { socket } = this.link(kind);
    const read = new Promise((resolve) => socket.write(bytes, "latin1", () => resolve()));
    return soon(read, "the gateway reading or hanging up");
  }

  // Ends all connections.
  hangUp() {
    for (const { socket } of this.#links) socket.destroy();
  }

  async stop() {
    this.hangUp();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// A RESP 2 reply: text is a bulk string, null nil.
export function resp(value) {
  if (value === null) return "$-1\r\n";
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(resp).join("")}`;
  if (typeof value === "number") return `:${value}\r\n`;
  return `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
}

// Runs a check with a new gateway behind such a proxy, and a user who is subscribed there.
export async function behindNonsense(site, run) {
  const front = await NonsenseRedis.start(site.redisServer);
  const gateway = await Gateway.start(front, "--threads", 1);
  try {
    const user = site.newUser();
    const client = await site.follow(user, {}, gateway.url);
    await run({ front, gateway, user, client, channel: channelOf(user) });
    assert.equal(client.socket.connected, true);
    assert.deepEqual(client.disconnects.all, []);
    assert.equal(client.answers.length, 1); // nobody had to subscribe again
    site.closeClients();
  } finally {
    await gateway.stop(); // fails if it has crashed
    await front.stop();
  }
}

// Asserts that all works again: both connections, the subscription, and messages, each once, in order.
export async function assertBack(site, { gateway, user, client }) {
  const health = async () => (await (await fetch(`${gateway.url}/healthz`)).json()).redis;
  await until(async () => (await health()) === "up", "the gateway being back");
  const sent = [];
  const got = client.notifications.all;
  await until(async () => {
    await site.redis.publish(user, sent[sent.push(`after ${sent.length}`) - 1]);
    return got.length > 0;
  }, "the subscription being back");
  await site.redis.publish(user, "the end");
  await until(() => got.at(-1) === "the end", "the end");
  assert.deepEqual(got, [...sent.slice(1 - got.length), "the end"]);
  // uuids are read over a connection of their own, which may come back a little later.
  const other = await site.connect({}, gateway.url);
  const trial = async () => (await other.byUuid(await site.redis.mint(site.newUser()))).code;
  await until(async () => (await trial()) === "SUBSCRIPTION_OK", "a new subscription");
}
