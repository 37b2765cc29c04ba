// SPDX-License-Identifier: MIT
//
// Runs the phases with a private gateway and Redis. One run of the gateway is enough for all phases, since
// callgrind can reset its counts in between.
import { pause } from "../../tests/node/support/await.mjs";
import { Redis } from "../../tests/node/support/processes.mjs";
import { RedisClient } from "../../tests/node/support/redis_client.mjs";
import { CountedGateway, StackedGateway } from "./counted_gateway.mjs";
import { phases } from "./phases.mjs";
import { parseProfile } from "./profile.mjs";

const warmUp = 3; // turns: what is done once, such as binding a symbol, is not counted
const idle = { turns: 6, prepare: () => () => pause(500) };

// One shard; no heartbeats, which would come at random; no log line for each subscription.
const options = ["--threads", 1, "--ping-interval", 600_000, "--log-level", "warn"];

async function withGateway(Kind, work) {
  const server = await Redis.start();
  try {
    const redis = await RedisClient.connect(server);
    const gateway = await Kind.start(server, ...options);
    const result = await work({ redis, gateway });
    redis.close();
    await gateway.stop();
    return result;
  } finally {
    await server.stop();
  }
}

// Each turn begins when the gateway sleeps.
async function profileOf({ turns, prepare }, bed) {
  const turn = await prepare(bed);
  const take = async (count) => {
    for (let n = 0; n < count; ++n) {
      await bed.gateway.atRest();
      await turn();
    }
    return bed.gateway.takeProfile();
  };
  await take(warmUp);
  return take(turns);
}

// Counts instructions, and ticks of the shard's clock, of which a phase that takes longer has more.
async function countOne(phase, bed) {
  const tick = "notify::engine_server::tick()";
  const { total, calls } = parseProfile(await profileOf(phase, bed));
  if (!calls.get(tick)) throw new Error(`no call of ${tick} in a profile: has it another name now?`);
  return { total, ticks: calls.get(tick) };
}

// Returns {name: instructions for one}. The instructions of the ticks are subtracted.
export function countAll() {
  return withGateway(CountedGateway, async (bed) => {
    const rest = await countOne(idle, bed);
    const perTick = rest.total / rest.ticks;
    const figures = {};
    for (const [name, phase] of Object.entries(phases)) {
      const { total, ticks } = await countOne(phase, bed);
      figures[name] = Math.round((total - ticks * perTick) / (phase.turns * phase.each));
    }
    return figures;
  });
}

// Returns the profile of one phase, by stacks.
export const stacksOf = (name) => withGateway(StackedGateway, (bed) => profileOf(phases[name], bed));
