// SPDX-License-Identifier: MIT
//
// Makes frames of RFC 6455 as bytes, cuts them into writes, and reads all that comes back.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { RawWebSocket } from "../../support/raw.mjs";

function header(first, masked, size) {
  const length = size <= 125 ? 0 : size <= 0xffff ? 2 : 8;
  const head = Buffer.alloc(2 + length);
  head[0] = first;
  head[1] = (masked ? 0x80 : 0) | (length === 8 ? 127 : length === 2 ? 126 : size);
  if (length === 2) head.writeUInt16BE(size, 2);
  if (length === 8) head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

// Returns a client's frame. `announced` is the length in its head, by default the payload's. `rsv` are the three
// reserved bits, as a number from 0 to 7.
export function frame(opcode, payload = "", { fin = true, rsv = 0, masked = true, announced } = {}) {
  const data = Buffer.from(payload);
  const head = header((fin ? 0x80 : 0) | (rsv << 4) | opcode, masked, announced ?? data.length);
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  for (let i = 0; i < data.length; ++i) data[i] ^= mask[i & 3];
  return Buffer.concat([head, mask, data]);
}

export const bytes = (...values) => Buffer.from(values);
export const text = (payload, options) => frame(1, payload, options);
export const binary = (payload, options) => frame(2, payload, options);
export const more = (payload, options) => frame(0, payload, options);
export const ping = (payload, options) => frame(9, payload, options);
export const pong = (payload, options) => frame(10, payload, options);
export const close = (code, reason = "") =>
  frame(8, code === undefined ? "" : Buffer.concat([bytes(code >> 8, code & 0xff), Buffer.from(reason)]));

// Returns a message in frames of this size, at least one.
export function fragments(opcode, payload, size) {
  const data = Buffer.from(payload);
  const frames = [];
  for (let at = 0; at === 0 || at < data.length; at += size)
    frames.push(frame(at === 0 ? opcode : 0, data.subarray(at, at + size), { fin: at + size >= data.length }));
  return frames;
}

// Writes the pieces in order, each when the kernel has taken the one before. The server may close the connection
// meanwhile.
async function writeEach(socket, pieces) {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    if (!socket.writable) return;
    await new Promise((resolve) => socket.write(piece, resolve));
    await new Promise(setImmediate);
  }
}

function* cut(data, size) {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

export const ways = {
  "in one write": (socket, frames) => writeEach(socket, [Buffer.concat(frames)]),
  "frame by frame": (socket, frames) => writeEach(socket, frames),
  "in pieces of 997 bytes": (socket, frames) => writeEach(socket, cut(Buffer.concat(frames), 997)),
  "byte by byte": (socket, frames) => writeEach(socket, cut(Buffer.concat(frames), 1)),
};

// Sends frames. Returns all that arrives until the connection ends: [opcode, payload] of each frame, and
// [8, code] of a Close.
export async function conversation(url, frames, write) {
  const ws = await RawWebSocket.open(url);
  assert.equal(ws.status, 101, ws.head);
  const written = write(ws.socket, frames);
  const received = [];
  for (let got; (got = await ws.frames.next()); ) {
    assert.ok(got.fin, "the server sends a message in one frame");
    received.push([got.opcode, got.opcode === 8 ? codeOf(got.payload) : got.payload]);
  }
  await written;
  return received;
}

const codeOf = (payload) => (payload.length < 2 ? `no code, but ${payload.length} bytes` : payload.readUInt16BE(0));
