// SPDX-License-Identifier: MIT
//
// Clients of protocol 3 that do not ping: nothing else that they send keeps them (docs/protocol.md).
import assert from "node:assert/strict";
import { Polling, versions } from "../conformance/support/engine.mjs";
import { Jsonp } from "../conformance/support/socket_io.mjs";
import { pause } from "../support/await.mjs";
import { namespace as ns } from "../support/site.mjs";
import { answers, closing } from "./support/endings.mjs";
import { goesOn, isOver } from "./support/polls.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const [interval, timeout] = [500, 2500];
const town = Town.forThisFile({ gateway: ["--ping-interval", interval, "--ping-timeout", timeout] });
const v3 = versions.find(({ EIO }) => EIO === 3);

// What is promised happens when the time is over, and not before, while every() is done time and again.
async function inItsTime(promise, every) {
  const began = Date.now();
  let took;
  const end = inTime(promise, "the end").finally(() => (took = Date.now() - began));
  end.catch(() => {});
  for (; took === undefined; await pause(interval / 2)) await every();
  const result = await end;
  assert.ok(took > interval + timeout - 700, `after ${took} ms`); // another clock, which counts in steps
  return result;
}

town.case("a WebSocket that does not ping is closed, whatever else it sends", async () => {
  const says = { "nothing": () => {}, "events": (ws) => ws.send(`42${ns},["x"]`), "noops": (ws) => ws.send("6"),
    "pings of WebSocket's": (ws) => ws.frame(9, "2"), "pongs of WebSocket's": (ws) => ws.frame(10, "2") };
  const other = await town.session({ eio: 3 });
  const ends = Object.entries(says).map(async ([what, say]) => {
    const ws = await town.session({ eio: 3 });
    const end = await inItsTime(closing(ws), () => say(ws));
    assert.deepEqual(end, [1000, "ping_timeout"], what);
  });
  await inItsTime(Promise.all(ends), () => other.send("2"));
  await answers(other); // who pings is served
});

town.case("a session that polls and does not ping is over, and who waits is told so", async () => {
  const kinds = { "silent": [Polling, "1:1"], "that posts": [Polling, "1:1"],
    "by scripts": [Jsonp, '___eio[7]("1:1");'] };
  const other = await town.old(Polling, v3);
  const ends = Object.entries(kinds).map(async ([what, [Kind, last]]) => {
    const silent = await town.old(Kind, v3);
    const posts = () => silent.postBody(v3.write([`42${ns},["x"]`]));
    const { status, body } = await inItsTime(silent.get(), what === "that posts" ? posts : () => {});
    assert.deepEqual([status, body], [200, last], what);
    await isOver(silent);
  });
  await inItsTime(Promise.all(ends), () => other.send("2"));
  await goesOn(other);
});

town.leavesNothing();
