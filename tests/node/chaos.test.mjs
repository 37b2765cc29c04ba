// SPDX-License-Identifier: MIT
//
// make chaos must see what it is there to see; and a small run of it must find nothing.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Ledger } from "../../chaos/ledger.mjs";
import { Verdict } from "../../chaos/verdict.mjs";
import { Process, root } from "./support/processes.mjs";

const place = (number) => `1700000000000-${number + 1}-170000000000000${number}`;

// Judges a client that received these numbers, of four that were accepted. Returns what is not 0.
function judge(numbers, { uncopied = [], gaps = [], places = numbers.map(place) } = {}) {
  const ledger = new Ledger(["ann"]);
  for (let i = 0; i < 4; ++i) ledger.accept("ann", ledger.send("ann"), place(i));
  if (uncopied.length > 0) ledger.noteUncopied(new Map([["ann", uncopied]]));
  const verdict = new Verdict(ledger, { timeline: [] }, false);
  verdict.judge({ user: "ann", received: numbers, places, gaps, notes: [] });
  return Object.fromEntries(Object.entries(verdict).filter(([, value]) => Number.isInteger(value) && value > 0));
}

test("each once and in order is flawless", () => assert.deepEqual(judge([0, 1, 2, 3]), {}));

test("what is missing is lost, and silently unless the client was told afterwards", () => {
  assert.deepEqual(judge([0, 2, 3]), { lost: 1, lostSilently: 1 });
  assert.deepEqual(judge([0, 2, 3], { gaps: [performance.now() + 1000] }), { lost: 1, falselyTold: 1 });
});

test("what comes twice, late, or was never sent is seen", () => {
  assert.deepEqual(judge([0, 1, 1, 2, 3]), { doubled: 1 });
  assert.deepEqual(judge([0, 2, 1, 3]), { misordered: 1 });
  assert.deepEqual(judge([0, 1, 2, 3, 4]), { strange: 1 });
});

test("a gap is told where there is one, and only there", () => {
  const gaps = [1];
  assert.deepEqual(judge([0, 1, 2, 3], { gaps }), { falselyTold: 1 });
  assert.deepEqual(judge([0, 1, 2, 3], { uncopied: [place(3)], gaps }), { told: 1 });
  assert.deepEqual(judge([0, 1, 2, 3], { uncopied: [place(3)] }), { untold: 1 });
  assert.deepEqual(judge([0, 1, 2], { uncopied: [place(3)] }), { missingUncopied: 1, untold: 1 });
  assert.deepEqual(judge([0, 1, 2], { uncopied: [place(3)], gaps }), { missingUncopied: 1, told: 1 });
});

test("an entry that a failover lost may come a second time, in its new place", () => {
  const ghost = "1700000000000-4-1700000000000009";
  const received = { uncopied: [ghost], gaps: [1], places: [place(0), place(1), place(2), ghost, place(3)] };
  assert.deepEqual(judge([0, 1, 2, 3, 3], received), { told: 1 });
});

test("a small run loses, doubles and reorders nothing", async () => {
  const options = ["--quick", "--alone", "--json", "--users", "30", "--messages", "2000", "--rate", "200"];
  const run = new Process(join(root, "chaos/main.mjs"), options, { NOTIFY_BUILD_DIR: process.env.NOTIFY_BUILD_DIR });
  await run.closed;
  const result = run.output.match(/^\{.*\}$/m);
  assert.ok(result, run.output);
  const { violations, witnesses, broken } = JSON.parse(result[0]).notify;
  assert.equal(violations, 0, witnesses.join("\n"));
  assert.deepEqual(broken, { kills: 5, restarts: 1, gateways: 1, failovers: 1, cuts: 50 });
});
