// SPDX-License-Identifier: MIT
//
// The runs that notify-bench printed, a line of JSON each, and the medians of their rounds.
import { readFileSync } from "node:fs";

const flaws = ["lost", "misplaced", "strays", "dropped", "stalled"];

export class Results {
  constructor(file) {
    this.runs = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    // Socket.IO's adapter takes too long with 10,000, so there is a smaller storm, which is no scenario of its own.
    for (const run of this.runs)
      if (run.scenario === "recovery" && run.connections === 1000) run.scenario = "recovery-1000";
  }

  // The median of a figure over all runs of a scenario with a server; undefined if it was not measured.
  // "latency_us.p50" is a figure within an object. threads counts for the gateway only.
  median(scenario, server, figure, threads = 1) {
    const values = this.runs
      .filter((run) => run.scenario === scenario && run.server === server)
      .filter((run) => server !== "gateway" || run.threads === threads)
      .map((run) => figure.split(".").reduce((value, key) => value?.[key], run))
      .filter((value) => value !== undefined)
      .sort((a, b) => a - b);
    const middle = values.length >> 1;
    return values.length % 2 ? values[middle] : values.length ? (values[middle - 1] + values[middle]) / 2 : undefined;
  }

  // Runs in which a notification was lost, doubled, out of order or misdelivered, or a client was cut.
  get flawed() {
    return this.runs.filter((run) => flaws.some((flaw) => run[flaw] > 0));
  }
}
