// SPDX-License-Identifier: MIT
//
// A proxy before an HTTP server that notes each request. A browser's own tools don't say which cookies were
// sent with a request whose answer the page may not read.
import { connect, createServer } from "node:net";
import { until } from "./await.mjs";

const request = /([A-Z]+) (\S+) HTTP\/1\.1\r\n([^]*?\r\n)\r\n/g;
const answer = /HTTP\/1\.1 (\d+) /g;

export class Witness {
  // Requests in the order in which they came: { method, path, origin, cookie, type, status }. The
  // status comes later.
  seen = [];
  #sockets = new Set();

  static async start(url) {
    const witness = new Witness();
    witness.behind = Number(new URL(url).port);
    witness.server = createServer({ noDelay: true }, (socket) => witness.#serve(socket));
    await new Promise((resolve) => witness.server.listen(0, "127.0.0.1", resolve));
    witness.url = `http://127.0.0.1:${witness.server.address().port}`;
    return witness;
  }

  #serve(socket) {
    const server = connect({ port: this.behind, host: "127.0.0.1", noDelay: true });
    const unanswered = [];
    each(request, socket, ([, method, path, head]) => {
      const value = (name) => head.match(new RegExp(`^${name}: (.*)\r$`, "im"))?.[1];
      const noted = { method, path, origin: value("Origin"), cookie: value("Cookie"), type: value("Content-Type") };
      this.seen.push(noted);
      unanswered.push(noted);
    });
    each(answer, server, ([, status]) => (unanswered.shift().status = Number(status)));
    for (const [one, other] of [[socket, server], [server, socket]]) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => {}).on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  // Resolves to the first request that `sign` accepts, once it has been answered.
  async answered(sign, what) {
    await until(() => this.seen.find(sign)?.status, what);
    return this.seen.find(sign);
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// Calls take for each match of the pattern in the stream. Bodies are searched too, but those of the tests
// contain no HTTP.
function each(pattern, stream, take) {
  let received = "";
  stream.on("data", (data) => {
    received += data.toString("latin1");
    let end = 0;
    for (const match of received.matchAll(pattern)) {
      take(match);
      end = match.index + match[0].length;
    }
    received = received.slice(end);
  });
}
