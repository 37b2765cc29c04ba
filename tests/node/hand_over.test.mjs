// SPDX-License-Identifier: MIT
//
// SIGTERM hands the clients over to another gateway on the same port: no new sessions, the old ones closed one
// after the other, nobody refused, and everybody is back at the other one.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import { Mailbox, pause, soon, until } from "./support/await.mjs";
import { health } from "./support/counts.mjs";
import { EventStream } from "./support/event_stream.mjs";
import { Gateway, Nginx, freePort } from "./support/processes.mjs";
import { RawWebSocket, enginePath } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();

// A request of which the gateway has read the beginning. finish() sends the rest, and returns the whole answer
// when the connection has ended.
class Begun {
  #answer = "";

  static async open(gateway, target) {
    const begun = new Begun();
    begun.socket = connect(Number(new URL(gateway.url).port), "127.0.0.1").setNoDelay();
    begun.ended = new Promise((resolve) => begun.socket.on("error", () => {}).on("close", resolve));
    begun.socket.on("data", (bytes) => (begun.#answer += bytes));
    await new Promise((resolve) => begun.socket.write(`GET ${target} HTTP/1.1\r\n`, resolve));
    await until(async () => (await health(gateway)).connections > 0, "its being accepted");
    return begun;
  }

  async finish() {
    this.socket.write("Host: x\r\n\r\n");
    await soon(this.ended, "the end of the connection");
    const [head, body] = this.#answer.split("\r\n\r\n");
    return { status: Number(head.split(" ")[1]), head, body };
  }
}

// Resolves to "refused" or whatever else became of a new connection.
const tryPort = ({ url }) => new Promise((resolve) => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", ({ code }) => resolve(code === "ECONNREFUSED" ? "refused" : code));
  socket.on("connect", () => resolve("connected") || socket.destroy());
});

for (const signal of ["SIGTERM", "SIGINT"])
  test(`a gateway that drains takes nobody new, serves whom it has, and a second signal (${signal}) ends it`, async () => {
    const gateway = await Gateway.start(site.redisServer, "--threads", 1, "--drain", "10m");
    const sockets = [];
    for (let i = 0; i < 20; ++i) sockets.push(await RawWebSocket.open(`${gateway.url}${enginePath}websocket`));
    const ready = await Begun.open(gateway, "/readyz");
    const handshake = await Begun.open(gateway, `${enginePath}polling`);
    const alive = await Begun.open(gateway, "/healthz");
    const idle = await Begun.open(gateway, "/nowhere");
    idle.socket.write("Host: x\r\n\r\n");
    await new Promise((resolve) => idle.socket.once("data", resolve));

    await until(async () => (await health(gateway)).sessions === 20, "all being counted");
    gateway.process.child.kill("SIGTERM");
    await gateway.process.untilSaid(/SIGTERM: closing 20 sessions one after the other within 600 s/);
    await soon(idle.ended, "the end of a connection without a request");
    const answer = await ready.finish();
    assert.equal(answer.status, 503);
    assert.equal(JSON.parse(answer.body).reason, "draining");
    const refused = await handshake.finish();
    assert.equal(refused.status, 503);
    assert.match(refused.head, /^Retry-After: 1$/m);
    assert.match(refused.body, /^draining: /);
    assert.equal((await alive.finish()).status, 200);
    for (const { head } of [answer, refused]) assert.match(head, /^Connection: close$/m);
    await until(async () => (await tryPort(gateway)) === "refused", "the port being closed");

    // A session that is left works, and goes with the second signal.
    const left = sockets.filter((socket) => !socket.frames.all.includes(null));
    assert.equal(left.length, 19);
    await left[0].text(); // Engine.IO's first packet
    left[0].send("40");
    assert.match(await left[0].text(), /^40\{"sid"/);
    const began = Date.now();
    assert.equal(await gateway.process.stop(signal), 0);
    assert.ok(Date.now() - began < 5000, `ended after ${Date.now() - began} ms`);
    for (const socket of left) assert.equal(await socket.closeCode(), 1001);
  });

test("sessions are closed evenly, and the gateway ends when the last one is", async () => {
  const seconds = 4;
  const gateway = await Gateway.start(site.redisServer, "--threads", 1, "--drain", `${seconds}s`);
  const count = 80;
  const clients = [];
  for (let i = 0; i < count; ++i)
    clients.push(await site.connect({ transports: [i % 4 ? "websocket" : "polling"] }, gateway.url));
  const ends = [];
  for (const { socket } of clients) socket.on("disconnect", (reason) => ends.push({ at: Date.now(), reason }));
  const began = Date.now();
  const status = await soon(gateway.process.stop("SIGTERM"), "its end");
  const took = Date.now() - began;
  assert.equal(status, 0);
  assert.match(gateway.process.output, /stopped/);
  await until(() => ends.length === count, "the ends");
  // Those that poll may leave a little earlier than their turn, when their next request finds no gateway.
  for (const [i, { at, reason }] of ends.entries()) {
    const due = (i / count) * seconds * 1000;
    assert.ok(Math.abs(at - began - due) < 1200, `the end ${i} after ${at - began} ms in place of ${due}`);
    assert.match(reason, /transport (close|error)/);
  }
  assert.ok(took < seconds * 1000 + 3500, `ended after ${took} ms`);
});

test("a gateway without a session ends at once", async () => {
  const gateway = await Gateway.start(site.redisServer, "--drain", "10m");
  const began = Date.now();
  assert.equal(await gateway.process.stop("SIGTERM"), 0);
  assert.ok(Date.now() - began < 5000, `ended after ${Date.now() - began} ms`);
});

// Gateways on one port, one after the other.
class Relay {
  static async start() {
    const relay = new Relay();
    relay.port = await freePort();
    await relay.#next();
    return relay;
  }

  async #next() {
    this.gateway = await Gateway.launch(site.redisServer, "--port", this.port, "--share-port", "--threads", 2,
      "--drain", "2s", "--subscribe-by-cookies-url", site.webApp.url);
    await until(() => this.gateway.process.output.match(/connected to Redis/g)?.length === 2, "its shards being there");
  }

  // Starts the next one, and has the old one hand over to it.
  async pass() {
    const old = this.gateway;
    await this.#next();
    assert.equal(await soon(old.process.stop("SIGTERM"), "its end"), 0);
  }
}

// A client that follows a user by cookies, through whatever happens. What failed is in `errors`.
async function following(relay, url, user, transports) {
  const client = await site.connect({ transports, reconnection: true, extraHeaders: { Cookie: site.logIn(user) } }, url);
  client.errors = [];
  client.user = user;
  client.socket.io.on("reconnect_error", ({ message, description }) =>
    client.errors.push(`${message}: ${description?.message ?? description}`));
  client.subscribed = new Mailbox("a subscription");
  client.socket.on("internal", ({ code }) => code === "SUBSCRIPTION_OK" && client.subscribed.put(code));
  const subscribe = () => client.socket.emit("subscribe-to-notifications-by-cookies");
  client.socket.on("connect", subscribe);
  subscribe();
  await client.subscribed.next();
  return client;
}

// Follows a user by streams of events, each of which goes on where the one before has ended.
class Returning {
  told = []; // of the streams that have ended
  errors = [];
  streams = 0;

  static async start(url, user, uuid) {
    const returning = new Returning();
    returning.user = user;
    returning.stream = await EventStream.open(url, { query: `uuid=${uuid}` });
    await returning.stream.next();
    returning.over = returning.#follow(url);
    return returning;
  }

  async #follow(url) {
    let id = "";
    for (;;) {
      if (this.stream.status === 200) ++this.streams;
      else this.errors.push(this.stream.status);
      await this.stream.ended;
      this.told.push(...this.stream.events.all.splice(0));
      id = this.stream.id || id;
      if (this.ends) return;
      await pause(1000); // as browsers do
      const again = () => EventStream.open(url, { headers: { "Last-Event-ID": id } });
      while (!(this.stream = await again().catch(({ code }) => void this.errors.push(code)))) await pause(1000);
    }
  }

  get messages() {
    const all = [...this.told, ...this.stream.events.all];
    return all.filter(({ event }) => event === "notification").map(({ data }) => data.message);
  }

  async stop() {
    this.ends = true;
    await this.stream.close();
    await this.over;
  }
}

for (const route of ["direct", "nginx"])
  test(`gateways are replaced one after the other, under load, and all clients are back (${route})`, async (t) => {
    const relay = await Relay.start();
    const nginx = route === "nginx" && (await Nginx.start(relay.gateway, { webApp: site.webApp.port }));
    after(() => relay.gateway.stop());
    after(() => nginx && nginx.stop());
    const url = nginx ? nginx.url : relay.gateway.url;
    const kinds = [["websocket"], ["websocket"], ["polling"], ["polling", "websocket"]];
    const clients = await Promise.all(
      Array.from({ length: 40 }, (_, i) => following(relay, url, site.newUser(), kinds[i % kinds.length])));
    const load = setInterval(() => clients.forEach(({ user }) => site.redis.publish(user, "load").catch(() => {})), 100);
    const streams = [];
    for (let i = 0; i < 8; ++i) {
      const user = site.newUser();
      streams.push(await Returning.start(url, user, await site.redis.mint(user)));
    }
    let stored = 0;
    const storing = setInterval(() => {
      const message = `stored ${stored++}`;
      streams.forEach(({ user }) => site.redis.store(user, { message }).catch(() => {}));
    }, 50);
    // Connections come all the time, too.
    const fates = {};
    let ended = false;
    const visitors = (async () => {
      for (; !ended; await pause(3)) {
        const fate = fetch(`${url}/socket.io/socket.io.js`, { headers: { Connection: "close" } })
          .then(async (answer) => (await answer.text()) && answer.status, (error) => error.cause?.code ?? error.message)
          .then((fate) => (fates[fate] = (fates[fate] ?? 0) + 1));
        if (Math.random() < 0.05) await fate;
      }
    })();
    for (let round = 0; round < 3; ++round) {
      await relay.pass();
      for (const client of clients) {
        await until(() => client.socket.connected, `${client.user} being back`);
        const mark = `mark ${round}`;
        await until(async () => {
          await site.redis.publish(client.user, mark);
          return client.notifications.all.includes(mark);
        }, `${client.user} hearing again`);
      }
      const all = clients.length + streams.length;
      await until(async () => (await health(relay.gateway)).sessions === all, "all of them, once");
    }
    ended = true;
    await visitors;
    clearInterval(load);
    clearInterval(storing);
    const expected = Array.from({ length: stored }, (_, i) => `stored ${i}`);
    for (const stream of streams) {
      await until(() => stream.messages.length >= stored, "all that was stored");
      await stream.stop();
      assert.deepEqual(stream.messages, expected);
      assert.deepEqual(stream.errors, []);
      assert.ok(stream.streams >= 4, `${stream.streams} streams in four gateways`);
    }

    t.diagnostic(`visitors: ${JSON.stringify(fates)}`);
    assert.deepEqual(Object.keys(fates), ["200"]);
    const errors = clients.flatMap((client) => client.errors);
    t.diagnostic(`errors of 40 clients in 3 rounds: ${JSON.stringify(errors)}`);
    // Who comes back within the half second in which the old gateway accepts its last connections is told so, and
    // comes again. While both listen, long-polling requests may go to the one that does not know the session.
    for (const error of errors) assert.doesNotMatch(error, /ECONN|hang up/);
    for (const client of clients) assert.ok(client.errors.length <= 9, `${client.user}: ${client.errors}`);
  });
