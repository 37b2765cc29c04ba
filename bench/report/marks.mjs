// SPDX-License-Identifier: MIT
//
// The goals that the gateway should reach. A mark has its text, what was measured, and whether that
// reaches it; held is undefined if it was not measured.

const delivery = "cpu_us_per_delivery";
const steady = "cpu_us_per_steady_delivery";
const connect = "cpu_us_per_connect";
const memory = "rss_bytes_per_connection";

const ratio = (value, other) => (value === undefined || other === undefined ? undefined : value / other);
const written = (value, unit, digits) => (value === undefined ? "not measured" : `${value.toFixed(digits)}${unit}`);

const atMost = (what, most, value, unit, digits = 2) => ({
  what, mark: `at most ${most}${unit}`, measured: written(value, unit, digits), held: value === undefined ? undefined : value <= most,
});

const atLeast = (what, least, value, unit, digits = 1) => ({
  what, mark: `at least ${least}${unit}`, measured: written(value, unit, digits), held: value === undefined ? undefined : value >= least,
});

// Adds the floor's figure to the mark: the least that any server needs.
const besideFloor = (mark, value) =>
  value === undefined ? mark : { ...mark, measured: `${mark.measured} (the floor itself: ${value.toFixed(2)})` };

export function marksOf(results) {
  const gateway = (scenario, figure, threads) => results.median(scenario, "gateway", figure, threads);
  const versus = (scenario, figure, other, one = "gateway") =>
    ratio(results.median(scenario, one, figure), results.median(scenario, other, figure));
  const grown = (server, figure) =>
    ratio(results.median("growth", server, figure), results.median("users", server, figure));
  const kib = (scenario) => ratio(gateway(scenario, memory), 1024);
  return [
    atMost("CPU per delivery, 10,000 users", 1.15, versus("users", delivery, "floor"), " × the floor"),
    atMost("… of which in user space", 2.0, gateway("users", `${delivery}_user`), " µs"),
    besideFloor(atMost("… against Node", 0.25, versus("users", delivery, "node"), " × Node"),
      versus("users", delivery, "node", "floor")),
    atMost("CPU per delivery, one user with 1,000 tabs", 0.7, gateway("tabs", delivery), " µs"),
    atMost("… one message at a time", 1.2, versus("one-by-one", delivery, "floor"), " × the floor"),
    atMost("RSS per idle connection, 10,000", 1.0, kib("users"), " KB"),
    atMost("RSS per connection, 19,000 in each of 10 processes", 1.0, kib("growth"), " KB"),
    atMost("RSS per waiting long-polling session", 3.0, kib("polling"), " KB"),
    atMost("CPU per delivery over polling", 0.33, versus("polling", delivery, "node"), " × Node"),
    atMost("CPU per connect with a uuidCookie", 70, gateway("users", connect), " µs", 1),
    atLeast("… connects per CPU second against Node", 10, ratio(1, versus("users", connect, "node")), " × Node"),
    atMost("10,000 clients cut at once, until all are back", 0.25, versus("storm", "storm_s", "node"), " × Node's time"),
    atMost("… connections to the web app meanwhile", 64, gateway("storm", "web_app_at_once"), "", 0),
    atMost("latency, p50 at 5,000 messages/s", 1.25, versus("users", "latency_us.p50", "floor"), " × the floor"),
    besideFloor(atMost("190,000 connections, CPU per delivery", 1.1, grown("gateway", delivery), " × that at 10,000"),
      grown("floor", delivery)),
    atMost("CPU per delivery of stored notifications, at 5,000/s", 1.5,
      ratio(gateway("stored", steady), gateway("users", steady)), " × that of live ones"),
    atLeast("stored sends per second of Redis' CPU", 90_000, gateway("sends", "sends_per_cpu_s"), "", 0),
    atMost("Redis' memory for a user with two short notifications", 300, gateway("sends", "redis_bytes_per_user"), " bytes", 0),
    atMost("10,000 sessions recover, commands to Redis per session", 3,
      gateway("recovery", "redis_commands_per_recovery"), ""),
    atLeast("… sessions recovered", 10_000, gateway("recovery", "recovered"), "", 0),
    atMost("190,000 connections, RSS per connection", 1.1, grown("gateway", memory), " × that at 10,000"),
    atMost("two shards on two cores, CPU per delivery", 1.1,
      ratio(gateway("users", delivery, 2), gateway("users", delivery)), " × one shard's on one core"),
    atMost("10,000 idle connections, heartbeats included", 1.0, gateway("users", "idle_cpu_percent"), " % of a core"),
  ];
}
