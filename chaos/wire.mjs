// SPDX-License-Identifier: MIT
//
// The network of one client. Its connections lead to one gateway at a time, as behind a load balancer that keeps
// a client where it is, and they can be cut. Works for all that takes an http.Agent.
import { Agent } from "node:http";
import { connect } from "node:net";

export class Wire extends Agent {
  #gateways;
  #port;
  #sockets = new Set();

  // gateways.anyPort() is the port of one that runs, gateways.runs(port) says whether that one still does.
  constructor(gateways) {
    super(); // without kept connections, as socket.io-client has it on Node: over a kept one it would not see a cut
    this.#gateways = gateways;
    this.#port = gateways.anyPort();
  }

  // Called by http for each new connection.
  createConnection(_options, callback) {
    if (!this.#gateways.runs(this.#port)) this.#port = this.#gateways.anyPort();
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    callback?.(null, socket);
    return undefined;
  }

  // Cuts all connections. The next ones may lead to another gateway.
  cut() {
    this.#port = this.#gateways.anyPort();
    for (const socket of this.#sockets) socket.destroy();
  }
}
