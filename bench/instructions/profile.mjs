// SPDX-License-Identifier: MIT
//
// Reads profiles of callgrind's ("Callgrind Format Specification" in valgrind's manual): as much of them
// as is used here.

// Instructions in all, and those of each function without what it calls; and how often each was called.
// Functions are named as callgrind does: a stack, if it was told so, is innermost first, as in
// "callee'caller'its caller".
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

// A C++ function's qualified name, without arguments, template arguments and result.
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
