// SPDX-License-Identifier: MIT
//
// Engine.IO 4 and 3 by hand, over polling and over WebSocket (docs/protocol.md). A packet is its
// text, or a Buffer for a binary message.
import assert from "node:assert/strict";
import { RawWebSocket, request } from "../../support/raw.mjs";

const octets = "application/octet-stream";

// Protocol 4: packets joined by a separator, binary as base64.
const separated = {
  EIO: 4,
  base64: "b",
  write: (packets) => packets.map((p) => (typeof p === "string" ? p : `b${p.toString("base64")}`)).join("\x1e"),
  read: ({ body }) => body.split("\x1e").map((p) => (p[0] === "b" ? Buffer.from(p.slice(1), "base64") : p)),
  toFrame: (bytes) => bytes,
  fromFrame: (bytes) => bytes,
};

// Protocol 3: each packet follows its length in UTF-16 code units, or all packets have a binary form.
const counted = {
  EIO: 3,
  base64: "b4",
  write: (packets) =>
    packets
      .map((p) => (typeof p === "string" ? p : `b4${p.toString("base64")}`))
      .map((p) => `${p.length}:${p}`)
      .join(""),
  read: ({ headers, body, bytes }) => (headers["content-type"] === octets ? readBinary(bytes) : readCounted(body)),
  toFrame: (bytes) => Buffer.concat([Buffer.from([4]), bytes]),
  fromFrame: (bytes) => {
    assert.equal(bytes[0], 4, "a binary frame begins with the packet's type");
    return bytes.subarray(1);
  },
};

export const versions = [separated, counted];

function readCounted(body) {
  const packets = [];
  while (body) {
    const [head, size] = body.match(/^(\d+):/);
    const packet = body.slice(head.length, head.length + Number(size));
    assert.equal(packet.length, Number(size), "a packet is as long as was said");
    packets.push(packet.startsWith("b4") ? Buffer.from(packet.slice(2), "base64") : packet);
    body = body.slice(head.length + Number(size));
  }
  return packets;
}

function readBinary(bytes) {
  const packets = [];
  while (bytes.length) {
    const end = bytes.indexOf(255);
    const size = Number([...bytes.subarray(1, end)].join(""));
    const packet = bytes.subarray(end + 1, end + 1 + size);
    assert.equal(packet.length, size, "a packet is as long as was said");
    packets.push(bytes[0] === 1 ? counted.fromFrame(packet) : packet.toString());
    bytes = bytes.subarray(end + 1 + size);
  }
  return packets;
}

// Returns packets in protocol 3's binary form, for a POST of application/octet-stream.
export const writeBinary = (packets) =>
  Buffer.concat(
    packets.map((p) => {
      const data = typeof p === "string" ? Buffer.from(p) : counted.toFrame(p);
      const digits = [...String(data.length)].map(Number);
      return Buffer.concat([Buffer.from([typeof p === "string" ? 0 : 1, ...digits, 255]), data]);
    }),
  );

export const address = (url, version, transport, query = "") =>
  `${url}?EIO=${version.EIO}&transport=${transport}${query}`;

// A session that polls.
export class Polling {
  #unread = [];

  static async open(url, version, query = "") {
    const polling = new Polling();
    polling.version = version;
    polling.opening = await request(address(url, version, "polling", query));
    assert.equal(polling.opening.status, 200, polling.opening.body);
    [polling.first, ...polling.#unread] = version.read(polling.opening);
    polling.handshake = JSON.parse(polling.first.slice(1));
    polling.url = address(url, version, "polling", `${query}&sid=${polling.handshake.sid}`);
    polling.upgradeUrl = address(url, version, "websocket", `${query}&sid=${polling.handshake.sid}`);
    return polling;
  }

  get(options) {
    return request(this.url, options);
  }

  // Sends a GET, and resolves when the server has it, before anything that is sent from now on.
  async waitingGet() {
    let answer;
    await new Promise((onSent) => (answer = this.get({ onSent })));
    // That it was sent is not enough: the server may read a newer connection first. But once another
    // request is answered, the server has read this one too.
    await request(this.url.replace(/sid=[^&]*/, "sid=unknown"));
    return { answer };
  }

  postBody(body, headers = {}) {
    return request(this.url, { method: "POST", body, headers });
  }

  async send(...packets) {
    const { status, body } = await this.postBody(this.version.write(packets));
    assert.deepEqual([status, body], [200, "ok"]);
  }

  async take(count) {
    while (this.#unread.length < count) {
      const answer = await this.get();
      assert.equal(answer.status, 200, answer.body);
      this.#unread.push(...this.version.read(answer));
    }
    return this.#unread.splice(0, count);
  }

  async next() {
    return (await this.take(1))[0];
  }

  // Waits until the server has ended the session. Returns the packets before that.
  async ended() {
    const packets = this.#unread.splice(0);
    for (let answer; (answer = await this.get()).status !== 400; ) packets.push(...this.version.read(answer));
    return packets;
  }

  // Sends a wrong packet, and asserts that the POST is refused and the session ended.
  async assertRefused(...packets) {
    assert.equal((await this.postBody(this.version.write(packets))).status, 400);
    assert.equal((await this.get()).status, 400);
  }

  end() {}
}

// A session, or the probe of an upgrade, over a WebSocket.
export class Line {
  static async open(url, version, query = "") {
    const line = await Line.to(address(url, version, "websocket", query), version);
    line.first = await line.next();
    line.handshake = JSON.parse(line.first.slice(1));
    return line;
  }

  static async to(url, version) {
    const line = new Line();
    line.version = version;
    line.ws = await RawWebSocket.open(url);
    assert.equal(line.ws.status, 101, line.ws.head);
    return line;
  }

  send(...packets) {
    for (const p of packets) typeof p === "string" ? this.ws.send(p) : this.ws.frame(2, this.version.toFrame(p));
  }

  // Returns the next packet; null for the end, with or without a Close frame.
  async next() {
    const frame = await this.ws.frames.next();
    if (frame?.opcode === 8) await this.ws.ended();
    if (!frame || frame.opcode === 8) return null;
    if (frame.opcode === 2) return this.version.fromFrame(frame.payload);
    assert.equal(frame.opcode, 1);
    const text = frame.payload.toString();
    const { base64 } = this.version;
    return text.startsWith(base64) ? Buffer.from(text.slice(base64.length), "base64") : text;
  }

  async take(count) {
    const packets = [];
    while (packets.length < count) packets.push(await this.next());
    return packets;
  }

  async ended() {
    const packets = [];
    for (let packet; (packet = await this.next()) !== null; ) packets.push(packet);
    return packets;
  }

  async assertRefused(...packets) {
    this.send(...packets);
    assert.deepEqual(await this.ended(), []);
  }

  end() {
    this.ws.end();
  }
}

export const transports = { polling: Polling, WebSocket: Line };
