// SPDX-License-Identifier: MIT
//
// Request heads as no client would send them (RFC 9112). What is malformed is refused and the
// connection ends, since nobody knows where the next request would begin.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { x } from "./support/bytes.mjs";
import { Town } from "./support/town.mjs";

const town = Town.forThisFile();
const get = (...lines) => ["GET /healthz HTTP/1.1", "Host: x", ...lines, "", ""].join("\r\n");
const body = (...lines) => get(...lines) + "hello"; // would be answered with 200
const bare = (...lines) => ["GET /healthz HTTP/1.1", ...lines, "", ""].join("\r\n");
const line = (text) => `${text}\r\nHost: x\r\n\r\n`;
const headers = (count) => Array.from({ length: count }, (_, i) => `X-${i}: ${i}`);

function refuses(cases) {
  for (const [name, bytes, status] of cases)
    town.case(`${name}: ${status}`, async () => {
      const wire = town.wire();
      wire.send(bytes);
      const all = await wire.ended();
      assert.deepEqual(all.map((a) => a.status), [status], wire.text);
      assert.equal(all[0].headers.connection, "close");
    });
}

describe("a head too long is refused before its end:", () => {
  refuses([
    ["a target of 17 KB", line(`GET /${x(17_000)} HTTP/1.1`), 431],
    ["a target without an end", `GET /${x(100_000)}`, 431],
    ["a method of 17 KB", line(`${x(17_000)} / HTTP/1.1`), 431],
    ["a method without an end", "G".repeat(100_000), 431],
    ["a header of 17 KB", get(`X: ${x(17_000)}`), 431],
    ["a name of 17 KB", get(`${x(17_000)}: x`), 431],
    ["a name without an end", `GET / HTTP/1.1\r\n${x(100_000)}`, 431],
    ["20,000 headers", get(...headers(20_000)), 431],
    ["20,000 headers without an end", `GET / HTTP/1.1\r\n${headers(20_000).join("\r\n")}`, 431],
    ["20,000 times the same header", get(...Array(20_000).fill("X: x")), 431],
    ["a megabyte of folded lines", get("X: x", ...Array(20_000).fill(` ${x(50)}`)), 431],
    ["a megabyte of blanks after a colon", get(`X:${" ".repeat(1_000_000)}x`), 431],
    ["ten megabytes at once", get(`X: ${x(10_000_000)}`), 431],
  ]);
});

describe("a request line is refused:", () => {
  refuses([
    ["HTTP/0.9", "GET /healthz\r\n", 400],
    ["HTTP/0.9 with a line more", "GET /healthz\r\n\r\n", 400],
    ["HTTP/0.8", line("GET /healthz HTTP/0.8"), 505],
    ["HTTP/2.0", line("GET /healthz HTTP/2.0"), 505],
    ["HTTP/9.9", line("GET /healthz HTTP/9.9"), 505],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
    ["a blank before", line(" GET /healthz HTTP/1.1"), 400],
    ["two blanks within", line("GET  /healthz HTTP/1.1"), 400],
    ["a tab within", line("GET\t/healthz HTTP/1.1"), 400],
    ["no target", line("GET HTTP/1.1"), 400],
    ["a NUL in the method", line("G\0ET /healthz HTTP/1.1"), 400],
    ["a NUL in the target", line("GET /health\0z HTTP/1.1"), 400],
    ["a CR in the target", line("GET /health\rz HTTP/1.1"), 400],
    ["DEL in the target", line("GET /health\x7fz HTTP/1.1"), 400],
    ["a method with a slash", line("G/T /healthz HTTP/1.1"), 400],
    ["a version of letters", line("GET /healthz HTTP/x.y"), 400],
    ["a version of three digits", line("GET /healthz HTTP/1.10"), 400],
    ["HTTP in small letters", line("GET /healthz http/1.1"), 400],
    ["another protocol", line("GET /healthz RTSP/1.0"), 400],
    ["a blank after", line("GET /healthz HTTP/1.1 "), 400],
    ["a method that nobody knows", line("FETCH /healthz HTTP/1.1"), 501],
    ["a method in small letters", line("get /healthz HTTP/1.1"), 501],
    ["nothing but empty lines", "\r\n".repeat(10_000), 431],
    ["the greeting of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00".repeat(200), 400],
    ["the greeting of ssh", "SSH-2.0-OpenSSH_9.2\r\n", 400],
    ["a command of Redis", "*1\r\n$4\r\nPING\r\n", 400],
    ["a kilobyte of 0xff", "\xff".repeat(1000), 400],
    ["a kilobyte of NULs", "\0".repeat(1000), 400],
  ]);
});

describe("header lines are refused:", () => {
  refuses([
    ["a CR within a value", get("X: a\rb"), 400],
    ["a LF within a value", get("X: a\nb"), 400],
    ["CR CR LF", get("X: a\r"), 400],
    ["a NUL within a value", get("X: a\0b"), 400],
    ["an escape within a value", get("X: a\x1bb"), 400],
    ["DEL within a value", get("X: a\x7fb"), 400],
    ["a NUL within a name", get("X\0Y: a"), 400],
    ["a blank before the colon", get("X : a"), 400],
    ["a blank within a name", get("X Y: a"), 400],
    ["no name", get(": a"), 400],
    ["no colon", get("nothing"), 400],
    ["a name with a bracket", get("X(: a"), 400],
    ["a name beyond ASCII", get("X\xe9: a"), 400],
    ["a fold before any header", "GET /healthz HTTP/1.1\r\n folded: x\r\nHost: x\r\n\r\n", 400],
  ]);
});

describe("a host is refused:", () => {
  refuses([
    ["none", bare(), 400],
    ["two", bare("Host: a", "Host: b"), 400],
    ["the same one twice", bare("Host: a", "Host: a"), 400],
    ["one with a blank", bare("Host: a b"), 400],
    ["one with a path", bare("Host: a/b"), 400],
    ["one with a user", bare("Host: a@b"), 400],
    ["one with a port of letters", bare("Host: a:b"), 400],
    ["one that is a list", bare("Host: a, b"), 400],
    ["one with a bracket", bare("Host: [::1"), 400],
    ["two of HTTP/1.0", "GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ]);
});

describe("a coding of the body is refused, and nothing of it is read:", () => {
  const coded = (...codings) => body(...codings.map((c) => `Transfer-Encoding: ${c}`));
  refuses([
    ["identity", coded("identity"), 400],
    ["nothing", coded(""), 400],
    ["gzip without chunks", coded("gzip"), 400],
    ["chunks before gzip", coded("chunked, gzip"), 400],
    ["chunked with a blank within", coded("chun ked"), 400],
    ["chunked with a letter more", coded("xchunked"), 400],
    ["chunked in quotes", coded('"chunked"'), 400],
    ["chunked after a vertical tab", coded("\x0bchunked"), 400],
    ["chunked in a second header", coded("gzip", "chunked"), 400],
    ["something before chunked", coded("x, chunked"), 400],
    ["gzip before chunked", coded("gzip, chunked"), 501],
    ["chunked of HTTP/1.0", "POST /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ]);
});

describe("a path is not for this method:", () => {
  for (const [method, path] of ["POST", "PUT", "DELETE", "OPTIONS"].flatMap((m) => [[m, "/healthz"], [m, "/socket.io/socket.io.js"]]))
    town.case(`${method} ${path}: 405`, async () => {
      const wire = town.wire();
      wire.send(line(`${method} ${path} HTTP/1.1`));
      const { status, headers } = await wire.answer();
      assert.deepEqual([status, headers.allow], [405, "get, head"]);
    });
});

describe("a head that grows line by line", () => {
  const endless = "X-Filler: " + "x".repeat(86) + "\r\n";
  town.case("is refused once it is too long, however it is cut", async () => {
    for (const size of [98, 97, 49, 1000]) {
      const wire = town.wire();
      const all = "GET /healthz HTTP/1.1\r\nHost: x\r\n" + endless.repeat(200);
      for (let at = 0; at < all.length && !wire.closed; at += size) await wire.send(all.slice(at, at + size));
      assert.deepEqual((await wire.ended()).map((a) => a.status), [431]);
    }
  });
});

describe("a body's length is refused:", () => {
  refuses([
    ["two different lengths", body("Content-Length: 5", "Content-Length: 6"), 400],
    ["two different lengths in a list", body("Content-Length: 5, 6"), 400],
    ["30 digits", body(`Content-Length: ${"9".repeat(30)}`), 400],
    ["2^64", body("Content-Length: 18446744073709551616"), 400],
    ["a negative length", body("Content-Length: -5"), 400],
    ["a length with a plus", body("Content-Length: +5"), 400],
    ["a length in hexadecimal", body("Content-Length: 0x5"), 400],
    ["a length with a fraction", body("Content-Length: 5.0"), 400],
    ["a length of two numbers", body("Content-Length: 5 5"), 400],
    ["a length of letters", body("Content-Length: five"), 400],
    ["an empty length", body("Content-Length: "), 400],
    ["a length and chunks", body("Content-Length: 5", "Transfer-Encoding: chunked"), 400],
    ["chunks and a length", body("Transfer-Encoding: chunked", "Content-Length: 5"), 400],
    ["chunked in two headers", body("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400],
  ]);
});

describe("a head is served:", () => {
  const many = `${get()}`.repeat(1000);
  const cases = [
    ["HTTP/1.0, and the connection ends", "GET /healthz HTTP/1.0\r\n\r\n", [200], true],
    ["HTTP/1.0 that wants to go on", "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [200], false],
    ["Connection: close", get("Connection: close"), [200], true],
    ["Connection: close among others", get("Connection: x, CLOSE"), [200], true],
    ["close before the next request", get("Connection: close") + get(), [200], true],
    ["a body that nobody reads, which is no request", get(`Content-Length: ${get().length}`) + get(), [200], true],
    ["the same length twice", body("Content-Length: 5", "Content-Length: 5"), [200], true],
    ["a chunked body that nobody reads", get("Transfer-Encoding: chunked") + `0\r\n\r\n${get()}`, [200], true],
    ["1,000 pipelined", many, Array(1000).fill(200), false],
    ["broken after one that is not", get() + "?\r\n\r\n", [200, 400], true],
    ["a target that is a URL", line("GET http://x/healthz HTTP/1.1"), [200], false],
    ["a target that is a URL without a path", line("GET http://x HTTP/1.1"), [404], false],
    ["an empty line before", `\r\n${get()}`, [200], false],
    ["empty lines between", `${get()}\r\n\r\n${get()}`, [200, 200], false],
    ["chunked in capitals", get("Transfer-Encoding: Chunked") + "0\r\n\r\n", [200], true],
    ["a host with a port", bare("Host: example.org:8080"), [200], false],
    ["a host that is an address", bare("Host: [::1]:8080"), [200], false],
    ["a host that is empty", bare("Host:"), [200], false],
    ["CONNECT", line("CONNECT example.org:443 HTTP/1.1"), [404], false],
    ["a kilobyte of blanks after a colon", get(`X:${" ".repeat(1000)}x`), [200], false],
    ["a value beyond ASCII", get("X: \xff\xfe"), [200], false],
    ["an expectation that nobody knows", get("Expect: the-impossible"), [200], false],
  ];
  for (const [name, bytes, statuses, ends] of cases)
    town.case(`${name}: ${new Set(statuses).size === 1 ? statuses[0] : statuses}`, async () => {
      const wire = town.wire();
      wire.send(bytes);
      const all = ends ? await wire.ended() : await wire.answers(statuses.length);
      assert.deepEqual(all.map((a) => a.status), statuses);
      if (ends) return;
      assert.equal(wire.closed, false);
      wire.send(get()); // it goes on
      assert.equal((await wire.answers(statuses.length + 1)).length, statuses.length + 1);
    });

  town.case("a byte at a time: 200", async () => {
    const wire = town.wire();
    for (const byte of get("X: x")) await wire.send(byte);
    assert.equal((await wire.answer()).status, 200);
  });
});

describe("who leaves before a head is complete is let go without a word:", () => {
  const cases = ["", "G", "GET /healthz HTTP/1.1\r\n", get().slice(0, -2), get().slice(0, -1), `GET /${x(4000)}`];
  for (const bytes of cases)
    town.case(`after ${bytes.length} bytes`, async () => {
      const wire = town.wire({ allowHalfOpen: true });
      await wire.send(bytes);
      wire.socket.end();
      assert.deepEqual(await wire.ended(), []);
      assert.equal(wire.text, "");
    });
});

town.leavesNothing();
