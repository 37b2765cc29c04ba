// SPDX-License-Identifier: MIT
//
// Stands for the web app: tells the gateway which user the cookies belong to.
import { createServer } from "node:http";

export class WebApp {
  // Cookie header → user id. With any other header, nobody is logged in.
  users = new Map();
  // Cookie headers, as they came.
  asked = [];
  // Path → HTML, for browsers.
  pages = new Map();
  // Path → (request, response) => …, for anything else.
  answers = new Map();
  // Set it to replace all answers: (request, response) => …
  behave = null;

  static async start() {
    const app = new WebApp();
    app.server = createServer((request, response) => app.#serve(request, response));
    await new Promise((resolve) => app.server.listen(0, "127.0.0.1", resolve));
    app.port = app.server.address().port;
    app.url = `http://127.0.0.1:${app.port}/python/currentUserId/`;
    return app;
  }

  #serve(request, response) {
    const page = this.pages.get(request.url.split("?")[0]);
    if (page) return response.setHeader("Content-Type", "text/html; charset=UTF-8").end(page);
    const answer = this.answers.get(request.url);
    if (answer) return answer(request, response);
    if (request.url !== "/python/currentUserId/") return response.end(`web app: ${request.url}\n`);
    this.asked.push(request.headers.cookie);
    if (this.behave) return this.behave(request, response);
    const user = this.users.get(request.headers.cookie) ?? null;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ ok: user !== null, userId: user }));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
