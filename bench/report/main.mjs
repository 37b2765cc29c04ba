#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Makes a table for the terminal, or docs/performance.md, from the lines that notify-bench printed:
//
//   bench/report/main.mjs RESULTS.jsonl          the table, to stdout
//   bench/report/main.mjs RESULTS.jsonl PAGE     the same, and writes docs/performance.md to PAGE
//
// The exit status is 1 if a mark is missed, or if a run lost, doubled, reordered or misdelivered anything.
import { writeFileSync } from "node:fs";
import { marksOf } from "./marks.mjs";
import { Results } from "./results.mjs";

const servers = ["gateway", "floor", "nchan", "node", "streams"];
const names = { gateway: "**notify-gateway**", floor: "the floor", nchan: "nchan", node: "socket.io on Node",
  streams: "socket.io, Redis Streams" };

// The rows of the comparison: scenario, figure, name of the row, digits after the point.
const compared = [
  ["users", "cpu_us_per_delivery", "CPU per delivery, 10,000 users, µs", 2],
  ["users", "cpu_us_per_delivery_user", "… of which in user space", 2],
  ["tabs", "cpu_us_per_delivery", "CPU per delivery, one user's 1,000 tabs, µs", 2],
  ["one-by-one", "cpu_us_per_delivery", "… one message at a time", 2],
  ["polling", "cpu_us_per_delivery", "CPU per delivery over long-polling, µs", 2],
  ["users", "cpu_us_per_connect", "CPU per connect, µs", 0],
  ["storm", "storm_s", "10,000 clients cut at once, until all are back, s", 2],
  ["users", "rss_bytes_per_connection", "RSS per idle connection, bytes", 0],
  ["polling", "rss_bytes_per_connection", "RSS per long-polling session, bytes", 0],
  ["growth", "cpu_us_per_delivery", "CPU per delivery with 190,000 connections, µs", 2],
  ["growth", "rss_bytes_per_connection", "RSS per connection with 190,000, bytes", 0],
  ["users", "latency_us.p50", "latency at 5,000 messages/s, p50, µs", 0],
  ["users", "latency_us.p99", "… p99 (mostly the machine's own delays)", 0],
  ["users", "redis_bytes_per_connection", "Redis' own memory per user, bytes", 0],
  ["users", "cpu_us_per_steady_delivery", "CPU per delivery at 5,000 a second, µs", 2],
  ["stored", "cpu_us_per_steady_delivery", "… of stored notifications, µs", 2],
  ["stored", "latency_us.p50", "… latency, p50, µs", 0],
  ["recovery-1000", "recovery_s", "1,000 sessions cut at once recover, s", 2],
  ["recovery-1000", "cpu_us_per_recovery", "… CPU per session, µs", 0],
  ["recovery-1000", "redis_commands_per_recovery", "… commands to Redis per session", 1],
  ["recovery-1000", "recovered", "… sessions recovered", 0],
  ["recovery", "recovery_s", "10,000 sessions cut at once recover, s", 2],
  ["recovery", "cpu_us_per_recovery", "… CPU per session, µs", 0],
  ["recovery", "redis_commands_per_recovery", "… commands to Redis per session", 1],
  ["recovery", "reconnect_s", "… come back as new sessions instead, s", 2],
  ["recovery", "cpu_us_per_reconnect", "… CPU per session, µs", 0],
  ["recovery", "redis_commands_per_reconnect", "… commands to Redis per session", 1],
  ["sends", "sends_per_cpu_s", "stored sends per second of Redis' CPU", 0],
  ["sends", "redis_bytes_per_user", "Redis' memory for a user with two short notifications, bytes", 0],
];

const row = (cells) => `| ${cells.join(" | ")} |`;

function comparison(results) {
  const shown = servers.filter((server) => results.runs.some((run) => run.server === server));
  const cells = compared.map(([scenario, figure, what, digits]) =>
    [what, ...shown.map((server) => results.median(scenario, server, figure)?.toFixed(digits) ?? "")]);
  const lines = cells.filter(([, ...figures]) => figures.some((figure) => figure !== "")).map(row);
  return [row(["", ...shown.map((server) => names[server])]), row(["---", ...shown.map(() => "---:")]), ...lines];
}

const verdict = (held) => (held === undefined ? "not measured" : held ? "held" : "**missed**");

const table = (marks) => [
  row(["what", "mark", "measured", ""]), row(["---", "---", "---", "---"]),
  ...marks.map(({ what, mark, measured, held }) => row([what, mark, measured, verdict(held)])),
];

function page(results) {
  const [{ machine, kernel, cores, version }] = results.runs;
  const rounds = Math.max(...results.runs.map(({ round }) => round));
  return `# Performance

\`make bench\` wrote this page, and does so on your machine in less than a quarter of an hour. It measured
notify-gateway ${version} on ${machine}, ${cores} cores, Linux ${kernel}, Node ${process.version},
${new Date().toISOString().slice(0, 10)}. Figures are medians of ${rounds} rounds, in which the servers take turns. The server has one
core, Redis and the clients the other. ${results.flawed.length === 0 ? "Nothing was lost, doubled or reordered in any run." : `**${results.flawed.length} runs were not flawless.**`}

## Beside others

${comparison(results).join("\n")}

*The floor* is a bare epoll loop that writes ready-made frames (\`bench/peers\`), without limits, defence against hostile
input or polling: the least work that can deliver. *socket.io on Node* is Socket.IO's own server, which serves pages as the
gateway does, with one Redis connection. *nchan*, in Nginx, has no Socket.IO and asks nobody who a client is: a tab follows
its channel by a URL. Messages come by POST, which its figures include. *socket.io, Redis Streams* is Socket.IO's own server with
its connection state recovery; each recovery reads the stream from the client's offset to its end, so it is measured with
1,000 sessions. RSS is the growth that the connections caused,
without the kernel's socket buffers. For 190,000 connections, ten processes of the server share one port with 19,000 each,
and ten processes of clients connect: with Redis, 21 processes share two cores and their caches, which slows the floor too.

## Marks

A mark is a goal for the gateway, mostly as a ratio to another server's figure: times depend on the machine and on what else
it does. Instructions hardly do; \`make test\` holds them to budgets. [bench/README.md](../bench/README.md) says how each figure
is taken.

${table(marksOf(results)).join("\n")}

`;
}

function main([file, pageFile]) {
  const results = new Results(file);
  if (pageFile) writeFileSync(pageFile, page(results));
  const marks = marksOf(results).filter(({ held }) => held !== undefined);
  console.log([...comparison(results), "", ...table(marks)].join("\n"));
  return results.flawed.length === 0 && marks.every(({ held }) => held !== false) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
