// SPDX-License-Identifier: MIT
//
// Long-polling as no client would do it: requests that overlap, payloads that are none, and bodies
// that are too long, badly cut or never come (docs/protocol.md, RFC 9112 sections 6 and 7).
import assert from "node:assert/strict";
import { describe } from "node:test";
import { enginePath, request } from "../support/raw.mjs";
import { namespace as ns } from "../support/site.mjs";
import { x } from "./support/bytes.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const ask = `42${ns},["subscribe-to-notifications",{"uuid":"x"}]`;

// The head of a request for a session, with these header lines.
const head = (polling, method, ...lines) =>
  [`${method} ${enginePath}polling&sid=${polling.sid} HTTP/1.1`, "Host: x", ...lines, "", ""].join("\r\n");
const post = (polling, body) => head(polling, "POST", `Content-Length: ${body.length}`) + body;

async function assertRefused(answer, code) {
  const { status, body } = await inTime(answer, "the refusal");
  assert.deepEqual([status, JSON.parse(body).code], [400, code]);
}

// The session goes on: it is asked something and answers.
async function goesOn(polling) {
  assert.equal((await polling.post(ask)).body, "ok");
  for (;;) {
    const packets = await inTime(polling.packets(), "the packets");
    if (packets.some((p) => p.includes("USERID_IS_NULL"))) return;
  }
}

describe("at the same time,", () => {
  town.case("of two GETs one is refused and the other told that the session is over", async () => {
    const polling = await town.polling();
    const both = await inTime(Promise.all([polling.get(), polling.get()]), "both answers");
    const [ended, refused] = both.sort((a, b) => a.status - b.status);
    assert.deepEqual([ended.status, ended.body], [200, "1"]);
    await assertRefused(refused, 3);
    await assertRefused(polling.get(), 1);
  });

  town.case("of twenty GETs none is left waiting", async () => {
    const polling = await town.polling();
    const all = await inTime(Promise.all(Array.from({ length: 20 }, () => polling.get())), "all answers");
    assert.deepEqual(all.map((a) => a.status).sort(), [200, ...Array(19).fill(400)]);
    await assertRefused(polling.get(), 1);
  });

  town.case("of two POSTs the second is refused, the session over and the first in vain", async () => {
    const polling = await town.polling();
    const wire = town.wire();
    wire.send(head(polling, "POST", "Content-Length: 2", "Expect: 100-continue"));
    assert.equal((await wire.answer()).status, 100); // it is being read
    await assertRefused(polling.post("3"), 3);
    wire.send(`40`);
    const [, { status, body }] = await wire.answers(2);
    assert.deepEqual([status, JSON.parse(body).code], [400, 3]);
    await assertRefused(polling.get(), 1);
  });

  town.case("a POST that ends the session answers the GET", async () => {
    const polling = await town.polling();
    const wire = town.wire();
    wire.send(post(polling, "3") + head(polling, "GET"));
    assert.equal((await wire.answers(1))[0].body, "ok"); // so the GET behind it has been read, too
    assert.equal((await polling.post("40/x,", "1")).body, "ok");
    const { status, body } = (await wire.answers(2))[1];
    assert.equal(status, 200);
    assert.match(body, /^44\/x,\{"message":"Invalid namespace"\}(\x1e6)?$/);
  });
});

describe("on one connection", () => {
  town.case("200 POSTs in one write are answered in order", async () => {
    const polling = await town.polling({ joined: true });
    const wire = town.wire();
    wire.send(Array.from({ length: 200 }, (_, i) => post(polling, `40/n${i},`)).join("") + head(polling, "GET").repeat(13));
    const all = (await wire.answers(213)).map((a) => a.body);
    assert.deepEqual(all.slice(0, 200), Array(200).fill("ok"));
    const polls = all.slice(200).map((body) => body.split("\x1e")); // 16 packets in each, for some clients take no more
    assert.deepEqual(polls.map((packets) => packets.length), [...Array(12).fill(16), 8]);
    assert.deepEqual(polls.flat().map((p) => p.split(",")[0]), Array.from({ length: 200 }, (_, i) => `44/n${i}`));
  });

  town.case("a GET behind a GET that waits is served after it", async () => {
    const polling = await town.polling({ joined: true });
    const wire = town.wire();
    wire.send(head(polling, "GET") + head(polling, "GET"));
    for (let i = 1; i <= 2; ++i) {
      assert.equal((await polling.post(ask)).body, "ok");
      assert.match((await wire.answers(i))[i - 1].body, /USERID_IS_NULL/);
    }
  });

  town.case("a megabyte behind a GET that waits ends both", async () => {
    const polling = await town.polling({ joined: true });
    const wire = town.wire();
    wire.send(head(polling, "GET") + x(1_000_000));
    assert.deepEqual(await wire.ended(), []);
    await assertRefused(polling.get(), 1);
  });

  town.case("a GET's body is no request", async () => {
    const polling = await town.polling({ joined: true });
    const wire = town.wire();
    const inner = post(polling, "1");
    wire.send(head(polling, "GET", `Content-Length: ${inner.length}`) + inner);
    assert.equal((await polling.post(ask)).body, "ok");
    const all = await wire.ended();
    assert.deepEqual(all.map((a) => a.status), [200]);
    await goesOn(polling);
  });
});

describe("a payload ends the session:", () => {
  // What is no payload is refused; a payload whose packets end the session was taken all the same.
  const malformed = { "nothing": "", "a separator": "\x1e", "a separator at the end": "3\x1e", "a separator before": "\x1e3",
    "two separators": "3\x1e\x1e3", "a type that is none": "7", "a letter": "x", "base64 that is none": "b!", "base64 that is cut": "bA",
    "a million separators": "\x1e".repeat(1_000_000), "a megabyte of letters": x(1_000_000), "NULs": "\0\0\0\0",
    "a good packet and a bad one": `40${ns},\x1e9`, "a bad packet and a good one": `9\x1e40${ns},`,
    "text that is not UTF-8": Buffer.from([0x34, 0xff, 0xfe]) };
  const wrong = { "a ping": "2", "a ping with a word": "2probe", "a message that is none": "4x", "binary that nobody waits for": "bAAAA",
    "an event before CONNECT": '42["x"]', "JSON 100,000 deep": `42${ns},${"[".repeat(100_000)}`, "a CONNECT twice": `40${ns},\x1e40${ns},`,
    "a close, whatever it says": "1:3" };
  for (const [bodies, expected] of [[malformed, 400], [wrong, 200]])
    for (const [name, body] of Object.entries(bodies))
      town.case(`${name}: ${expected}`, async () => {
        const polling = await town.polling();
        const { status } = await inTime(request(polling.url, { method: "POST", body }), "the answer");
        assert.equal(status, expected);
        await assertRefused(polling.get(), 1);
      });

  town.case("of the type application/octet-stream", async () => {
    const polling = await town.polling();
    const headers = { "Content-Type": "application/octet-stream" };
    await assertRefused(request(polling.url, { method: "POST", headers, body: "3" }), 3);
    await assertRefused(polling.get(), 1);
  });
});

describe("a payload is read:", () => {
  const bodies = { "100,000 pongs": "3\x1e".repeat(99_999) + "3", "noops and opens": "6\x1e0\x1e5\x1e6",
    "10,000 events": `${ask.replace("subscribe", "x")}\x1e`.repeat(10_000) + "3",
    "a megabyte of name": `42${ns},["${x(900_000)}"]`, "attachments in base64": `451-${ns},["x",{"_placeholder":true,"num":0}]\x1ebAAAA` };
  for (const [name, body] of Object.entries(bodies))
    town.case(name, async () => {
      const polling = await town.polling({ joined: true });
      assert.equal((await polling.post(body)).body, "ok");
      await goesOn(polling);
    });

  for (const method of ["PUT", "DELETE", "PATCH", "PROPFIND", "SEARCH"])
    town.case(`but not by ${method}`, async () => {
      const polling = await town.polling({ joined: true });
      await assertRefused(request(polling.url, { method, body: "1" }), 3);
      await goesOn(polling);
    });
});

town.leavesNothing();
