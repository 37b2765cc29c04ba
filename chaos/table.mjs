// SPDX-License-Identifier: MIT
//
// The result of one or more runs as a table in Markdown: a column for each contestant.
const rows = [
  ["stored notifications sent", (r) => r.sent],
  ["… and accepted by Redis", (r) => r.accepted],
  ["connections to Redis killed", (r) => r.broken.kills],
  ["redis-server killed and restarted", (r) => r.broken.restarts],
  ["failovers to a replica", (r) => r.broken.failovers],
  ["gateways killed and replaced", (r) => r.broken.gateways],
  ["clients cut", (r) => r.broken.cuts],
  ["**lost**", (r) => r.lost],
  ["… without a word to the client", (r) => r.lostSilently],
  ["**doubled**", (r) => r.doubled],
  ["**out of order**", (r) => r.misordered],
  ["never sent, and received", (r) => r.strange],
  ["accepted and lost by the failover without a copy", (r) => r.uncopied],
  ["… of these not received", (r) => r.missingUncopied],
  ["clients that this concerns, told of a gap", (r) => r.told],
  ["… and not told", (r) => r.untold],
  ["clients told of a gap without reason", (r) => r.falselyTold],
  ["clients came back with what they missed", (r) => r.recovered],
  ["… as new sessions", (r) => r.anew],
  ["median from publishing to receiving, ms", (r) => r.calm.stored.toFixed(2)],
  ["… of a plain PUBLISH", (r) => r.calm.live?.toFixed(2) ?? ""],
  ["… ratio", (r) => (r.calm.live ? (r.calm.stored / r.calm.live).toFixed(2) : "")],
  ["seconds", (r) => r.seconds.toFixed(0)],
];

export function table(results) {
  const names = Object.keys(results);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...names]),
    line(["---", ...names.map(() => "---:")]),
    ...rows.map(([what, figure]) => line([what, ...names.map((name) => figure(results[name]))])),
  ].join("\n");
}
