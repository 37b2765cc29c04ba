// SPDX-License-Identifier: MIT
//
// RFC 6455 by hand against an echo of whole messages: what comes back, and with which code the end comes.
// Each story is told with its bytes cut in several ways, and ends with the end of the connection.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EchoServer } from "./support/echo_server.mjs";
import {
  binary, bytes, close, conversation, fragments, frame, more, ping, pong, text, ways,
} from "./support/web_socket.mjs";

const server = EchoServer.forThisFile();
const open = { fin: false };
const x = (count) => "x".repeat(count);
const echoed = {
  text: (payload) => [1, Buffer.from(payload)],
  binary: (payload) => [2, Buffer.from(payload)],
  pong: (payload = "") => [10, Buffer.from(payload)],
};
const bytewise = 1000; // what is longer is not written byte by byte

// A story whose connection ends with this code, after these frames have come back.
function ends(code, what, sent, received = []) {
  test(what, async () => {
    const size = sent.reduce((sum, f) => sum + f.length, 0);
    const fitting = Object.keys(ways).filter((way) => size <= bytewise || way !== "byte by byte");
    const told = fitting.map((way) => conversation(server.webSocket, sent, ways[way]));
    for (const [i, got] of (await Promise.all(told)).entries())
      assert.deepEqual([fitting[i], ...got], [fitting[i], ...received, [8, code]]);
  });
}

// A story that leaves the connection usable: it is closed as usual then.
const goesOn = (what, sent, received) => ends(1000, what, [...sent, close(1000)], received);

// One that breaks the protocol.
const breaks = (what, sent, received) => ends(1002, what, sent, received);

describe("framing:", () => {
  for (const size of [0, 1, 125, 126, 127, 128, 65_535, 65_536, 70_000]) {
    goesOn(`text of ${size} bytes`, [text(x(size))], [echoed.text(x(size))]);
    const data = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) & 0xff));
    goesOn(`binary of ${size} bytes`, [binary(data)], [echoed.binary(data)]);
  }
  const several = Array.from({ length: 50 }, (_, i) => `${i}`);
  goesOn("fifty messages", several.map((s) => text(s)), several.map(echoed.text));
  goesOn("text and binary in turn", [text("a"), binary("b"), text(""), binary("")],
    [echoed.text("a"), echoed.binary("b"), echoed.text(""), echoed.binary("")]);

  for (const [name, make] of Object.entries({ text, binary, ping, pong }))
    breaks(`${name} that is not masked`, [text("before"), make("x", { masked: false })], [echoed.text("before")]);
  breaks("five bytes announced in two", [bytes(0x81, 0xfe, 0, 5, 0, 0, 0, 0), Buffer.from("hello")]);
  breaks("five bytes announced in eight", [bytes(0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0), Buffer.from("hello")]);
  breaks("a length whose first bit is set", [bytes(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]);
});

describe("pings and pongs:", () => {
  const all = Buffer.from(Array.from({ length: 125 }, (_, i) => 255 - i));
  goesOn("an empty ping", [ping()], [echoed.pong()]);
  goesOn("a ping with text", [ping("Hello, world!")], [echoed.pong("Hello, world!")]);
  goesOn("a ping with bytes that are no text", [ping(bytes(0, 0xff, 0xc0))], [echoed.pong(bytes(0, 0xff, 0xc0))]);
  goesOn("a ping of 125 bytes", [ping(all)], [echoed.pong(all)]);
  breaks("a ping of 126 bytes", [ping(x(126))]);
  breaks("a pong of 126 bytes", [pong(x(126))]);
  breaks("a ping of 70,000 bytes", [ping(x(70_000))]);
  goesOn("a pong that nobody asked for", [pong()], []);
  goesOn("a pong with a payload that nobody asked for", [pong("unasked")], []);
  goesOn("such a pong and a ping", [pong("unasked"), ping("asked")], [echoed.pong("asked")]);
  const ten = Array.from({ length: 10 }, (_, i) => `payload ${i}`);
  goesOn("ten pings", ten.map((s) => ping(s)), ten.map(echoed.pong));
  goesOn("a ping between two messages", [text("a"), ping("b"), text("c")],
    [echoed.text("a"), echoed.pong("b"), echoed.text("c")]);
});

describe("a reserved bit:", () => {
  const before = [echoed.text("before"), echoed.binary("and")];
  for (let rsv = 1; rsv <= 7; ++rsv) {
    const bits = rsv.toString(2).padStart(3, "0");
    const places = {
      "text": [text("wrong", { rsv })],
      "binary": [binary("wrong", { rsv })],
      "a ping": [ping("wrong", { rsv })],
      "a pong": [pong("wrong", { rsv })],
      "a close": [frame(8, bytes(0x03, 0xe8), { rsv })],
      "the first fragment": [text("wrong", { rsv, fin: false }), more("end")],
      "a fragment within": [text("so far ", open), more("wrong", { rsv, fin: false }), more("end")],
      "the last fragment": [text("so far ", open), more("wrong", { rsv })],
    };
    for (const [where, sent] of Object.entries(places)) {
      breaks(`${bits} on ${where}`, sent);
      breaks(`${bits} on ${where}, after messages and before a ping`,
        [text("before"), binary("and"), ...sent, ping("after")], before);
    }
  }
});

describe("a reserved opcode:", () => {
  for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
    breaks(`${opcode}, empty`, [frame(opcode)]);
    breaks(`${opcode} with a payload`, [frame(opcode, "reserved")]);
    breaks(`${opcode} after a message and before a ping`, [text("before"), frame(opcode), ping()], [echoed.text("before")]);
    breaks(`${opcode} with a payload, there`, [text("before"), frame(opcode, "no"), ping()], [echoed.text("before")]);
    breaks(`${opcode} between fragments`, [text("a", open), frame(opcode, "no"), more("b")]);
  }
});

describe("fragments:", () => {
  const both = [echoed.text("fragment1fragment2")];
  const [first, last] = [text("fragment1", open), more("fragment2")];

  breaks("a ping of two", [ping("fragment1", open), last]);
  breaks("a pong of two", [pong("fragment1", open), last]);
  breaks("a close of two", [frame(8, bytes(0x03), open), more(bytes(0xe8))]);
  breaks("a ping within a message that is one itself", [first, ping("p", open), last]);

  goesOn("text of two", [first, last], both);
  goesOn("binary of two", [binary("fragment1", open), last], [echoed.binary("fragment1fragment2")]);
  goesOn("a ping between", [first, ping("between"), last], [echoed.pong("between"), ...both]);
  goesOn("a pong between", [first, pong("between"), last], both);
  goesOn("empty ones", [text("", open), more("", open), more("")], [echoed.text("")]);
  goesOn("empty ones around one that is not", [text("", open), more("middle", open), more("")], [echoed.text("middle")]);
  goesOn("two messages, one after the other", [first, last, binary("a", open), more("b")],
    [...both, echoed.binary("ab")]);
  goesOn("five with pings among them",
    [text("1", open), more("2", open), ping("a"), more("3", open), more("4", open), ping("b"), more("5")],
    [echoed.pong("a"), echoed.pong("b"), echoed.text("12345")]);
  goesOn("a whole message after them", [first, last, text("whole")], [...both, echoed.text("whole")]);
  goesOn("each of a byte", fragments(1, "Hellö, wörld — 🎉", 1), [echoed.text("Hellö, wörld — 🎉")]);
  goesOn("three control frames between", [first, ping(x(125)), ping(""), pong(x(125)), last],
    [echoed.pong(x(125)), echoed.pong(""), ...both]);

  for (const fin of [true, false]) {
    const kind = fin ? "the last" : "one in the middle";
    breaks(`${kind} of nothing`, [more("nothing", { fin })]);
    breaks(`${kind} of nothing, then a message`, [more("nothing", { fin }), text("whole")]);
    breaks(`${kind} of nothing, after a whole message`, [text("whole"), more("nothing", { fin })], [echoed.text("whole")]);
    breaks(`${kind} of nothing, after a fragmented message`, [first, last, more("nothing", { fin }), text("whole")], both);
    breaks(`${kind} of nothing, before a fragmented message`, [more("nothing", { fin }), first, last]);
    breaks(`${kind} of nothing, after a ping`, [ping("p"), more("nothing", { fin })], [echoed.pong("p")]);
    for (const [name, make] of Object.entries({ text, binary }))
      for (const [begun, begin] of Object.entries({ text, binary }))
        breaks(`${name} within ${begun} that is not over, FIN ${Number(fin)}`,
          [begin("fragment1", open), make("fragment2", { fin }), more("fragment3")]);
  }
  const split = [text("1", open), more("2", open), ping("a"), more("3", open), text("4", open), ping("b"), more("5")];
  breaks("a message begun twice, with pings among", split, [echoed.pong("a")]);
});

// Characters at the borders of UTF-8's forms (RFC 3629), and those that are none but may be sent.
const points = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff];
const nonCharacters = Array.from({ length: 17 }, (_, plane) => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]).flat();
const hex = (data) => data.toString("hex").replace(/(..)(?=.)/g, "$1 ");
const fromHex = (digits) => Buffer.from(digits.replaceAll(" ", ""), "hex");

describe("text that is UTF-8:", () => {
  const texts = ["Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "中文 🎉🎉", "\u0000\u0001\u2028\u2029", "e\u0301"];
  for (const s of texts) {
    goesOn(JSON.stringify(s), [text(s)], [echoed.text(s)]);
    goesOn(`${JSON.stringify(s)}, each byte a fragment`, fragments(1, s, 1), [echoed.text(s)]);
  }
  for (const point of new Set([...points, ...nonCharacters])) {
    const s = String.fromCodePoint(point);
    goesOn(`U+${point.toString(16)}`, [text(s), ...fragments(1, `-${s}-`, 1)], [echoed.text(s), echoed.text(`-${s}-`)]);
  }
  goesOn("long, its characters cut by the fragments", fragments(1, "κ🎉中".repeat(2000), 1000), [echoed.text("κ🎉中".repeat(2000))]);
  goesOn("each begins anew after one that was binary", [...fragments(2, bytes(0xe2, 0x82), 1), text("€")],
    [echoed.binary(bytes(0xe2, 0x82)), echoed.text("€")]);
  goesOn("and what is not may be binary", [binary(bytes(0xff, 0xc0, 0x80)), ping(bytes(0xff))],
    [echoed.binary(bytes(0xff, 0xc0, 0x80)), echoed.pong(bytes(0xff))]);
});

describe("text that is not UTF-8:", () => {
  const leads = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => `${(from + i).toString(16)}20`).join("");
  const wrong = {
    "continues nothing": ["80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf", "80bf80bf80bf80"],
    "begins what does not go on": [leads(0xc2, 0xdf), leads(0xe0, 0xef), leads(0xf0, 0xf4), "c220", "e08020", "f0908020"],
    "is cut": ["c2", "df", "e0a0", "ef bf", "e0", "f0", "f090", "f09080", "f48fbf", "ce ba e1 bd b9 cf"],
    "is cut by another": ["c2 c2 80", "e0 a0 e0 a0 80", "f0 90 80 f0 90 80 80", "e2 82 41"],
    "has bytes that never occur": ["fe", "ff", "fefeffff", "c0", "c1", "f5", "f5808080", "f8", "fc"],
    "is longer than need be":
      ["c080", "c0af", "c1bf", "e080af", "e09fbf", "e08080", "f08080af", "f08fbfbf", "f0808080",
        "f8808080af", "f887bfbfbf", "fc80808080af", "fc83bfbfbfbf"],
    "has a surrogate": ["eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"],
    "has a pair of them":
      ["eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf", "edae80edb080", "edae80edbfbf", "edafbfedb080",
        "edafbfedbfbf"],
    "is beyond U+10FFFF": ["f4908080", "f7bfbfbf", "f888808080", "fbbfbfbfbf", "fc8480808080", "fdbfbfbfbfbf"],
  };
  for (const [why, all] of Object.entries(wrong))
    for (const data of all.map(fromHex)) {
      const within = Buffer.concat([Buffer.from("κόσμε"), data, why === "is cut" ? bytes() : Buffer.from("edited")]);
      ends(1007, `${hex(data)} ${why}`, [text(data)]);
      ends(1007, `${hex(data)} ${why}, each byte a fragment`, fragments(1, data, 1));
      ends(1007, `${hex(data)} ${why}, after text that is good`, [text("good"), text(within)], [echoed.text("good")]);
      ends(1007, `${hex(data)} ${why}, in the fragment of a message`, fragments(1, within, 7));
    }
  ends(1007, "a ping makes a character that is cut no better", [text(fromHex("e282"), open), ping("p"), more("")], [echoed.pong("p")]);
});

describe("close:", () => {
  ends(1000, "after a message", [text("hello"), close(1000)], [echoed.text("hello")]);
  ends(1000, "after a long message, and a ping after it", [text(x(256 * 1024)), close(1000), ping("late")],
    [echoed.text(x(256 * 1024))]);
  ends(1000, "twice", [close(1000), close(1000)]);
  ends(1001, "twice, with different codes", [close(1001), close(1002)]);
  ends(1000, "a ping after it is not answered", [close(1000), ping("late")]);
  ends(1000, "a message after it is not echoed", [close(1000), text("late")]);
  ends(1000, "what is wrong after it is not looked at", [close(1000), frame(3, "no"), text(bytes(0xff))]);
  ends(1000, "between fragments; the rest is not waited for", [text("fragment1", open), close(1000), more("fragment2")]);
  ends(1000, "after a ping, which is answered", [ping("in time"), close(1000)], [echoed.pong("in time")]);

  ends(1000, "without a payload", [frame(8)]);
  breaks("with a payload of one byte", [frame(8, "\x03")]);
  ends(1000, "with a code alone", [close(1000)]);
  ends(1000, "with a reason", [close(1000, "I have to go")]);
  ends(1000, "with a reason that is not ASCII", [close(1000, "κόσμε 🎉")]);
  ends(1000, "of 124 bytes", [close(1000, x(122))]);
  ends(1000, "of 125 bytes", [close(1000, x(123))]);
  breaks("of 126 bytes", [close(1000, x(124))]);
  for (const reason of ["ff", "c080", "eda080", "e282", "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65"])
    ends(1007, `with a reason that is not UTF-8, ${reason}`, [close(1000, fromHex(reason))]);

  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]) {
    ends(code, `${code} comes back`, [close(code)]);
    ends(code, `${code} comes back, with a reason`, [close(code, "why")]);
  }
  for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65_535]) {
    breaks(`${code} is no code to send`, [close(code)]);
    breaks(`${code} is no code to send, with a reason`, [close(code, "why")]);
  }
});

describe("long messages:", () => {
  const MiB = 1024 * 1024;
  const limit = 64 * MiB;

  // A story for which one way of writing is enough.
  function told(what, make, code, expected) {
    test(what, async () => {
      const got = await conversation(server.webSocket, make(), ways["frame by frame"]);
      assert.deepEqual(got.map(([opcode]) => opcode), [...expected.map(([opcode]) => opcode), 8]);
      // Compared by hand, for who would read the difference?
      for (const [i, [, payload]] of expected.entries()) assert.ok(got[i][1].equals(payload), `${what} comes back as it was`);
      assert.equal(got.at(-1)[1], code);
    });
  }

  const pattern = Buffer.from("0123456789abcdefghijklmnopqrstuvwxyz-€🎉");
  const textOf = (size) => Buffer.concat([Buffer.alloc(size - (size % pattern.length), pattern), Buffer.from(x(size % pattern.length))]);
  for (const mebibytes of [1, 16, 64]) {
    const data = textOf(mebibytes * MiB);
    told(`text of ${mebibytes} MiB`, () => [text(data), close(1000)], 1000, [[1, data]]);
    told(`binary of ${mebibytes} MiB in frames of 64 KiB`, () => [...fragments(2, data, 65_536), close(1000)], 1000, [[2, data]]);
  }
  const one = textOf(MiB);
  for (const size of [1000, 4096, 500_000])
    told(`text of 1 MiB in frames of ${size} bytes`, () => [...fragments(1, one, size), close(1000)], 1000, [[1, one]]);
  for (const [what, make] of Object.entries({ text, binary }))
    ends(1009, `${what} of 64 MiB and a byte, as soon as it is announced`, [make("", { announced: limit + 1 })]);
  told("64 MiB and a byte in fragments",
    () => [binary(Buffer.alloc(limit / 2), open), more(Buffer.alloc(limit / 2), open), more("x")], 1009, []);
  told("the last fragment announces a byte too many",
    () => [binary(Buffer.alloc(MiB), open), more("", { announced: limit - MiB + 1 })], 1009, []);

  const auto = textOf(65_536);
  goesOn("65,536 bytes in frames of 1,300", fragments(1, auto, 1300), [echoed.text(auto)]);
  goesOn("65,536 bytes of binary in frames of 1,300", fragments(2, auto, 1300), [echoed.binary(auto)]);
});
