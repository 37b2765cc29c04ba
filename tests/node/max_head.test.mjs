// SPDX-License-Identifier: MIT
//
// The limit on a request's head, from its least to its most: what is longer is refused by name, and
// nothing ends a connection without a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Wire } from "./strangers/support/wire.mjs";
import { counted, inTheLog, withGateway } from "./support/counts.mjs";
import { Polling } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();
const limited = (options, check) => () => withGateway(site, options, check);
const x = (count) => "x".repeat(count);

// A packet of so many bytes.
const packet = (size, frame = `42${namespace},["",""]`) => frame.replace('""]', `"${x(size - frame.length)}"]`);

// A whole head of this many bytes.
const head = (size, line = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ") =>
  `${line}${x(size - line.length - 4)}\r\n\r\n`;

test("--max-head", limited(["--max-head", 1000], async (gateway) => {
  const [fits, exceeds] = [new Wire(gateway.url), new Wire(gateway.url)];
  fits.send(head(1000));
  assert.equal((await fits.answer()).status, 200);
  exceeds.send(head(1001));
  const { status, body } = await exceeds.answer();
  assert.equal(status, 431);
  assert.match(body, /^head_too_large: /);
  await counted(gateway, "refused", "head_too_large");
  await inTheLog(gateway, "head_too_large");
}));

test("--max-head above 64 KiB: one header may not have more", limited(["--max-head", 1 << 20], async (gateway) => {
  const many = (count) => head(100).replace("X: ", `X: ${"y\r\nX: ".repeat(count)}`);
  for (const [bytes, status] of [[many(100_000), 200], [head(65_000), 200], [head(70_000), 431], [head(1 << 20), 431],
    [head(70_000, "GET /healthz HTTP/1.1\r\nHost: x\r\nX").replace(/\r\n\r\n$/, ": y\r\n\r\n"), 431]]) {
    const wire = new Wire(gateway.url);
    wire.send(bytes);
    assert.equal((await wire.answer()).status, status, `${bytes.length} bytes`);
  }
  await counted(gateway, "refused", "head_too_large", 3);
  assert.doesNotMatch(gateway.process.output, /exception/);
}));

test("--max-head 512: what was sent behind a GET that waits is served, up to 64 KiB", limited(
  ["--max-head", 512, "--ping-interval", 1000], async (gateway) => {
    const polling = await Polling.open(gateway.url);
    await polling.post(`40${namespace},`);
    await polling.packets();
    const { pathname, search } = new URL(polling.url);
    const line = (method, more = "") => `${method} ${pathname}${search} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const post = (length) => line("POST", `Content-Length: ${length}\r\n`);
    const size = 65_500 - post(65_000).length;
    const wire = new Wire(gateway.url);
    wire.send(line("GET") + post(size) + packet(size)); // the ping ends the GET
    const [got, posted] = await wire.answers(2);
    assert.equal(got.body, "2");
    assert.deepEqual([posted?.status, posted?.body], [200, "ok"]);
    assert.doesNotMatch(gateway.process.output, /exception/);
  }));
