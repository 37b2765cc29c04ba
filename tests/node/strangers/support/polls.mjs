// SPDX-License-Identifier: MIT
//
// Whether a session that polls goes on, or is over, after what a stranger posted. Sessions are those
// of Town.old().
import assert from "node:assert/strict";
import { namespace } from "../../support/site.mjs";
import { inTime } from "./wire.mjs";

export async function isOver(session) {
  const { status, body } = await inTime(session.get(), "the refusal");
  assert.deepEqual([status, JSON.parse(body)], [400, { code: 1, message: "Session ID unknown" }]);
}

// It is asked something and answers; returns the packets before that answer.
export async function goesOn(session) {
  await session.send(`42${namespace},["subscribe-to-notifications",{"uuid":"of-nobody"}]`);
  const packets = [];
  for (let packet; (packet = await inTime(session.next(), "an answer")); packets.push(packet))
    if (packet.includes("USERID_IS_NULL")) return packets;
}
