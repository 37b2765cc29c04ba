#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { advice, compare, isOver, readBudgets, table, writeBudgets } from "./budgets.mjs";
import { countAll, stacksOf } from "./count.mjs";
import { assertToolsAreHere, toolsUsed } from "./counted_gateway.mjs";
import { flame } from "./flame.mjs";
import { phases } from "./phases.mjs";

const usage = `Count the instructions that the gateway takes for each delivery, connect and poll, and compare
them with bench/budgets.json. Takes a quarter of a minute; needs valgrind and a release build.

Examples:
  bench/instructions/main.mjs
  bench/instructions/main.mjs --update
  bench/instructions/main.mjs --flame flame.svg connect_uuid

Options:
  --update            Write what is counted to bench/budgets.json, as the new budgets
  --flame FILE [NAME] Draw where the instructions of one phase go, to a file of SVG; default
                      delivery_burst
  -h, --help          Show this and exit

Phases:
${Object.entries(phases).map(([name, { what }]) => `  ${name.padEnd(17)} ${what}`).join("\n")}

NOTIFY_BUILD_DIR names the build tree; default build/release.
Exit status: 0 within budget, 1 over it or failed, 2 wrong usage
`;

class WrongUsage extends Error {}

function parseOptions(argv) {
  const options = {
    update: { type: "boolean" },
    flame: { type: "string" },
    help: { type: "boolean", short: "h" },
  };
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(error.message);
  }
  const { values, positionals: [name = "delivery_burst", ...more] } = parsed;
  if (!Object.hasOwn(phases, name))
    throw new WrongUsage(`no phase is called '${name}', but: ${Object.keys(phases).join(", ")}`);
  if (more.length > 0 || (parsed.positionals.length > 0 && !values.flame))
    throw new WrongUsage("one phase at a time can be named, for --flame");
  return { ...values, name };
}

async function draw({ flame: path, name }) {
  const { what, turns, each } = phases[name];
  writeFileSync(path, flame(await stacksOf(name), { name, what, things: turns * each }));
  console.error(`Drawn to ${path}`);
  return 0;
}

async function count({ update }) {
  const budgets = readBudgets();
  const compared = compare(await countAll(), budgets, toolsUsed());
  console.log(table(compared));
  if (update) {
    console.error(`Written to ${writeBudgets(compared, toolsUsed())}`);
    return 0;
  }
  const said = advice(compared, budgets.measuredWith, toolsUsed());
  if (said) console.error(`\n${said}`);
  return compared.some(isOver) ? 1 : 0;
}

async function run(argv) {
  const options = parseOptions(argv);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  assertToolsAreHere();
  return options.flame ? draw(options) : count(options);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const wrong = error instanceof WrongUsage;
  console.error(`bench/instructions: ${error.message}${wrong ? "; see --help" : ""}`);
  process.exit(wrong ? 2 : 1); // without waiting for what still runs, which ends with it
}
