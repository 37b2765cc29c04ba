#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Makes of the lines of notify-bench a table, for people, or the page and the plots of docs/:
//
//   bench/report/main.mjs RESULTS.jsonl          the table, to stdout
//   bench/report/main.mjs RESULTS.jsonl FOLDER   performance.md and performance.svg, into that folder
//
// The exit status is 1 if a mark is missed or a run was not flawless.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { marksOf } from "./marks.mjs";
import { draw } from "./plots.mjs";
import { Results } from "./results.mjs";

const servers = ["gateway", "floor", "nchan", "node"];
const names = { gateway: "**notify-gateway**", floor: "the floor", nchan: "nchan", node: "socket.io on Node" };

// What is compared: a scenario's figure, what it is called, its part of one name, and how it is written.
const compared = [
  ["users", "cpu_us_per_delivery", "CPU per delivery, 10,000 users, µs", (value) => value.toFixed(2)],
  ["users", "cpu_us_per_delivery_user", "… of which in user space", (value) => value.toFixed(2)],
  ["tabs", "cpu_us_per_delivery", "CPU per delivery, one user's 1,000 tabs, µs", (value) => value.toFixed(2)],
  ["one-by-one", "cpu_us_per_delivery", "… one message at a time", (value) => value.toFixed(2)],
  ["polling", "cpu_us_per_delivery", "CPU per delivery over long-polling, µs", (value) => value.toFixed(2)],
  ["users", "cpu_us_per_connect", "CPU per connect, µs", (value) => value.toFixed(0)],
  ["storm", "storm_s", "10,000 clients cut at once, all back, s", (value) => value.toFixed(2)],
  ["users", "rss_bytes_per_connection", "RSS per idle connection, bytes", (value) => value.toFixed(0)],
  ["polling", "rss_bytes_per_connection", "RSS per long-polling session, bytes", (value) => value.toFixed(0)],
  ["growth", "cpu_us_per_delivery", "CPU per delivery with 190,000 connections, µs", (value) => value.toFixed(2)],
  ["growth", "rss_bytes_per_connection", "RSS per connection there, bytes", (value) => value.toFixed(0)],
  ["users", "latency_us.p50", "latency at 5,000 messages/s, p50, µs", (value) => value.toFixed(0)],
  ["users", "latency_us.p99", "… p99 (mostly the machine's)", (value) => value.toFixed(0)],
  ["users", "redis_bytes_per_connection", "Redis' own memory per user, bytes", (value) => value.toFixed(0)],
];

const row = (cells) => `| ${cells.join(" | ")} |`;

function comparison(results) {
  const shown = servers.filter((server) => results.runs.some((run) => run.server === server));
  const lines = compared.map(([scenario, figure, what, written]) => {
    const values = shown.map((server) => results.median(scenario, server, figure));
    return row([what, ...values.map((value) => (value === undefined ? "" : written(value)))]);
  });
  return [row(["", ...shown.map((server) => names[server])]), row(["---", ...shown.map(() => "---:")]), ...lines];
}

const verdict = (held) => (held === undefined ? "not measured" : held ? "held" : "**missed**");

const table = (marks) => [
  row(["what", "mark", "measured", ""]), row(["---", "---", "---", "---"]),
  ...marks.map(({ what, mark, measured, held }) => row([what, mark, measured, verdict(held)])),
];

function plotsOf(results) {
  const plot = (title, scenario, figure, scale = 1) => ({
    title,
    bars: servers.flatMap((server) => {
      const values = results.values(scenario, server, figure).map((value) => value * scale);
      if (values.length === 0) return [];
      const user = results.median(scenario, server, `${figure}_user`);
      const value = results.median(scenario, server, figure) * scale;
      return [{ server, value, low: Math.min(...values), high: Math.max(...values), inner: user && user * scale }];
    }),
  });
  return [
    plot("CPU per delivery, 10,000 users, µs", "users", "cpu_us_per_delivery"),
    plot("RSS per idle connection, KB", "users", "rss_bytes_per_connection", 1 / 1024),
    plot("CPU per delivery, one user's 1,000 tabs, µs", "tabs", "cpu_us_per_delivery"),
    plot("CPU per connect, µs", "users", "cpu_us_per_connect"),
    plot("CPU per delivery over long-polling, µs", "polling", "cpu_us_per_delivery"),
    plot("10,000 clients cut at once, all back, s", "storm", "storm_s"),
  ];
}

function page(results) {
  const [{ machine, kernel, cores, version }] = results.runs;
  const rounds = Math.max(...results.runs.map(({ round }) => round));
  return `# Performance

Written by \`make bench\`, which measures all of it again on your machine in less than a quarter of an hour:
notify-gateway ${version} on ${machine}, ${cores} cores, Linux ${kernel}, Node ${process.version},
${new Date().toISOString().slice(0, 10)}. Figures are medians of ${rounds} rounds, in which the servers take turns; the server has one
core, Redis and the clients the other. ${results.flawed.length === 0 ? "Nothing was lost, doubled or reordered in any run." : `**${results.flawed.length} runs were not flawless.**`}

![CPU and memory of the servers, as bars](performance.svg)

The thin line on a bar goes from the lowest round to the highest; the paler part of a bar is the kernel's.

## Beside others

${comparison(results).join("\n")}

*The floor* is a bare epoll loop that writes ready-made frames (\`bench/peers\`): no limits, no hostile input, no
polling, the least that can deliver. *socket.io on Node* is the reference server with the same contract and one Redis
connection. *nchan*, in Nginx, has neither Socket.IO nor an identity to ask for: a tab follows the URL of its channel, and
what is published comes by POST, which its figures include. Memory is RSS by what the connections added to it; the kernel's socket buffers are in no figure.
The 190,000 connections are ten processes of the server on one port with 19,000 each, and as many processes of clients:
twenty-one share two cores and their caches there, which the floor pays for as well.

## Marks

${table(marksOf(results)).join("\n")}

How each figure is taken is in [bench/README.md](../bench/README.md). Times depend on the machine and its mood, so
marks are ratios where they can be; instructions, which hardly do, have budgets of their own that \`make test\` holds.
`;
}

function main([file, folder]) {
  if (!file || file === "--help") {
    console.log("bench/report/main.mjs RESULTS.jsonl [FOLDER]: a table of what notify-bench measured, or its page and plots");
    return file ? 0 : 2;
  }
  const results = new Results(file);
  if (folder) {
    writeFileSync(join(folder, "performance.md"), page(results));
    writeFileSync(join(folder, "performance.svg"), draw(plotsOf(results)));
  }
  const marks = marksOf(results);
  console.log([...comparison(results), "", ...table(marks)].join("\n"));
  return results.flawed.length === 0 && marks.every(({ held }) => held !== false) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
