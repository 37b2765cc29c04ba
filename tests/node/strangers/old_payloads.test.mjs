// SPDX-License-Identifier: MIT
//
// Bodies of protocol 3 that no client would post: lengths that are none, or lie, in both of its forms
// (docs/protocol.md). What is no payload is refused and ends the session; a payload whose packets end
// the session was taken all the same.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { Polling, versions } from "../conformance/support/engine.mjs";
import { namespace as ns } from "../support/site.mjs";
import { bytes, x } from "./support/bytes.mjs";
import { goesOn, isOver } from "./support/polls.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const v3 = versions.find(({ EIO }) => EIO === 3);
const octets = { "Content-Type": "application/octet-stream" };
const join = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const attached = `451-${ns},["x",{"_placeholder":true,"num":0}]`;
const digits = (text) => [...String(text.length)].map(Number);

function ends(form, headers, status, bodies) {
  describe(`a payload ${form} ends the session with ${status}:`, () => {
    for (const [name, body] of Object.entries(bodies))
      town.case(name, async () => {
        const session = await town.old(Polling, v3);
        assert.equal((await inTime(session.postBody(body, headers), "the answer")).status, status);
        await isOver(session);
      });
  });
}

function isRead(form, headers, bodies) {
  describe(`a payload ${form} is read:`, () => {
    for (const [name, body] of Object.entries(bodies))
      town.case(name, async () => {
        const session = await town.old(Polling, v3);
        const { status, body: answer } = await inTime(session.postBody(body, headers), "the answer");
        assert.deepEqual([status, answer], [200, "ok"]);
        await goesOn(session);
      });
  });
}

ends("of lengths and text", {}, 400, {
  "nothing": "", "no colon": "2", "a colon": ":", "a colon and a packet": ":2", "a length of letters": "x:2",
  "a negative length": "-1:2", "a length with a plus": "+1:2", "a blank before a length": " 1:2",
  "a blank after a length": "1 :2", "a fraction": "1.0:2", "an exponent": "1e0:2", "a length in hexadecimal": "0x1:2",
  "a NUL in a length": "1\0:2", "a digit of another script": "١:2", "NaN": "NaN:2", "Infinity": "Infinity:2",
  "a length of nothing": "0:", "a length of nothing, and a packet": "0:2", "one too long": "2:2",
  "one too short": "1:22", "2^31": "2147483648:2", "2^32 + 1": "4294967297:2", "2^64 + 1": "18446744073709551617:2",
  "310 digits, which is infinite": `${"1".repeat(310)}:2`, "310 zeros and a digit": `${"0".repeat(310)}1:2`,
  "a megabyte of digits": "1".repeat(1_000_000), "a megabyte of colons": ":".repeat(1_000_000),
  "a megabyte of letters": x(1_000_000), "a length that cuts a pair of surrogates": "2:4🎉",
  "a length that cuts one at the end": `${`4${ns}🎉`.length - 1}:4${ns}🎉`, "a length in bytes": "5:4🎉",
  "half of a pair, as bytes": join("2:4", bytes(0xed, 0xa0, 0xbd)), "text that is not UTF-8": join("2:4", bytes(0xff)),
  "text that is cut": join("2:4", bytes(0xf0, 0x9f)), "packets as protocol 4 parts them": "2\x1e2",
  "a type that is none": "1:7", "a letter": "1:x", "base64 without a type": "1:b", "base64 of another type": "6:b3AAAA",
  "base64 that is none": "3:b4!", "base64 that is cut": "3:b4A", "a good packet and a bad one": "1:21:9",
  "a good packet and half of one": "1:210:2", "the form with bytes": bytes(0, 1, 255, 0x32),
});
ends("of lengths and text", {}, 200, {
  "a pong": "1:3", "a pong with a word": "6:3probe", "a message that is none": "2:4x",
  "binary that nobody waits for": "6:b4AAAA", "a CONNECT twice": v3.write([`40${ns},`]),
  "an event of a namespace that was not joined": v3.write(['42/nowhere,["x"]']),
  "an attachment too late": v3.write([attached, `42${ns},["x"]`]), "a close, whatever it says": "2:1x",
});
isRead("of lengths and text", {}, {
  "zeros before a length": "00000001:2", "a length in units of UTF-16": `${`42${ns},["🎉"]`.length}:42${ns},["🎉"]`,
  "noops, opens and upgrades": "1:61:01:5", "binary as base64": v3.write([attached, Buffer.from([0, 1, 2])]),
  "an event of the main namespace, which is nobody's": v3.write(['42["x"]']), "a ping": "1:2",
  "100,000 noops": "1:6".repeat(100_000), "a megabyte of name": v3.write([`42${ns},["${x(900_000)}"]`]),
});

// 0 or 1 for text or binary, the length's digits as bytes, 255, and so many bytes.
ends("with bytes", octets, 400, {
  "nothing": "", "a first byte of 2": bytes(2, 1, 255, 0x32), "a first byte of 255": bytes(255, 1, 255, 0x32),
  "a first byte of 128": bytes(128, 1, 255, 0x32), "a first byte that is a digit": bytes(0x30, 1, 255, 0x32),
  "a first byte, alone": bytes(0), "two bytes": bytes(0, 1), "no 255": bytes(0, 1, 0x32),
  "no 255 in a kilobyte": Buffer.alloc(1000), "255 at once": bytes(0, 255, 0x32),
  "255 without a packet": bytes(0, 1, 255), "a length of nothing": bytes(0, 0, 255),
  "a length of nothing, of binary": bytes(1, 0, 255), "a digit of 10": bytes(0, 10, 255, ...Array(10).fill(0x32)),
  "a digit in ASCII": join(bytes(0), "1", bytes(255), "2"), "a digit of 254": bytes(0, 254, 255, 0x32),
  "one too long": bytes(0, 2, 255, 0x32), "one too short": bytes(0, 1, 255, 0x32, 0x32),
  "9,999,999,999": bytes(0, ...Array(10).fill(9), 255, 0x32),
  "2^64 + 1": bytes(0, ..."18446744073709551617", 255, 0x32),
  "310 digits, which is infinite": bytes(0, ...Array(310).fill(1), 255, 0x32),
  "310 zeros and a digit": bytes(0, ...Array(310).fill(0), 1, 255, 0x32),
  "text that is not UTF-8": bytes(0, 2, 255, 0x34, 255),
  "half of a pair of surrogates": bytes(0, 4, 255, 0x34, 0xed, 0xa0, 0xbd),
  "text of a type that is none": bytes(0, 1, 255, 0x37), "binary without a type": bytes(1, 1, 255, 0),
  "binary that is a pong": bytes(1, 2, 255, 3, 0), "binary of the type in ASCII": bytes(1, 2, 255, 0x34, 0),
  "a good packet and a bad first byte": bytes(0, 1, 255, 0x32, 9),
  "a good packet and no 255": bytes(0, 1, 255, 0x32, 0, 1), "lengths and text": "1:2",
  "packets of protocol 4": "2\x1e2", "zeros": Buffer.alloc(1_000_000),
  "a megabyte of 255": Buffer.alloc(1_000_000, 255),
});
ends("with bytes", octets, 200, {
  "a pong": bytes(0, 1, 255, 0x33), "binary that nobody waits for": bytes(1, 2, 255, 4, 0),
  "a close": bytes(0, 1, 255, 0x31), "a message that is none": bytes(0, 2, 255, 0x34, 0x78),
});
isRead("with bytes", octets, {
  "a ping": bytes(0, 1, 255, 0x32), "zeros before a length": bytes(0, 0, 0, 1, 255, 0x32),
  "text as base64": join(bytes(0, ...digits(attached), 255), attached, bytes(0, 6, 255), "b4AAAA"),
  "binary of no bytes": join(bytes(0, ...digits(attached), 255), attached, bytes(1, 1, 255, 4)),
  "100,000 noops": Buffer.concat(Array(100_000).fill(bytes(0, 1, 255, 0x36))),
});

// `b64` says that a client takes no bytes; what it sends is read in either form.
describe("b64 is a word, whatever it says:", () => {
  const odd = ["b64", "b64=", "b64=0", "b64=false", "b64=1&b64=0", "b64=%00", "b64=%", `b64=${x(5000)}`, "B64=1",
    "b64[]=1"];
  const forms = { "text": [v3.write([attached, Buffer.from([1])]), {}], "bytes": [bytes(0, 1, 255, 0x32), octets] };
  for (const query of odd)
    for (const [form, [body, headers]] of Object.entries(forms))
      town.case(`${query.slice(0, 40)}, and ${form}`, async () => {
        const session = await town.old(Polling, v3, `&${query}`);
        assert.equal((await inTime(session.postBody(body, headers), "the answer")).status, 200);
        await goesOn(session);
      });
});

town.leavesNothing();
