// SPDX-License-Identifier: MIT
//
// A web app that answers with raw bytes, for answers that no HTTP server would give. It counts its
// connections, and keeps each request's head as it came.
import { createServer } from "node:net";

export class RawWebApp {
  heads = []; // of all requests
  connects = 0; // connections ever
  open = 0;
  mostOpen = 0;
  // Called for each request: (socket, head, cookie) => …
  behave = (socket, head, cookie) => socket.write(loggedIn(cookie));
  // Set it to handle new connections before their first byte; it returns true if nothing else should.
  onConnect = () => false;
  #sockets = new Set();

  static async start(port = 0) {
    const app = new RawWebApp();
    app.server = createServer({ allowHalfOpen: true }, (socket) => app.#serve(socket));
    await new Promise((resolve) => app.server.listen(port, "127.0.0.1", resolve));
    app.port = app.server.address().port;
    app.url = `http://127.0.0.1:${app.port}/python/currentUserId/`;
    return app;
  }

  #serve(socket) {
    ++this.connects;
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      --this.open;
      this.#sockets.delete(socket);
    });
    socket.on("end", () => socket.end());
    if (this.onConnect(socket)) return;
    let received = "";
    socket.setEncoding("latin1").on("data", (data) => {
      received += data;
      for (let end; (end = received.indexOf("\r\n\r\n")) >= 0; received = received.slice(end + 4)) {
        const head = received.slice(0, end);
        this.heads.push(head);
        this.behave(socket, head, head.match(/^Cookie: (.*)$/m)?.[1].replace(/\r$/, ""));
      }
    });
  }

  // Ends all connections, as a restart does.
  hangUp() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop() {
    this.hangUp();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// Returns the bytes of a complete answer with this body.
export const answer = (body, status = "200 OK", head = "") =>
  `HTTP/1.1 ${status}\r\n${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

// Returns a proper web app's answer about the cookie user=<id>.
export function loggedIn(cookie) {
  const user = cookie?.match(/\buser=([\w-]+)/)?.[1];
  return answer(JSON.stringify({ ok: user !== undefined, userId: user ?? null }));
}
