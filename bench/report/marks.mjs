// SPDX-License-Identifier: MIT
//
// What the gateway is to hold to. Each mark: what it says, what was measured, and whether that is held.

const ratio = (value, other) => (value === undefined || other === undefined ? undefined : value / other);
const text = (value, digits = 2) => (value === undefined ? "not measured" : value.toFixed(digits));
const holds = (value, most) => (value === undefined ? undefined : value <= most);

// One mark of the form "at most".
const atMost = (what, most, value, unit, digits) => ({
  what, mark: `at most ${most}${unit}`, measured: `${text(value, digits)}${value === undefined ? "" : unit}`,
  held: holds(value, most),
});

// What the floor has there: what no server can do better.
const besideFloor = (mark, value) =>
  value === undefined ? mark : { ...mark, measured: `${mark.measured} (the floor itself: ${text(value)})` };

const atLeast = (what, least, value, unit) => ({
  what, mark: `at least ${least}${unit}`, measured: `${text(value, 1)}${value === undefined ? "" : unit}`,
  held: value === undefined ? undefined : value >= least,
});

export function marksOf(results) {
  const of = (scenario, server, figure, threads) => results.median(scenario, server, figure, threads);
  const delivery = "cpu_us_per_delivery";
  const versus = (scenario, figure, other) => ratio(of(scenario, "gateway", figure), of(scenario, other, figure));
  const kib = (scenario) => ratio(of(scenario, "gateway", "rss_bytes_per_connection"), 1024);
  const floorVersus = (scenario, figure, other) => ratio(of(scenario, "floor", figure), of(scenario, other, figure));
  const floorGrown = (figure) => ratio(of("growth", "floor", figure), of("users", "floor", figure));
  const grown = (figure) => ratio(of("growth", "gateway", figure), of("users", "gateway", figure));
  return [
    atMost("CPU per delivery, 10,000 users", 1.15, versus("users", delivery, "floor"), " × the floor"),
    atMost("… its user part", 2.0, of("users", "gateway", `${delivery}_user`), " µs"),
    besideFloor(atMost("… against Node", 0.25, versus("users", delivery, "node"), " × Node"),
      floorVersus("users", delivery, "node")),
    atMost("CPU per delivery, one user with 1,000 tabs", 0.7, of("tabs", "gateway", delivery), " µs"),
    atMost("… one message at a time", 1.2, versus("one-by-one", delivery, "floor"), " × the floor"),
    atMost("RSS per idle connection, 10,000", 1.0, kib("users"), " KB"),
    atMost("RSS per connection, 19,000 in each of 10 processes", 1.0, kib("growth"), " KB"),
    atMost("RSS per waiting long-polling session", 3.0, kib("polling"), " KB"),
    atMost("CPU per delivery over polling", 0.33, versus("polling", delivery, "node"), " × Node"),
    atMost("CPU per connect with a uuidCookie", 70, of("users", "gateway", "cpu_us_per_connect"), " µs", 1),
    atLeast("… connects per CPU second against Node", 10,
      ratio(of("users", "node", "cpu_us_per_connect"), of("users", "gateway", "cpu_us_per_connect")), " × Node"),
    atMost("10,000 clients cut at once, all back", 0.25, versus("storm", "storm_s", "node"), " × Node's time"),
    atMost("… connections to the web app meanwhile", 64, of("storm", "gateway", "web_app_at_once"), "", 0),
    atMost("latency, p50 at 5,000 messages/s", 1.25, versus("users", "latency_us.p50", "floor"), " × the floor"),
    besideFloor(atMost("190,000 connections, CPU per delivery", 1.1, grown(delivery), " × that at 10,000"),
      floorGrown(delivery)),
    atMost("190,000 connections, RSS per connection", 1.1, grown("rss_bytes_per_connection"), " × that at 10,000"),
    atMost("two shards on two cores, CPU per delivery", 1.1,
      ratio(of("users", "gateway", delivery, 2), of("users", "gateway", delivery)), " × one's on one"),
    atMost("10,000 idle connections, heartbeats included", 1.0, of("users", "gateway", "idle_cpu_percent"), " % of a core"),
  ];
}
