// SPDX-License-Identifier: MIT
//
// Bodies of polling POSTs that are longer than accepted, badly cut, or never come (RFC 9112 sections
// 6 and 7). None of them is taken for packets, none costs the memory it announces.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { enginePath, request } from "../support/raw.mjs";
import { namespace as ns } from "../support/site.mjs";
import { x } from "./support/bytes.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const big = 2_000_000;

// Sends a POST for a session of its own; returns the session and the connection.
async function posts(lines, body) {
  const polling = await town.polling({ joined: true });
  const wire = town.wire();
  const first = `POST ${enginePath}polling&sid=${polling.sid} HTTP/1.1`;
  wire.send([first, "Host: x", ...[lines].flat(), "", body].join("\r\n"));
  return { polling, wire };
}

async function goesOn(polling) {
  assert.equal((await polling.post(`42${ns},["subscribe-to-notifications",{"uuid":"x"}]`)).body, "ok");
  assert.match((await inTime(polling.packets(), "the packets"))[0], /USERID_IS_NULL/);
}

function refuses(status, cases) {
  describe(`a POST gets ${status}, and the connection ends:`, () => {
    for (const [name, lines, body] of cases)
      town.case(name, async () => {
        const { wire } = await posts(lines, body);
        const all = await wire.ended();
        assert.deepEqual(all.map((a) => a.status), [status]);
        assert.equal(all[0].headers.connection, "close");
      });
  });
}

const chunked = "Transfer-Encoding: chunked";
const long = (n) => `Content-Length: ${n}`;

refuses(413, [
  ["a byte too many", long(1_000_001), "4" + x(1_000_000)],
  ["2 MB", long(big), x(big)],
  ["2 MB that were announced only", long(big), ""],
  ["2 MB that it asks to send first", [long(big), "Expect: 100-continue"], ""],
  ["1 GB that was announced", long(2 ** 30), "4"],
  ["2^63 - 1 bytes that were announced", long(2n ** 63n - 1n), "4"],
  ["2^64 - 1 bytes that were announced", long(2n ** 64n - 1n), "4"],
  ["a byte too many in a chunk", chunked, chunk(x(1_000_001))],
  ["2 MB in one chunk", chunked, chunk(x(big))],
  ["2 MB in chunks of a kilobyte", chunked, chunk(x(1000)).repeat(2000)],
  ["2 MB in chunks without an end", chunked, chunk(x(65_536)).repeat(30)],
  ["a chunk of 1 GB that was announced", chunked, "40000000\r\n4"],
  ["a chunk of 2^62 bytes that was announced", chunked, "4000000000000000\r\n4"],
  ["a chunk of 2^64 - 1 bytes that was announced", chunked, "ffffffffffffffff\r\n4"],
  ["chunks whose sum overflows", chunked, `1\r\n4\r\nffffffffffffffff\r\n4`],
]);

refuses(400, [
  ["a chunk's size that is no number", chunked, "zz\r\n4\r\n0\r\n\r\n"],
  ["a chunk's size that is nothing", chunked, "\r\n4\r\n0\r\n\r\n"],
  ["a chunk's size that is negative", chunked, "-1\r\n4\r\n0\r\n\r\n"],
  ["a chunk's size with a plus", chunked, "+1\r\n3\r\n0\r\n\r\n"],
  ["a chunk's size with 0x", chunked, "0x1\r\n3\r\n0\r\n\r\n"],
  ["a chunk's size with a blank before", chunked, " 1\r\n3\r\n0\r\n\r\n"],
  ["a chunk's size of 17 digits", chunked, "10000000000000000\r\n4"],
  ["a chunk's size of a kilobyte of digits", chunked, `${"f".repeat(1000)}\r\n4`],
  ["a chunk longer than it says", chunked, "1\r\n333\r\n0\r\n\r\n"],
  ["a chunk's line that ends with LF alone", chunked, "1\n3\r\n0\r\n\r\n"],
  ["a chunk that ends with LF alone", chunked, "1\r\n3\n0\r\n\r\n"],
  ["a chunk's extension that is none", chunked, "1;=\r\n3\r\n0\r\n\r\n"],
  ["a chunk's extension with a NUL", chunked, "1;a=\0\r\n3\r\n0\r\n\r\n"],
  ["a trailer that is none", chunked, "1\r\n3\r\n0\r\nno colon\r\n\r\n"],
  ["a trailer with a NUL", chunked, "1\r\n3\r\n0\r\nX: \0\r\n\r\n"],
]);

refuses(413, [
  ["a chunk's extension of 100 KB", chunked, `1;a=${x(100_000)}\r\n3\r\n0\r\n\r\n`],
  ["a chunk's extension without an end", chunked, `1;a=${x(1_000_000)}`],
  ["a trailer of 100 KB", chunked, `1\r\n3\r\n0\r\nX: ${x(100_000)}\r\n\r\n`],
  ["a trailer of 10,000 lines", chunked, `1\r\n3\r\n0\r\n${"X: yyyyyyyyyyyyy\r\n".repeat(10_000)}\r\n`],
  ["a trailer without an end", chunked, `1\r\n3\r\n0\r\n${"X: yyyyyyyyyyyyy\r\n".repeat(1_000_000)}`],
]);

describe("a POST that never ends leaves nothing:", () => {
  const cases = [
    ["no body", long(100), ""],
    ["half of a body", long(100), x(50)],
    ["half of a megabyte", long(1_000_000), "4" + x(500_000)],
    ["a chunk without its size", chunked, ""],
    ["half of a size", chunked, "1"],
    ["half of a chunk", chunked, "64\r\n4"],
    ["a chunk and no other", chunked, chunk("3")],
    ["a last chunk and half of a trailer", chunked, `${chunk("3")}0\r\nX: x`],
  ];
  for (const [name, lines, body] of cases)
    town.case(name, async () => {
      const { polling, wire } = await posts([lines, "Expect: 100-continue"].flat(), body);
      assert.equal((await wire.answer()).status, 100);
      wire.socket.end();
      const [, answer, more] = await wire.ended();
      assert.ok(answer === undefined || answer.status === 400);
      assert.equal(more, undefined);
      assert.equal((await polling.get()).status, 400); // as is known to who lost half of a packet
    });
});

describe("a POST is read:", () => {
  const cases = [
    ["in 100,000 chunks of a byte", chunked, `1\r\n3\r\n${"1\r\nx\r\n".repeat(100_000)}0\r\n\r\n`],
    ["with extensions and a trailer", chunked, '1;a=b;c="d"\r\n3\r\n0\r\nX: x\r\n\r\n'],
    ["with zeros before a chunk's size", chunked, "0001\r\n3\r\n000\r\n\r\n"],
    ["with a chunk's size in capitals", chunked, `A\r\n3${x(9)}\r\n0\r\n\r\n`],
    ["of just the limit", long(1_000_000), "3" + x(999_999)],
    ["of just the limit, in chunks", chunked, `${chunk("3" + x(499_999))}${chunk(x(500_000))}0\r\n\r\n`],
  ];
  for (const [name, lines, body] of cases)
    town.case(name, async () => {
      const { polling, wire } = await posts(lines, body);
      const { status, body: text } = await wire.answer();
      assert.deepEqual([status, text], [200, "ok"]);
      await goesOn(polling);
    });

  town.case("a byte at a time", async () => {
    const { polling, wire } = await posts(long(9), "");
    for (const byte of "3xxxxxxxx") await wire.send(byte);
    assert.equal((await wire.answer()).body, "ok");
    await goesOn(polling);
  });
});

// Beast's parser asserts that it has five bytes once it has seen that the first chunk is the last: a
// build with assertions ended there.
town.case("a POST of nothing, in a last chunk that comes a byte at a time, is refused as any without packets", async () => {
  const { wire } = await posts(chunked, "");
  for (const byte of "0\r\n\r\n") {
    await wire.send(byte);
    for (let turn = 0; turn < 2; ++turn) await request(`${town.url}/healthz`); // so that it is read alone
  }
  assert.equal((await wire.answer()).status, 400);
});

describe("a body that was refused", () => {
  for (const [name, lines, body] of [["whole", long(big), x(big)], ["by its length", long(2 ** 30), ""], ["in chunks", chunked, chunk(x(big))]])
    town.case(`${name} costs the connection, not the session`, async () => {
      const { polling, wire } = await posts(lines, body);
      assert.equal((await wire.answer()).status, 413);
      await goesOn(polling);
    });
});

town.leavesNothing();
