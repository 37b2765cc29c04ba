// SPDX-License-Identifier: MIT
//
// A TCP connection that says anything at all, and reads what is answered as HTTP.
import { connect } from "node:net";

const patience = 9_000; // below the shortest timeout of the gateway, which must not be what answers

// The promise, which must settle before the gateway's timeouts would.
export function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${patience} ms`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// The whole answers that text begins with, as {status, headers, body, wire}.
function parse(text) {
  const answers = [];
  for (let at = 0, end; (end = text.indexOf("\r\n\r\n", at)) >= 0; ) {
    const wire = text.slice(at, end);
    const [first, ...lines] = wire.split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(/:\s*/, 2)));
    const size = Number(headers["content-length"] ?? 0);
    if (text.length < end + 4 + size) break;
    const [, status] = first.match(/^HTTP\/1\.1 (\d{3}) /) ?? [first, "0"];
    answers.push({ status: Number(status), headers, body: text.slice(end + 4, end + 4 + size), wire });
    at = end + 4 + size;
    if (status === "101") break;
  }
  return answers;
}

export class Wire {
  text = ""; // all that came, a character for each byte
  closed = false;
  #changed = () => {};

  constructor(url, options = {}) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true, ...options });
    this.socket.on("error", () => {});
    this.socket.on("data", (data) => this.#on(() => (this.text += data.toString("latin1"))));
    this.socket.on("close", () => this.#on(() => (this.closed = true)));
    this.connected = new Promise((resolve) => this.socket.once("connect", resolve));
  }

  #on(change) {
    change();
    this.#changed();
  }

  async #until(condition, what) {
    const reached = async () => {
      while (!condition()) await new Promise((resolve) => (this.#changed = resolve));
    };
    await inTime(reached(), what);
  }

  // Text is sent a byte for each character. Resolves when the kernel has it, or refuses it.
  send(data) {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    return new Promise((resolve) => this.socket.write(bytes, resolve));
  }

  // The first count answers; fewer if the connection ends before.
  async answers(count) {
    await this.#until(() => this.closed || parse(this.text).length >= count, `answer ${count}`);
    return parse(this.text);
  }

  async answer() {
    return (await this.answers(1))[0] ?? { status: 0, headers: {}, body: "" };
  }

  // Until the gateway ends the connection; returns all answers.
  async ended() {
    await this.#until(() => this.closed, "the end");
    return parse(this.text);
  }

  // Until this has come, which it must before the end.
  async until(text) {
    await this.#until(() => this.closed || this.text.includes(text), JSON.stringify(text));
    if (!this.text.includes(text)) throw new Error(`closed before ${JSON.stringify(text)}: ${this.text}`);
  }

  // As a process that is killed: the peer's read fails, whatever is under way.
  reset() {
    this.socket.resetAndDestroy();
  }
}
