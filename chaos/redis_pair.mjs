// SPDX-License-Identifier: MIT
//
// A Redis with a replica. Clients know one address: after a failover the promoted replica listens there. Both write
// each command to disk before they answer.
import { pause, until } from "../tests/node/support/await.mjs";
import { Redis } from "../tests/node/support/processes.mjs";
import { RedisClient } from "../tests/node/support/redis_client.mjs";

const durable = ["--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0"];

const closely = 100_000; // bytes of the replication stream
const paused = 120_000; // ms, longer than anything is waited for: nothing is accepted that is not copied

// The name of connections that belong to the run itself, and not to a gateway.
export const ownName = "chaos";

export class RedisPair {
  static async start() {
    const pair = new RedisPair();
    pair.primary = await Redis.start(...durable);
    pair.port = pair.primary.port;
    pair.url = pair.primary.url;
    await pair.#askPrimary();
    await pair.addReplica();
    return pair;
  }

  // Mints uuidCookies by a connection of their own: while writing is paused, these wait, and what is behind them.
  mint(user) {
    return this.webApp.mint(user);
  }

  // A command for the primary. Fails while it is away.
  command(...args) {
    return this.admin.command(...args);
  }

  // Resolves when the replica follows closely, and both have all on disk: then either may be killed.
  async settled() {
    await until(async () => {
      const [of, by] = await Promise.all([this.admin, this.replicaAdmin].map((c) => this.#info(c, "replication")));
      return /master_link_status:up/.test(by) && /state=online/.test(of) &&
        this.#offset(of, "master_repl_offset") - this.#offset(by, "slave_repl_offset") < closely;
    }, "the replica's being there");
    for (const client of [this.admin, this.replicaAdmin])
      await until(async () => {
        const info = await this.#info(client, "persistence");
        return /aof_enabled:1/.test(info) && !/aof_rewrite_(in_progress|scheduled):1/.test(info);
      }, "its file being whole");
  }

  // Kills the primary and starts it again with what is on its disk.
  async restart() {
    await this.primary.process.stop("SIGKILL");
    await this.primary.launch();
    await this.#askPrimary();
  }

  // The replica takes over with all that the primary has, as in a failover by hand.
  async failover() {
    await this.command("CLIENT", "PAUSE", paused, "WRITE");
    const due = this.#offset(await this.#info(this.admin, "replication"), "master_repl_offset");
    await until(async () =>
      this.#offset(await this.#info(this.replicaAdmin, "replication"), "slave_repl_offset") >= due, "the copy");
    await this.replicaAdmin.command("REPLICAOF", "NO", "ONE");
    await this.#takeOver();
  }

  // The replica takes over without what the primary accepted in the last milliseconds. Returns the places of these
  // entries by user: what the old primary has and the new one has not. newest(client) resolves to the places of the
  // newest entries of one of them, by user.
  async losingFailover(newest, ms) {
    await this.replicaAdmin.command("REPLICAOF", "NO", "ONE");
    await pause(ms);
    await this.command("CLIENT", "PAUSE", paused, "WRITE");
    const [had, has] = await Promise.all([this.admin, this.replicaAdmin].map(newest));
    await this.#takeOver();
    const uncopied = [...had].map(([user, places]) => [user, places.filter((place) => !has.get(user).includes(place))]);
    return new Map(uncopied.filter(([, places]) => places.length > 0));
  }

  async stop() {
    this.admin?.close();
    this.webApp?.close();
    this.replicaAdmin?.close();
    await this.primary?.stop();
    await this.replica?.stop();
  }

  async #takeOver() {
    this.admin.close();
    await this.primary.stop();
    await this.replicaAdmin.command("CONFIG", "SET", "port", this.port);
    this.primary = this.replica;
    this.primary.port = this.port;
    this.replicaAdmin.close();
    await this.#askPrimary();
  }

  async #askPrimary() {
    this.admin?.close();
    this.webApp?.close();
    this.admin = await RedisClient.connect(this.primary);
    this.webApp = await RedisClient.connect(this.primary);
    for (const client of [this.admin, this.webApp]) await client.command("CLIENT", "SETNAME", ownName);
  }

  // After a failover: the new primary has a replica again.
  async addReplica() {
    this.replica = await Redis.start(...durable);
    this.replicaAdmin = await RedisClient.connect(this.replica);
    await this.replicaAdmin.command("REPLICAOF", "127.0.0.1", this.port);
    await until(async () => /master_link_status:up/.test(await this.#info(this.replicaAdmin, "replication")), "the replica");
  }

  #info(client, section) {
    return client.command("INFO", section);
  }

  #offset(info, field) {
    return Number(info.match(new RegExp(`${field}:(\\d+)`))?.[1] ?? -1);
  }
}
