// SPDX-License-Identifier: MIT
//
// Clients that drip: a byte now and then, or an answer read a little at a time. What has a time has it
// in all, from its beginning, however busy the client looks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Wire, inTime } from "./strangers/support/wire.mjs";
import { pause, until } from "./support/await.mjs";
import { counted, health, inTheLog } from "./support/counts.mjs";
import { Polling, enginePath } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const [headTimeout, bodyTimeout] = [1000, 2000];
const site = Site.forThisFile(
  { gateway: ["--threads", 1, "--head-timeout", headTimeout, "--body-timeout", bodyTimeout] });
const step = 150; // ms from byte to byte: often within either
const tolerance = 100; // ms by which another clock may differ
const together = { concurrency: true };
const late = { head_timeout: 0, body_timeout: 0, answer_timeout: 0 };

// Sends piece after piece until the gateway has closed; there are more of them than it waits for.
async function drip(wire, pieces) {
  for (const piece of pieces) {
    if (wire.closed) return;
    await wire.send(piece);
    await pause(step);
  }
  assert.fail("the gateway has waited for all of it");
}

// Is answered with 408 when the time is over, and not before.
async function assertLate(name, timeout, begun, pieces) {
  const wire = new Wire(site.url());
  await wire.connected;
  const began = Date.now();
  wire.send(begun);
  await drip(wire, pieces);
  const { status, body } = (await wire.ended()).at(-1);
  assert.ok(Date.now() - began >= timeout - tolerance, `after ${Date.now() - began} ms`);
  assert.equal(status, 408);
  assert.match(body, new RegExp(`^${name}: `));
  ++late[name];
}

describe("a head that drips is late:", together, () => {
  const begun = "GET /healthz HTTP/1.1\r\n";
  const drips = {
    "in its line": ["", `GET /${"x".repeat(60)}`],
    "in a value": [`${begun}X: `, "x".repeat(60)],
    "line by line": [begun, Array(60).fill("X: y\r\n")],
    "empty line by line": ["", Array(60).fill("\r\n")],
    "behind a request that was served": [`${begun}Host: x\r\n\r\n`, `${begun}${"X: y\r\n".repeat(10)}`],
  };
  for (const [name, [begun, pieces]] of Object.entries(drips))
    test(name, () => assertLate("head_timeout", headTimeout, begun, pieces));
});

const post = ({ sid }, ...lines) =>
  [`POST ${enginePath}polling&sid=${sid} HTTP/1.1`, "Host: x", ...lines, "", ""].join("\r\n");
const chunked = "Transfer-Encoding: chunked";

describe("a body that drips is late:", together, () => {
  const silence = Array(60).fill("");
  const drips = {
    "byte by byte": ["Content-Length: 1000", "4", "x".repeat(60)],
    "byte by byte, in a chunk": [chunked, "3e8\r\n4", "x".repeat(60)],
    "chunk by chunk": [chunked, "1\r\n4\r\n", Array(60).fill("1\r\nx\r\n")],
    "in a chunk's size": [chunked, "", "0".repeat(60)],
    "in a chunk's extension": [chunked, "1;a=", "x".repeat(60)],
    "in a trailer": [chunked, "1\r\n6\r\n0\r\nX: ", "x".repeat(60)],
    "not at all, in a chunk": [chunked, "3e8\r\n4", silence],
    "not at all, between chunks": [chunked, "1\r\n4\r\n", silence],
    "not at all, when it was asked for": [[chunked, "Expect: 100-continue"], "", silence],
  };
  for (const [name, [lines, first, pieces]] of Object.entries(drips))
    test(name, async () => {
      const polling = await Polling.open(site.url());
      await assertLate("body_timeout", bodyTimeout, post(polling, ...[lines].flat()) + first, pieces);
      assert.equal((await polling.get()).status, 400); // as is known to who lost half of a packet
    });

  test("but one that is quick enough is read", async () => {
    const polling = await Polling.open(site.url());
    const wire = new Wire(site.url());
    wire.send(post(polling, chunked));
    for (const part of [`40${namespace}`, ",", ""]) {
      await pause(50);
      wire.send(`${part.length.toString(16)}\r\n${part}\r\n`);
    }
    assert.equal((await wire.answer()).body, "ok");
    assert.match((await polling.packets())[0], /^40/);
  });
});

describe("an answer that is not read ends the connection:", () => {
  const path = "/socket.io/socket.io.js.map";
  const asked = 200; // times: more than the kernel's buffers hold
  const ways = {
    "when nothing is read": () => {},
    "when it is read a little at a time": ({ socket }) => socket.read(Math.min(8192, socket.readableLength)),
  };
  for (const [name, read] of Object.entries(ways))
    test(name, async () => {
      const user = site.newUser();
      const member = await site.follow(user);
      const wire = new Wire(site.url());
      wire.socket.pause();
      const began = Date.now();
      wire.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(asked));
      ++late.answer_timeout;
      const isCounted = until(async () => {
        read(wire);
        await pause(step);
        return (await health(site.gateway)).refused.answer_timeout === late.answer_timeout;
      });
      await inTime(isCounted, "the count");
      assert.ok(Date.now() - began >= bodyTimeout - tolerance, `after ${Date.now() - began} ms`);
      wire.socket.resume();
      const whole = (await wire.ended()).length; // of what was on its way, unless a reset took it
      assert.ok(whole < asked, `${whole} answers`);
      assert.deepEqual(await site.flush(member, user), []); // nobody else has noticed
    });

  test("but who reads all is answered all", async () => {
    const wire = new Wire(site.url());
    wire.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(20));
    assert.equal((await wire.answers(20)).length, 20);
    wire.socket.destroy();
  });
});

test("all that was late was counted under its name, and logged", async () => {
  for (const [name, count] of Object.entries(late)) {
    assert.ok(count > 1);
    await counted(site.gateway, "refused", name, count);
    await inTheLog(site.gateway, name);
  }
});
