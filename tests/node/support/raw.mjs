// SPDX-License-Identifier: MIT
//
// Engine.IO by hand (docs/protocol.md, Engine.IO 4), for requests that no client library would send.
import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { Mailbox, soon } from "./await.mjs";

// Sends one HTTP request on a new connection: fetch() would refuse some headers, and reuse connections.
// Resolves to {status, headers, body, bytes}. onSent is called when the kernel has the whole request: on
// loopback, the server gets whatever is sent later after it.
export function request(url, { method = "GET", headers = {}, body, agent = false, onSent = () => {} } = {}) {
  const answered = new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, agent }, (response) => {
      const pieces = [];
      response.on("data", (data) => pieces.push(data));
      response.on("end", () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode, headers: response.headers, body: bytes.toString(), bytes });
      });
      response.on("error", reject);
    });
    sent.on("error", reject).on("finish", onSent);
    sent.end(body);
  });
  return soon(answered, `the answer to ${method} ${url}`);
}

export const enginePath = "/socket.io/?EIO=4&transport=";

// A session that polls.
export class Polling {
  static async open(url, options) {
    const polling = new Polling();
    polling.options = options;
    const opened = await request(url + enginePath + "polling", options);
    if (opened.status !== 200) throw new Error(`${opened.status}: ${opened.body}`);
    polling.handshake = JSON.parse(opened.body.slice(1));
    polling.sid = polling.handshake.sid;
    polling.url = `${url}${enginePath}polling&sid=${polling.sid}`;
    polling.upgradeUrl = `${url}${enginePath}websocket&sid=${polling.sid}`;
    return polling;
  }

  get() {
    return request(this.url, this.options);
  }

  // The packets of the next GET.
  async packets() {
    const { status, body } = await this.get();
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return body.split("\x1e");
  }

  post(...packets) {
    return request(this.url, { ...this.options, method: "POST", body: packets.join("\x1e") });
  }
}

// A WebSocket (RFC 6455) that sends what it is told to. Frames arrive as {opcode, fin, payload};
// the end of the connection as null.
export class RawWebSocket {
  frames = new Mailbox("a frame");
  #buffer = Buffer.alloc(0);
  #later = []; // chunks of a frame that is not complete yet
  #missing = 0; // bytes that it needs at least

  static async open(url, headers = {}) {
    const { hostname, port, host, pathname, search } = new URL(url);
    const ws = new RawWebSocket();
    ws.socket = connect(Number(port), hostname);
    ws.socket.on("error", () => {});
    const lines = Object.entries({
      Host: host,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": 13,
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    ws.socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
    ws.head = await soon(ws.#readHead(), "the handshake");
    ws.socket.on("data", (data) => ws.#take(data)).on("close", () => ws.frames.put(null));
    ws.#take(Buffer.alloc(0));
    if (ws.socket.destroyed) ws.frames.put(null);
    return ws;
  }

  get status() {
    return Number(this.head.split(" ")[1]);
  }

  #readHead() {
    return new Promise((resolve) => {
      const read = (data) => {
        this.#buffer = Buffer.concat([this.#buffer, data]);
        const end = this.#buffer.indexOf("\r\n\r\n");
        if (end < 0) return;
        done(this.#buffer.toString("utf8", 0, end));
        this.#buffer = this.#buffer.subarray(end + 4);
      };
      const gone = () => done("HTTP/1.1 0 gone");
      const done = (head) => {
        this.socket.off("data", read).off("close", gone);
        resolve(head);
      };
      this.socket.on("data", read).on("close", gone);
    });
  }

  #take(data) {
    this.#later.push(data);
    this.#missing -= data.length;
    if (this.#missing > 0) return; // concatenates the chunks of a long frame only once
    this.#buffer = Buffer.concat([this.#buffer, ...this.#later.splice(0)]);
    for (;;) {
      const b = this.#buffer;
      this.#missing = 0;
      if (b.length < 2) return;
      let [size, at] = [b[1] & 0x7f, 2];
      if (size === 126) {
        if (b.length < 4) return;
        [size, at] = [b.readUInt16BE(2), 4];
      } else if (size === 127) {
        if (b.length < 10) return;
        [size, at] = [Number(b.readBigUInt64BE(2)), 10];
      }
      this.#missing = at + size - b.length;
      if (this.#missing > 0) return;
      const payload = Buffer.from(b.subarray(at, at + size));
      this.#buffer = b.subarray(at + size);
      this.frames.put({ opcode: b[0] & 0x0f, fin: (b[0] & 0x80) !== 0, payload });
    }
  }

  frame(opcode, payload = "", { fin = true, masked = true, rsv = 0 } = {}) {
    const data = Buffer.from(payload);
    const mask = masked ? randomBytes(4) : Buffer.alloc(0);
    const bit = masked ? 0x80 : 0;
    let head = Buffer.from([(fin ? 0x80 : 0) | rsv | opcode, bit | Math.min(data.length, 126)]);
    if (data.length > 0xffff) {
      head = Buffer.alloc(10);
      head[0] = (fin ? 0x80 : 0) | rsv | opcode;
      head[1] = bit | 127;
      head.writeBigUInt64BE(BigInt(data.length), 2);
    } else if (data.length > 125) {
      head = Buffer.concat([head, Buffer.from([data.length >> 8, data.length & 0xff])]);
    }
    if (masked) for (let i = 0; i < data.length; ++i) data[i] ^= mask[i % 4];
    this.socket.write(Buffer.concat([head, mask, data]));
  }

  send(text) {
    this.frame(1, text);
  }

  // Returns the text of the next frame, which must be a text frame; "" for the end.
  async text() {
    const frame = await this.frames.next();
    if (!frame) return "";
    if (frame.opcode !== 1) throw new Error(`a frame ${frame.opcode}: ${frame.payload.toString("hex")}`);
    return frame.payload.toString();
  }

  // Skips frames until the Close frame, which must come. Returns its code.
  async closeCode() {
    for (let frame; (frame = await this.frames.next()); )
      if (frame.opcode === 8) return frame.payload.readUInt16BE(0);
    return "closed without a close frame";
  }

  // Resolves when the connection has ended.
  async ended() {
    while (await this.frames.next());
  }

  end() {
    this.socket.destroy();
  }
}

// Returns the texts of the notifications in these Engine.IO packets, in order.
export function textsIn(packets) {
  return packets
    .filter((p) => p.startsWith('42/io/user/notifications,["notification"'))
    .map((p) => JSON.parse(p.slice(p.indexOf(",") + 1))[1].message);
}
