// SPDX-License-Identifier: MIT
//
// What notify-bench has printed, a line of JSON a run, and the medians of its rounds.
import { readFileSync } from "node:fs";

export class Results {
  constructor(file) {
    this.runs = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  // The runs of a scenario with a server; those of a gateway with this many threads.
  of(scenario, server, threads = 1) {
    return this.runs.filter(
      (run) => run.scenario === scenario && run.server === server && (server !== "gateway" || run.threads === threads));
  }

  // The median of a figure, "latency_us.p50" being one within another; undefined if it was not measured.
  median(scenario, server, figure, threads = 1) {
    return median(this.values(scenario, server, figure, threads));
  }

  values(scenario, server, figure, threads = 1) {
    const at = (run) => figure.split(".").reduce((value, key) => value?.[key], run);
    return this.of(scenario, server, threads).map(at).filter((value) => value !== undefined);
  }

  servers(scenario) {
    return [...new Set(this.runs.filter((run) => run.scenario === scenario).map((run) => run.server))];
  }

  // Runs in which something was lost, doubled, out of order, or given to the wrong user.
  get flawed() {
    return this.runs.filter((run) =>
      ["lost", "out_of_order", "duplicates", "strays", "dropped"].some((flaw) => run[flaw] > 0) || run.stalled);
  }
}

export function median(values) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
