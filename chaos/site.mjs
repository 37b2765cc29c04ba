// SPDX-License-Identifier: MIT
//
// All that runs in one run: Redis with a replica, two gateways, the clients and the sender.
import { pause, until } from "../tests/node/support/await.mjs";
import { channelOf } from "../tests/node/support/redis_client.mjs";
import { Faults } from "./faults.mjs";
import { Gateways, notifyGateway, recoveringServer } from "./gateways.mjs";
import { Ledger } from "./ledger.mjs";
import { RedisPair } from "./redis_pair.mjs";
import { Sender, byScript, byStream } from "./sender.mjs";
import { PollingDevice, WebSocketDevice } from "./socketio_device.mjs";
import { StreamDevice } from "./stream_device.mjs";
import { Verdict } from "./verdict.mjs";

const gatewayCount = 2;
const quiet = 5000; // ms without a delivery, after which nothing more is expected
const opening = 20; // clients that connect at a time

// What is compared: which servers, how is sent to them, which clients they have. Socket.IO's server has no event that
// tells of a gap: a client that comes back as a new session knows that it may have missed something.
export const contestants = {
  notify: {
    launch: notifyGateway, how: byScript, newSessionTells: false,
    kinds: { websocket: WebSocketDevice, polling: PollingDevice, stream: StreamDevice },
  },
  "Socket.IO": {
    launch: recoveringServer, how: byStream, newSessionTells: true,
    kinds: { websocket: WebSocketDevice, polling: PollingDevice, stream: WebSocketDevice },
  },
};

export class Site {
  devices = [];
  calm = null; // latencies in ms by kind, while they are measured

  static async start(contestant, options) {
    const site = new Site();
    Object.assign(site, { contestant, options });
    site.redis = await RedisPair.start();
    site.gateways = await Gateways.start(site.redis, gatewayCount, contestant.launch);
    site.ledger = new Ledger(Array.from({ length: options.users }, (_, i) => `user-${i}`));
    site.faults = new Faults(site, options.faults);
    site.sender = new Sender(site.redis, site.ledger, contestant.how);
    return site;
  }

  // By what a client says who it is. Resolves when there is a Redis to write it to.
  async proof(user) {
    if (this.contestant.how === byStream) return { user };
    for (;;) {
      const uuid = await this.redis.mint(user).catch(() => null);
      if (uuid) return { uuid };
      await pause(100);
    }
  }

  async connectAll() {
    const kinds = this.options.kinds.map((kind) => this.contestant.kinds[kind]);
    for (const [i, user] of this.ledger.users.entries()) {
      const device = new kinds[i % kinds.length](this, user);
      this.devices.push(device);
      device.open();
      await until(() => this.devices.filter((d) => !d.subscribed).length < opening, "clients being subscribed");
    }
    await until(() => this.devices.every((d) => d.subscribed), "all clients being subscribed");
  }

  // Sends stored and live notifications by turns, and returns the medians of their ways from before the send to
  // the client, in ms. Redis writes to disk once a second meanwhile: how long a disk takes is not the question.
  async measureCalm(count, perSecond) {
    await this.redis.command("CONFIG", "SET", "appendfsync", "everysec");
    this.calm = { stored: [], live: [] };
    const users = this.ledger.users;
    await this.sender.send(count, perSecond, (n) => {
      const text = `live 0 ${performance.now()}`;
      this.redis.command("PUBLISH", channelOf(users[n % users.length]), text).catch(() => {});
    });
    await this.#untilQuiet();
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    const { stored, live } = this.calm;
    this.calm = null;
    await this.redis.command("CONFIG", "SET", "appendfsync", "always");
    return { stored: median(stored), live: median(live) };
  }

  // Sends everything while things break, and returns the verdict.
  async run() {
    const { messages, rate } = this.options;
    // The last fault is over before the last notification, so that all faults meet some.
    await Promise.all([this.sender.send(messages, rate), this.faults.run((0.85 * messages) / rate)]);
    await this.#untilQuiet();
    const verdict = new Verdict(this.ledger, this.faults, this.contestant.newSessionTells);
    for (const device of this.devices) verdict.judge(device);
    return verdict;
  }

  get received() {
    return this.devices.reduce((sum, { received }) => sum + received.length, 0);
  }

  async stop() {
    this.faults?.stop();
    this.sender?.close();
    for (const device of this.devices) device.close();
    await this.gateways?.stop();
    await this.redis?.stop();
  }

  // Everything is there, or nothing has come for a while.
  async #untilQuiet() {
    for (let before = -1, since = performance.now(); performance.now() - since < quiet; await pause(100)) {
      if (this.received !== before) since = performance.now();
      before = this.received;
      if (this.ledger.accepted === before && this.devices.every((d) => d.subscribed) && !this.calm) return;
    }
  }
}
