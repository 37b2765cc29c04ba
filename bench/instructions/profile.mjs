// SPDX-License-Identifier: MIT
//
// Reads profiles of callgrind ("Callgrind Format Specification" in valgrind's manual), but only those parts of
// the format that are used here.

// Returns the instructions in all, those of each function without its callees, and how often each was called.
// Functions have callgrind's names. If it was told to count by stacks, a name is a stack with the innermost
// function first: "callee'caller'its caller".
export function parseProfile(profile) {
  const names = new Map(); // by the number that stands for each after the first time
  const [own, calls] = [new Map(), new Map()];
  const add = (map, name, count) => map.set(name, (map.get(name) ?? 0) + Number(count));
  const current = {};
  let ofCall = false; // the line after a call has what was spent in it
  for (const line of profile.split("\n")) {
    const [, kind, id, name] = line.match(/^(c?fn)=\((\d+)\)(?: (.*))?$/) ?? [];
    if (name) names.set(id, name);
    if (kind) current[kind] = names.get(id);
    const [, count] = line.match(/^calls=(\d+)/) ?? [];
    if (count) add(calls, current.cfn, count);
    const [, cost] = line.match(/^(?:[+-]?\d+|\*) (\d+)$/) ?? [];
    if (cost && !ofCall) add(own, current.fn, cost);
    ofCall = count !== undefined;
  }
  return { total: Number(profile.match(/^totals: (\d+)/m)[1]), own, calls };
}

const operators = /operator(?:\(\)|<=>|<<=?|>>=?|->\*?|<=?|>=?)/g;

// Returns a C++ function's qualified name, without arguments, template arguments and result.
export function shortName(name) {
  const kept = []; // operators, whose brackets are none
  const text = name
    .replaceAll("(anonymous namespace)::", "")
    .replaceAll(/ \[clone [^\]]*\]|\[abi:\w+\]|non-virtual thunk to /g, "")
    .replaceAll(operators, (operator) => `\0${kept.push(operator) - 1}\0`);
  let depth = 0;
  let short = "";
  for (const c of text) {
    if (c === "<" || c === "(") ++depth;
    else if (c === ">" || c === ")") --depth;
    else if (depth === 0) short += c;
  }
  short = short
    .replaceAll(/\0(\d+)\0/g, (_, n) => kept[n])
    .replace(/ const$/, "")
    .replace(/^.*(?<!operator) /, "");
  return short || name;
}
