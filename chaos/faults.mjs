// SPDX-License-Identifier: MIT
//
// What is broken during a run, and when. Each sort of fault is spread evenly over the time.
import { pause, until } from "../tests/node/support/await.mjs";
import { ownName } from "./redis_pair.mjs";

const uncopiedFor = 300; // ms of entries that one failover loses

export class Faults {
  timeline = []; // { at, what }
  done = { kills: 0, restarts: 0, gateways: 0, failovers: 0, cuts: 0 };
  #stopped = false;
  #holding = false; // connections and clients are left alone

  // due: how many of each sort
  constructor(site, due) {
    this.site = site;
    this.due = due;
  }

  // Resolves when all have happened. Connections and clients are cut at their times; what takes Redis or a gateway
  // away comes one after the other, and waits until the former is over.
  async run(seconds) {
    const { kills, cuts } = this.due;
    await Promise.all([
      this.#spread(seconds, kills, () => this.#kill()),
      this.#spread(seconds, cuts, () => this.#cut()),
      this.#breakServers(seconds),
    ]);
  }

  stop() {
    this.#stopped = true;
  }

  async #spread(seconds, count, act) {
    const begin = performance.now();
    for (let i = 0; i < count && !this.#stopped; ++i) {
      const wait = begin + ((i + Math.random()) / count) * seconds * 1000 - performance.now();
      if (wait > 0) await pause(wait);
      while (!this.#stopped && !(await act(i))) await pause(50);
    }
  }

  async #breakServers(seconds) {
    const { restarts, gateways, failovers } = this.due;
    const evenly = (count, first, act) =>
      Array.from({ length: count }, (_, i) => ({ when: (i + first) / count, act: () => act(i) }));
    const all = [
      ...evenly(restarts, 0.2, () => this.#restart()),
      ...evenly(gateways, 0.5, () => this.#replaceGateway()),
      ...evenly(failovers, 0.6, (i) => this.#failover(i === Math.floor(failovers / 2))),
    ].sort((a, b) => a.when - b.when);
    await this.#spread(seconds, all.length, async (i) => {
      await all[i].act();
      return true;
    });
  }

  #say(what) {
    this.timeline.push({ at: performance.now(), what });
  }

  // By turns the gateways' connections that are subscribed, and those for commands.
  async #kill() {
    if (this.#holding) return false;
    const { redis } = this.site;
    const type = this.done.kills % 2 ? "normal" : "pubsub";
    const list = await redis.command("CLIENT", "LIST", "TYPE", type).catch(() => "");
    const others = list.split("\n").filter((line) => line && !line.includes(` name=${ownName} `));
    const ids = others.map((line) => line.match(/^id=(\d+)/)[1]);
    const killed = await Promise.allSettled(ids.map((id) => redis.command("CLIENT", "KILL", "ID", id)));
    if (!killed.some(({ status }) => status === "fulfilled")) return false;
    ++this.done.kills;
    this.#say(`${ids.length} connections to Redis killed (${type})`);
    return true;
  }

  #cut() {
    if (this.#holding) return false;
    const { devices } = this.site;
    devices[Math.floor(Math.random() * devices.length)].cut();
    ++this.done.cuts;
    return true;
  }

  async #restart() {
    await this.site.redis.settled();
    this.#say("Redis killed");
    await this.site.redis.restart();
    this.#say("Redis is back");
    ++this.done.restarts;
  }

  async #replaceGateway() {
    this.#say("a gateway killed");
    await this.site.gateways.replaceOne();
    this.#say("it is replaced");
    ++this.done.gateways;
  }

  async #failover(loses) {
    const { redis } = this.site;
    await redis.settled();
    this.#say(loses ? "failover that loses entries" : "failover");
    loses ? await this.#lose() : await redis.failover();
    this.#say("the replica has taken over");
    await redis.addReplica();
    ++this.done.failovers;
  }

  // All clients are connected meanwhile, and so are the gateways: what Redis has lost before any gateway heard of it,
  // nobody could tell.
  async #lose() {
    const { redis, ledger, contestant, devices } = this.site;
    this.#holding = true;
    await pause(2000);
    const back = until(() => devices.every((device) => device.subscribed), "all clients being back");
    await (contestant.newSessionTells ? back.catch(() => {}) : back);
    ledger.noteUncopied(await redis.losingFailover((client) => contestant.how.newest(client, ledger.users), uncopiedFor));
    this.#holding = false;
  }
}
