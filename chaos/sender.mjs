// SPDX-License-Identifier: MIT
//
// Sends notifications at a fixed rate, to users at random, over one pipelined connection. What Redis did not
// acknowledge when the connection broke is sent again, in order. How to send is one of the two below.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../tests/node/support/await.mjs";
import { root } from "../tests/node/support/processes.mjs";
import { RedisClient, channelOf } from "../tests/node/support/redis_client.mjs";
import { ownName } from "./redis_pair.mjs";

const script = readFileSync(join(root, "core/redis/lua/send.lua"), "utf8");
const tick = 10; // ms
const compared = 30; // a user's newest entries; more than a failover loses

// Stores it as notify-send does. The id makes it safe to send it again.
export const byScript = {
  retries: true,
  prepare: (client) => client.command("SCRIPT", "LOAD", script),
  async send(client, sha, { user, number, text }) {
    const json = JSON.stringify({ message: text });
    const [id, , at] = await client.command("EVALSHA", sha, 1, channelOf(user), json, "id", `${user}:${number}`);
    return `${id}-${at}`;
  },
  // The places of each user's newest entries.
  async newest(client, users) {
    const logs = await Promise.all(users.map((user) => client.command("LRANGE", channelOf(user), -compared, -1)));
    const places = logs.map((entries) => entries.map((entry) => entry.slice(0, entry.indexOf(" "))));
    return new Map(users.map((user, i) => [user, places[i]]));
  },
};

// Writes to the stream as one of Socket.IO's own servers does. It has nothing that makes a second try safe.
export const byStream = {
  retries: false,
  prepare: async () => {},
  async send(client, _, { user, number, text }) {
    const nsp = "/io/user/notifications";
    const packet = { type: 2, nsp, data: ["notification", { id: `0-${number}`, at: number, message: text }] };
    const data = JSON.stringify({ packet, opts: { rooms: [channelOf(user)], except: [], flags: {} } });
    await client.command("XADD", "socket.io", "*", "uid", "sender", "nsp", nsp, "type", "3", "data", data);
    return `0-${number}-${number}`;
  },
  async newest(client, users) {
    const places = new Map(users.map((user) => [user, []]));
    for (const [, fields] of await client.command("XREVRANGE", "socket.io", "+", "-", "COUNT", compared * users.length)) {
      const data = JSON.parse(fields[7] ?? "{}");
      const { id, at } = data.packet?.data[1] ?? {};
      if (id) places.get(data.opts.rooms[0].split("/")[3])?.push(`${id}-${at}`);
    }
    return places;
  },
};

export class Sender {
  sent = 0;
  #queue = []; // not acknowledged, oldest first; the first #under of them have been written
  #under = 0;
  #client = null;

  constructor(redis, ledger, how) {
    this.redis = redis;
    this.ledger = ledger;
    this.how = how;
  }

  // Sends so many, and resolves when all are acknowledged, or given up because they cannot be tried again.
  // beat(n), if given, is called for each before it is sent.
  async send(count, perSecond, beat = () => {}) {
    const begin = performance.now();
    for (let n = 0; n < count || this.#queue.length > 0; await pause(tick)) {
      for (const due = Math.min(count, Math.ceil(((performance.now() - begin) / 1000) * perSecond)); n < due; ++n) {
        beat(n);
        this.#add();
      }
      this.#client ? this.#write() : await this.#connect();
    }
  }

  close() {
    this.#client?.close();
  }

  #add() {
    const { users } = this;
    const user = users[Math.floor(Math.random() * users.length)];
    const number = this.ledger.send(user);
    this.#queue.push({ user, number, text: `stored ${number} ${performance.now()}` });
    ++this.sent;
  }

  get users() {
    return (this.knownUsers ??= this.ledger.users);
  }

  async #connect() {
    try {
      const client = await RedisClient.connect(this.redis);
      await client.command("PING"); // it has loaded its data
      await client.command("CLIENT", "SETNAME", ownName);
      this.sha = await this.how.prepare(client);
      this.#client = client;
    } catch {
      await pause(20);
    }
  }

  #write() {
    const client = this.#client;
    for (; this.#under < this.#queue.length; ++this.#under) {
      const one = this.#queue[this.#under];
      this.how.send(client, this.sha, one).then((place) => this.#accepted(client, one, place), () => this.#broke(client));
    }
  }

  #accepted(client, one, place) {
    if (client !== this.#client) return;
    if (this.#queue[0] !== one) throw new Error("answers come in another order than commands");
    this.#queue.shift();
    --this.#under;
    this.ledger.accept(one.user, one.number, place);
  }

  #broke(client) {
    if (client !== this.#client) return;
    this.#client = null;
    client.close();
    if (!this.how.retries) this.#queue.splice(0, this.#under);
    this.#under = 0;
  }
}
