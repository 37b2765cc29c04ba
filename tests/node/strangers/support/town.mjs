// SPDX-License-Identifier: MIT
//
// A gateway that strangers come to, and a bystander who lives there. Each case must leave the
// bystander served; when all have gone, nothing may be left of them.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { pause, until } from "../../support/await.mjs";
import { Polling, RawWebSocket, enginePath, request } from "../../support/raw.mjs";
import { channelOf } from "../../support/redis_client.mjs";
import { Client, Site, namespace } from "../../support/site.mjs";
import { Wire, inTime } from "./wire.mjs";

const allowance = 16 * 1024; // KiB that malloc may keep of what it was given back

export class Town {
  #site;
  #visitors = []; // functions that send a case's visitors home

  // Of a whole file. Its last test must be leavesNothing().
  static forThisFile({ threads = 1, gateway = [] } = {}) {
    const town = new Town();
    town.#site = Site.forThisFile({ gateway: ["--threads", threads, ...gateway] });
    before(() => town.#settle());
    after(() => town.bystander?.socket.disconnect());
    return town;
  }

  get url() {
    return this.#site.url();
  }

  get redis() {
    return this.#site.redis;
  }

  // One case: what the stranger does and is answered, then the bystander's turn.
  case(name, visit) {
    test(name, async () => {
      try {
        await visit();
      } finally {
        await Promise.all(this.#visitors.splice(0).map((leave) => leave()));
      }
      await this.serves();
    });
  }

  // What was published to the bystander arrives, and nothing else did.
  async serves() {
    const others = await inTime(this.#site.flush(this.bystander, "bystander"), "a notification");
    assert.deepEqual(others, []);
    assert.equal(this.bystander.socket.connected, true);
  }

  // --- ways to visit, each ended with its case ---

  wire(options) {
    const wire = new Wire(this.url, options);
    this.#visitors.push(() => wire.socket.destroy());
    return wire;
  }

  async websocket(url = this.url + enginePath + "websocket", headers) {
    const ws = await RawWebSocket.open(url, headers);
    this.#visitors.push(() => ws.end());
    return ws;
  }

  // A WebSocket whose session is open, and in the namespace if that is wanted.
  async session({ joined = true, eio = 4 } = {}) {
    const ws = await this.websocket(`${this.url}/socket.io/?EIO=${eio}&transport=websocket`);
    assert.match(await inTime(ws.text(), "the handshake"), /^0\{"sid"/);
    if (eio === 3) assert.equal(await inTime(ws.text(), "the main namespace"), "40"); // without asking
    if (!joined) return ws;
    ws.send(`40${namespace},`);
    const answer = eio === 3 ? /^40\/io\/user\/notifications,$/ : /^40\/io\/user\/notifications,\{"sid"/;
    assert.match(await inTime(ws.text(), "the answer to CONNECT"), answer);
    return ws;
  }

  async polling({ joined = false } = {}) {
    const polling = await Polling.open(this.url);
    this.#visitors.push(() => polling.post("1"));
    if (joined) {
      await polling.post(`40${namespace},`);
      assert.match((await polling.packets())[0], /^40\/io/);
    }
    return polling;
  }

  // A session that polls as old clients do: Kind is Polling or Jsonp of the conformance tests, who
  // know the versions. It is in the namespace.
  async old(Kind, version, query) {
    const session = await Kind.open(`${this.url}/socket.io/`, version, query);
    this.#visitors.push(() => session.postBody(session.version.write(["1"])));
    await session.send(`40${namespace},`);
    for (let packet; (packet = await inTime(session.next(), "the answer to CONNECT")); )
      if (packet.startsWith(`40${namespace},`)) return session;
  }

  // --- what is there ---

  // Counts of the gateway's own, and of what Redis and the kernel hold for it.
  async holdings() {
    const descriptors = readdirSync(`/proc/${this.#site.gateway.process.pid}/fd`).length;
    const { sessions, channels, connections } = JSON.parse((await request(`${this.url}/healthz`)).body);
    const subscribed = (await this.redis.channels()).sort();
    return { sessions, channels, connections, subscribed, descriptors };
  }

  // Comes to be what was expected; asked again for as long as channels linger, and more.
  async #comesTo(expected) {
    const end = Date.now() + 25_000;
    for (;;) {
      await pause(30); // who asked before is gone by now, and the counts are of this moment
      const found = await this.holdings();
      const same = isDeepStrictEqual({ ...found, ...expected }, found);
      if (same || Date.now() > end) assert.deepEqual(found, { ...found, ...expected });
      if (same) return found;
    }
  }

  // Hooks of a file's first level are not waited for by each other.
  async #settle() {
    await until(() => this.#site.gateway, "the gateway");
    const uuid = await this.redis.mint("bystander");
    this.bystander = new Client(this.url, { auth: { uuid } });
    assert.equal((await this.bystander.internal.next()).code, "SUBSCRIPTION_OK");
    // fetch, with which the gateway was waited for, keeps its connection for seconds. No more of it here.
    await globalThis[Symbol.for("undici.globalDispatcher.1")]?.close();
    const alone = { sessions: 1, channels: 1, connections: 1, subscribed: [channelOf("bystander")] };
    const { descriptors } = await this.#comesTo(alone);
    this.#before = { ...alone, descriptors };
    await this.#warmUp();
    await this.#comesTo(this.#before);
    this.#rss = this.#site.gateway.rss;
  }
  #before;
  #rss;

  // Buffers that are kept for everybody have their size after this.
  async #warmUp() {
    const big = `42${namespace},["x","${"x".repeat(900_000)}"]`;
    const ws = await this.session();
    ws.send(big);
    const polling = await this.polling({ joined: true });
    await polling.post(big);
    await Promise.all(this.#visitors.splice(0).map((leave) => leave()));
  }

  leavesNothing() {
    test("when all have gone, nothing is left of them", async () => {
      await this.#comesTo(this.#before);
      assert.equal(await this.redis.subscribers(channelOf("bystander")), 1);
      const { pid } = this.#site.gateway.process;
      if (/lib[at]san/.test(readFileSync(`/proc/${pid}/maps`, "latin1"))) return; // these keep what is freed
      const growth = this.#site.gateway.rss - this.#rss;
      assert.ok(growth < allowance, `grown by ${growth} KiB`);
    });
  }
}
