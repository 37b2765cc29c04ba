// SPDX-License-Identifier: MIT
//
// Clients whose connections are reset at every point of their way: twenty at once at each point, and
// then 5,000 at points drawn by lot. What they asked for must not outlive them.
import assert from "node:assert/strict";
import { Town } from "./support/town.mjs";
import { visits } from "./support/visits.mjs";

// A session that polls and is gone is known by its missing pong.
const town = Town.forThisFile({ threads: 2, gateway: ["--ping-interval", 3000, "--ping-timeout", 3000] });

// What visits need of Redis: a user of their own with a uuidCookie, and messages to that user.
let users = 0;
const site = {
  async mint() {
    const user = `visitor-${++users}`;
    return { user, uuid: await town.redis.mint(user) };
  },
  publish: (user, text) => town.redis.publish(user, text),
};

// One visit: all its connections are reset when it has gone as far as it goes.
async function pay(visit) {
  const wires = [];
  const dial = () => {
    wires.push(town.wire());
    return wires.at(-1);
  };
  await visit(dial, site);
  for (const wire of wires) wire.reset();
}

for (const [name, visit] of Object.entries(visits))
  town.case(`reset ${name}`, async () => {
    await Promise.all(Array.from({ length: 20 }, () => pay(visit)));
  });

// The same lots each time (mulberry32).
function lots(seed) {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

town.case("reset 5,000 times, a hundred at once, at points drawn by lot", async () => {
  const [draw, all] = [lots(20_240_501), Object.values(visits)];
  let left = 5000;
  const visitor = async () => {
    while (left-- > 0) await pay(all[draw(all.length)]);
  };
  await Promise.all(Array.from({ length: 100 }, visitor));
});

town.leavesNothing();
