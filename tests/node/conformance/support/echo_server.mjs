// SPDX-License-Identifier: MIT
//
// Runs echo_server, the Socket.IO layer without Redis and users, for the tests of one file.
import { after, before } from "node:test";
import { Process, program } from "../../support/processes.mjs";

// Heartbeats so rare that tests of other things never see one.
export const calm = ["--ping-interval", "25s", "--ping-timeout", "20s"];

export class EchoServer {
  static forThisFile(options = calm) {
    const server = new EchoServer();
    before(() => server.#start(options));
    after(() => server.#stop());
    return server;
  }

  async #start(options) {
    this.process = new Process(program("echo_server"), ["--sio", "0", "--eio", "0", "--ws", "0", ...options]);
    const url = async (what) => (await this.process.untilSaid(new RegExp(`${what} listens on (http:\\S+)\\n`)))[1];
    this.socketIo = `${await url("Socket.IO")}/socket.io/`;
    this.engineIo = `${await url("Engine.IO")}/engine.io/`;
    this.webSocket = `${await url("WebSocket")}/`;
  }

  // Ends it although clients may be connected still.
  async #stop() {
    const status = await this.process.stop();
    if (status !== 0) throw new Error(`echo_server ended with ${status}:\n${this.process.output}`);
  }
}
