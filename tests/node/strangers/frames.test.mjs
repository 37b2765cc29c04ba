// SPDX-License-Identifier: MIT
//
// WebSocket frames that break RFC 6455, or strain it. What is wrong ends the connection with the code
// of section 7.4.1; what is merely odd does not.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { bytes, frameHead, x } from "./support/bytes.mjs";
import { answers, ends, goesOn } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();

const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const kinds = { "a continuation": 0, text: 1, "a binary frame": 2, "a close": 8, "a ping": 9, "a pong": 10 };
const bits = { "the first reserved bit": 0x40, "the second": 0x20, "the third": 0x10, "all three": 0x70 };

ends(town, 1002, "transport_error", [
  ...opcodes.map((op) => [`opcode ${op}`, (ws) => ws.frame(op, "x")]),
  ...opcodes.map((op) => [`opcode ${op} in the midst of a message`, (ws) => {
    ws.frame(1, "4", { fin: false });
    ws.frame(op, "", { fin: false });
  }]),
  ...Object.entries(kinds).map(([name, op]) =>
    [`${name} that is not masked`, (ws) => ws.frame(op, "", { masked: false })]),
  ...Object.entries(kinds).flatMap(([name, op]) => Object.entries(bits).map(([which, rsv]) =>
    [`${name} with ${which} set`, (ws) => ws.frame(op, "", { rsv })])),
  ["a reserved bit on a continuation of something", (ws) => {
    ws.frame(1, "4", { fin: false });
    ws.frame(0, "", { rsv: 0x40 });
  }],
]);

ends(town, 1002, "transport_error", [
  ...["a close", "a ping", "a pong"].flatMap((name) => [
    [`${name} in fragments`, (ws) => ws.frame(kinds[name], "", { fin: false })],
    [`${name} of 126 bytes`, (ws) => ws.frame(kinds[name], x(126))],
    [`${name} of 70,000 bytes`, (ws) => ws.frame(kinds[name], x(70_000))],
    [`${name} of 2^62 bytes`, (ws) => ws.socket.write(frameHead(kinds[name], 2n ** 62n))],
  ]),
  ["a continuation of nothing", (ws) => ws.frame(0, "x")],
  ["a continuation of nothing, to be continued", (ws) => ws.frame(0, "x", { fin: false })],
  ["a continuation of what has ended", (ws) => {
    ws.frame(1, "43/io/user/notifications,1", { fin: false });
    ws.frame(0, "[]");
    ws.frame(0, "x");
  }],
  ["a continuation after a pong", (ws) => {
    ws.frame(10, "x");
    ws.frame(0, "x");
  }],
  ...[[1, 1], [1, 2], [2, 1], [2, 2]].map(([first, second]) =>
    [`a message (${second}) within another (${first})`, (ws) => {
      ws.frame(first, "4", { fin: false });
      ws.frame(second, "4");
    }]),
  ["five bytes announced in two bytes", (ws) => ws.socket.write(bytes(0x81, 0xfe, 0, 5, 0, 0, 0, 0))],
  ["125 bytes announced in two bytes", (ws) => ws.socket.write(bytes(0x82, 0xfe, 0, 125, 0, 0, 0, 0))],
  ["five bytes announced in eight bytes", (ws) => ws.socket.write(frameHead(1, 5n))],
  ["65,535 bytes announced in eight bytes", (ws) => ws.socket.write(frameHead(2, 65_535n))],
  ["a length of 2^63", (ws) => ws.socket.write(frameHead(1, 2n ** 63n))],
  ["a length of 2^63 and a bit", (ws) => ws.socket.write(frameHead(2, 2n ** 63n + 1n))],
  ["a length of 2^64 - 1", (ws) => ws.socket.write(frameHead(2, 2n ** 64n - 1n))],
  ["a length of 2^63 on a ping", (ws) => ws.socket.write(frameHead(9, 2n ** 63n))],
]);

ends(town, 1009, "too_large", [
  ["one byte too many", (ws) => ws.frame(1, "4" + x(1_000_000))],
  ["one byte too many, announced", (ws) => ws.socket.write(frameHead(1, 1_000_001n))],
  ...[31n, 32n, 40n, 62n].flatMap((n) => [
    [`a length of 2^${n}`, (ws) => ws.socket.write(frameHead(1, 2n ** n))],
    [`a length of 2^${n} in a binary frame`, (ws) => ws.socket.write(frameHead(2, 2n ** n))],
  ]),
  ["a length of 2^63 - 1", (ws) => ws.socket.write(frameHead(1, 2n ** 63n - 1n))],
  ["a length of 2^63 - 1 that makes a sum overflow", (ws) => {
    ws.frame(2, "xx", { fin: false });
    ws.socket.write(frameHead(0, 2n ** 63n - 1n));
  }],
  ["a megabyte and a byte in fragments", (ws) => {
    ws.frame(2, x(999_999), { fin: false });
    ws.frame(0, "x", { fin: false });
    ws.frame(0, "x");
  }],
  ["fragments of a kilobyte without end", (ws) => {
    ws.frame(1, "4", { fin: false });
    for (let i = 0; i < 1200; ++i) ws.frame(0, x(1000), { fin: false });
  }],
]);

goesOn(town, [
  ["50,000 empty fragments", (ws) => {
    ws.frame(1, "43/io/user/notifications,1[", { fin: false });
    const empty = Buffer.concat(Array(50_000).fill(bytes(0, 0x80, 1, 2, 3, 4)));
    ws.socket.write(empty);
    ws.frame(0, "]");
  }],
  ["100,000 fragments of a byte", (ws) => {
    ws.frame(1, '42/io/user/notifications,["', { fin: false });
    ws.socket.write(Buffer.concat(Array(100_000).fill(bytes(0, 0x81, 0, 0, 0, 0, 0x78))));
    ws.frame(0, '"]');
  }],
  ["a message of just the limit", (ws) => {
    const [start, end] = ['42/io/user/notifications,["', '"]'];
    ws.frame(1, start + x(1_000_000 - start.length - end.length) + end);
  }],
  ["a character in four fragments, a ping between each", (ws) => {
    ws.frame(1, '42/io/user/notifications,["', { fin: false });
    for (const byte of Buffer.from("\u{1f600}")) {
      ws.frame(0, bytes(byte), { fin: false });
      ws.frame(10, "x");
    }
    ws.frame(0, '"]');
  }],
  ["10,000 pongs that nobody asked for", (ws) => {
    ws.socket.write(Buffer.concat(Array(10_000).fill(bytes(0x8a, 0x80, 1, 2, 3, 4))));
  }],
]);

// Of pings that come together the last alone has to be answered (RFC 6455 section 5.5.3).
town.case("1,000 pings, answered in order with what they said, the last one in any case", async () => {
  const ws = await town.session();
  for (let i = 0; i < 1000; ++i) ws.frame(9, `${i}`);
  const said = [];
  while (said.at(-1) !== 999) {
    const { opcode, payload } = await inTime(ws.frames.next(), "a pong");
    assert.equal(opcode, 10);
    said.push(Number(payload.toString()));
  }
  assert.ok(said.every((n, i) => i === 0 || n > said[i - 1]), said.join());
  await answers(ws);
});

describe("who goes in the midst of a frame leaves nothing:", () => {
  for (const [name, part] of [["its head", frameHead(1, 900_000n).subarray(0, 5)],
    ["its payload", Buffer.concat([frameHead(1, 900_000n), Buffer.alloc(500_000, "4")])],
    ["its payload, which never began", frameHead(2, 1_000_000n)]])
    town.case(`${name}, thirty at once`, async () => {
      const all = await Promise.all(Array.from({ length: 30 }, () => town.session()));
      for (const ws of all) ws.socket.end(part);
      await Promise.all(all.map((ws) => inTime(ws.ended(), "the end")));
    });
});

describe("who pings and never reads", () => {
  town.case("is kept while there is no more than a pong to say, and answered when it reads again", async () => {
    const ws = await town.session();
    ws.socket.pause();
    const pings = Buffer.concat(Array(1000).fill(Buffer.concat([bytes(0x89, 0xfd, 0, 0, 0, 0), Buffer.alloc(125)])));
    for (let i = 0; i < 200; ++i) await inTime(new Promise((resolve) => ws.socket.write(pings, resolve)), "room");
    ws.frame(9, "the last");
    ws.socket.resume();
    for (let last = ""; last !== "the last"; ) last = (await inTime(ws.frames.next(), "a pong")).payload.toString();
    await answers(ws);
  });
});

town.leavesNothing();
