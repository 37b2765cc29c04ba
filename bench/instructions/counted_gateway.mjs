// SPDX-License-Identifier: MIT
//
// A gateway on valgrind's simulated processor, where callgrind counts the instructions in user space by
// function. It does the same there, some fifty times slower.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { Gateway, Process, root } from "../../tests/node/support/processes.mjs";

const build = process.env.NOTIFY_BUILD_DIR ?? join(root, "build/release");
const program = join(build, "bin/notify-gateway");

// The C library picks functions by the processor's features. Here it uses those of every x86-64, so that all
// machines count the same.
const lacking = "AVX,AVX2,AVX512F,AVX512VL,AVX_Fast_Unaligned_Load,BMI1,BMI2,ERMS,FSRM,SSSE3,SSE4_1,SSE4_2";
const plainProcessor = { GLIBC_TUNABLES: `glibc.cpu.hwcaps=${lacking.replaceAll(/\w+/g, "-$&")}` };

const versionOfValgrind = () => spawnSync("valgrind", ["--version"], { encoding: "utf8" }).stdout?.trim();

function buildType() {
  const cache = join(build, "CMakeCache.txt");
  return existsSync(cache) ? readFileSync(cache, "utf8").match(/^CMAKE_BUILD_TYPE:\w+=(.*)$/m)?.[1] : "unknown";
}

// Throws an Error that says what to do if a program is missing.
export function assertToolsAreHere() {
  if (!versionOfValgrind())
    throw new Error("no valgrind here, which counts the instructions: scripts/deps test installs it");
  if (!existsSync(program))
    throw new Error(`no ${program}: scripts/build release builds it, and NOTIFY_BUILD_DIR names another build tree`);
  if (!["Release", "unknown"].includes(buildType()))
    throw new Error(`${build} is no release build; how many instructions it takes says nothing`);
}

// The versions of the tools on which the counts depend, besides our sources.
export function toolsUsed() {
  const marks = readFileSync(program, "latin1").match(/GCC: \([^)]*\) [\d.]+|clang version [\d.]+/g);
  const compiler = [...new Set(marks)].join(", "); // of what is linked in, too
  return { compiler, processor: process.arch, valgrind: versionOfValgrind() };
}

// A private folder, which is removed when this program ends, for whatever reason.
function privateFolder() {
  const folder = mkdtempSync(join(tmpdir(), "notify-instructions-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class CountedGateway extends Gateway {
  #folder = privateFolder();
  #profiles = 0;

  // counting: more options of callgrind's.
  run(args, ...counting) {
    const callgrind = ["--tool=callgrind", `--callgrind-out-file=${this.#path("profile")}`, ...counting];
    return new Process("valgrind", [...callgrind, this.#door, program, ...args], plainProcessor);
  }

  // Where vgdb finds this run of valgrind.
  get #door() {
    return `--vgdb-prefix=${this.#path("vgdb")}`;
  }

  #path(name) {
    return join(this.#folder, name);
  }

  // Waits until the gateway has handled everything: until all its threads were asleep twice in a row. So it
  // takes one step at a time, however slow or busy the machine is.
  async atRest() {
    for (let looks = 0; looks < 2; await turn()) {
      if (this.process.ended !== null) throw new Error(`the gateway ended:\n${this.process.output}`);
      looks = this.#sleeps() ? looks + 1 : 0;
    }
  }

  #sleeps() {
    const threads = `/proc/${this.process.pid}/task`;
    try {
      return readdirSync(threads).every((id) => / S /.test(readFileSync(join(threads, id, "stat"), "utf8")));
    } catch {
      return false; // a thread is ending, or all of them are
    }
  }

  // Returns callgrind's profile since the last one.
  async takeProfile() {
    await this.atRest();
    const asked = new Process("vgdb", [this.#door, `--pid=${this.process.pid}`, "dump"]);
    if ((await asked.closed) !== 0) throw new Error(`vgdb cannot talk to valgrind:\n${asked.output}`);
    return readFileSync(this.#path(`profile.${++this.#profiles}`), "utf8");
  }
}

// A gateway whose profile is by stacks, as a flame graph needs: callgrind tells a function's callers apart, all
// the way up. That takes twice the time, and some megabytes.
export class StackedGateway extends CountedGateway {
  run(args) {
    return super.run(args, "--separate-callers=100");
  }
}
