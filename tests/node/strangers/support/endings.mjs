// SPDX-License-Identifier: MIT
//
// How a WebSocket ends, or goes on, after what a stranger sent.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { namespace } from "../../support/site.mjs";
import { inTime } from "./wire.mjs";

// How a WebSocket was ended: the code and reason of its Close frame, other frames before it aside.
export async function closing(ws) {
  for (let frame; (frame = await inTime(ws.frames.next(), "the close")); )
    if (frame.opcode === 8) {
      await inTime(ws.ended(), "the end");
      return [frame.payload.readUInt16BE(0), frame.payload.toString("utf8", 2)];
    }
  return "closed without a close frame";
}

// Proof that a session goes on: it is asked something and answers. Skips other packets.
export async function answers(ws) {
  ws.send(`42${namespace},["subscribe-to-notifications",{"uuid":"of-nobody"}]`);
  for (let text; (text = await inTime(ws.text(), "an answer")); ) if (text.includes("USERID_IS_NULL")) return;
  assert.fail("the session has ended");
}

// Cases [name, send(ws)] that each end a session which has joined with this code and reason.
// `options` are those of town.session(), here and below.
export function ends(town, code, reason, cases, options) {
  describe(`a WebSocket ends with ${code}:`, () => {
    for (const [name, send] of cases)
      town.case(name, async () => {
        const ws = await town.session(options);
        send(ws);
        assert.deepEqual(await closing(ws), [code, reason]);
      });
  });
}

// Cases [name, send(ws)] after which such a session goes on.
export function goesOn(town, cases, options) {
  describe("a WebSocket goes on after", () => {
    for (const [name, send] of cases)
      town.case(name, async () => {
        const ws = await town.session(options);
        send(ws);
        await answers(ws);
      });
  });
}
