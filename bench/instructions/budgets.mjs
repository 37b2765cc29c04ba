// SPDX-License-Identifier: MIT
//
// Reads and writes the budgets in bench/budgets.json, and compares counted figures with them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { phases } from "./phases.mjs";

const path = fileURLToPath(new URL("../budgets.json", import.meta.url));

const usualTolerance = 0.05; // counts repeat to much less than this
const foreignTolerance = 0.2; // other compilers and libraries; those of Debian 13 differ by 6 %
const noise = 0.01; // no reason to change a budget

const note =
  "Instructions in user space for one of each; see bench/README.md. To renew: make bench-instructions ARGS=--update";

const percent = (share) => {
  const tenths = Math.round(1000 * share) + 0; // no -0
  return `${tenths > 0 ? "+" : ""}${(tenths / 10).toFixed(1)} %`;
};
const number = (n) => n?.toLocaleString("en") ?? "none";
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

// { budgets: by name, measuredWith: tools }
export const readBudgets = () =>
  existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { budgets: {}, measuredWith: {} };

// Returns [name, then, now] of each tool that differs from the one with which the budgets were measured.
const otherTools = (measuredWith, toolsNow) =>
  Object.entries(toolsNow)
    .filter(([tool, now]) => measuredWith[tool] && measuredWith[tool] !== now)
    .map(([tool, now]) => [tool, measuredWith[tool], now]);

// Returns for each figure: what was counted, its budget, by what share it differs, and by what share it may.
// A figure without a budget counts as over it.
export function compare(figures, { budgets, measuredWith }, toolsNow) {
  const tolerance = otherTools(measuredWith, toolsNow).length > 0 ? foreignTolerance : usualTolerance;
  return Object.entries(figures).map(([name, now]) => {
    const budget = budgets[name];
    return { name, now, budget, tolerance, change: budget ? now / budget - 1 : Infinity };
  });
}

export const isOver = ({ change, tolerance }) => change > tolerance;
const isUnder = ({ change, tolerance }) => change < -tolerance;

// Makes figures that have moved the budgets. The others stay, so that a diff shows what has changed.
export function writeBudgets(compared, measuredWith) {
  const budgets = compared.map(({ name, now, budget, change }) => [name, Math.abs(change) > noise ? now : budget]);
  const all = { note, measuredWith: sorted(measuredWith), budgets: sorted(Object.fromEntries(budgets)) };
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
  return path;
}

export function table(compared) {
  const line = (name, now, budget, change, what) =>
    [name.padEnd(16), now.padStart(12), budget.padStart(10), change.padStart(9), ` ${what}`].join(" ").trimEnd();
  const lines = compared.map(({ name, now, budget, change }) =>
    line(name, number(now), number(budget), budget ? percent(change) : "new", phases[name].what));
  return [line("", "instructions", "budget", "change", "of"), ...lines].join("\n");
}

// Returns lines that say what is wrong and what to do; none if all is well.
export function advice(compared, measuredWith, toolsNow) {
  const lines = compared.filter(isOver).map(({ name, now, budget, change }) =>
    budget
      ? `${name} takes ${number(now)} instructions, ${percent(change)} against its budget of ${number(budget)}`
      : `${name} has no budget`);
  if (lines.length > 0) {
    lines.push("To see where they go: make flame phase=NAME");
    lines.push("If the change is worth it: make bench-instructions ARGS=--update, and say why in the commit");
  }
  for (const [tool, then, now] of otherTools(measuredWith, toolsNow))
    lines.push(`The budgets were measured with another ${tool}, ${then}, and may be passed by a fifth: this is ${now}`);
  const under = compared.filter(isUnder).map(({ name }) => name);
  if (under.length > 0)
    lines.push(`Well below budget: ${under.join(", ")}. To keep it so: make bench-instructions ARGS=--update`);
  return lines.join("\n");
}
