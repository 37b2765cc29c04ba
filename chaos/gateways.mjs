// SPDX-License-Identifier: MIT
//
// The servers that clients connect to. One that is killed is replaced on its port.
import { Gateway, Process, freePort } from "../tests/node/support/processes.mjs";

const anyOf = (list) => list[Math.floor(Math.random() * list.length)];

// How to start one: resolves to { process } when it listens.
export const notifyGateway = (redis, port) =>
  Gateway.launch(redis, "--port", port, "--threads", 1, "--subscribe-by-cookies-url", "");

export async function recoveringServer(redis, port) {
  const program = new URL("../bench/peers/node/recovering_server.mjs", import.meta.url).pathname;
  const server = new Process("node", [program, `--redis=${redis.url}`, `--port=${port}`]);
  await server.untilSaid(/listens on/);
  return { process: server };
}

export class Gateways {
  #running = new Map(); // by port

  static async start(redis, count, launch) {
    const gateways = new Gateways();
    gateways.redis = redis;
    gateways.launch = launch;
    for (let i = 0; i < count; ++i) await gateways.#start(await freePort());
    return gateways;
  }

  runs(port) {
    return this.#running.has(port);
  }

  anyPort() {
    return anyOf([...this.#running.keys()]) ?? 1;
  }

  // Those that ended by themselves: how, and their last words.
  get ended() {
    return [...this.#running.values()].filter(({ process }) => process.ended !== null)
      .map(({ process }) => `${process.ended}: ${process.output.slice(-500)}`);
  }

  // Kills one and replaces it. Meanwhile its clients find the other one.
  async replaceOne() {
    const port = this.anyPort();
    const { process } = this.#running.get(port);
    this.#running.delete(port);
    await process.stop("SIGKILL");
    await this.#start(port);
  }

  async stop() {
    for (const { process } of this.#running.values()) await process.stop("SIGTERM");
  }

  async #start(port) {
    this.#running.set(port, await this.launch(this.redis, port));
  }
}
