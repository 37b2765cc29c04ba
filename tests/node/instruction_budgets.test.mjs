// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import test from "node:test";
import { advice, compare, isOver } from "../../bench/instructions/budgets.mjs";

const budgets = { budgets: { poll: 1000 }, measuredWith: { compiler: "GCC 12", valgrind: "3.19" } };
const same = budgets.measuredWith;
const other = { ...same, compiler: "GCC 14" };
const over = (now, tools) => compare({ poll: now }, budgets, tools).some(isOver);

test("a figure may be 5 % above its budget", () => {
  assert.equal(over(1049, same), false);
  assert.equal(over(1051, same), true);
});

test("counted with other tools, a figure may be a fifth above its budget, and that is said", () => {
  assert.equal(over(1199, other), false);
  assert.equal(over(1201, other), true);
  const said = (tools) => advice(compare({ poll: 1100 }, budgets, tools), same, tools);
  assert.match(said(other), /with another compiler, GCC 12,.*this is GCC 14/);
  assert.match(said(same), /\+10\.0 %/);
});

test("a figure without a budget is over it", () => {
  assert.equal(compare({ new: 1 }, budgets, same).some(isOver), true);
});
