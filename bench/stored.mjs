#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// What storing costs Redis: sends per second of its CPU, to 100,000 users, pipelined; and its memory for a user with
// two short notifications. Beside it the same for the stream of Socket.IO's adapter. One line of JSON each, as
// notify-bench prints them.
//
//   bench/stored.mjs [--sends N] [--users N]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Redis, root } from "../tests/node/support/processes.mjs";
import { RedisClient, channelOf } from "../tests/node/support/redis_client.mjs";

const { values } = parseArgs({ options: { sends: { type: "string" }, users: { type: "string" } } });
const sends = Number(values.sends ?? 1_000_000);
const users = Number(values.users ?? 100_000);
const pipelined = 100;
const text = "Hey";

// How each stores a notification: the words of its command, for a user's channel.
const ways = {
  gateway: async (client) => {
    const script = readFileSync(join(root, "core/redis/lua/send.lua"), "utf8");
    const sha = await client.command("SCRIPT", "LOAD", script);
    return (channel) => ["EVALSHA", sha, "1", channel, JSON.stringify({ message: text })];
  },
  streams: async () => {
    const nsp = "/io/user/notifications";
    const packet = { type: 2, nsp, data: ["notification", { message: text }] };
    const data = (channel) => JSON.stringify({ packet, opts: { rooms: [channel], except: [], flags: {} } });
    return (channel) => ["XADD", "socket.io", "MAXLEN", "~", "1000000", "*", "uid", "bench", "nsp", nsp, "type", "3",
      "data", data(channel)];
  },
};

async function field(client, section, name) {
  return Number((await client.command("INFO", section)).match(new RegExp(`${name}:([\\d.]+)`))[1]);
}

const cpu = async (client) =>
  (await field(client, "cpu", "used_cpu_user_main_thread")) + (await field(client, "cpu", "used_cpu_sys_main_thread"));

// Runs work with a Redis of its own.
async function withRedis(work) {
  const redis = await Redis.start();
  const client = await RedisClient.connect(redis);
  try {
    return await work(redis, client);
  } finally {
    client.close();
    await redis.stop();
  }
}

// Returns sends per second of Redis' CPU, and per second as it was.
const speed = (way) => withRedis(async (redis, client) => {
  const words = (await ways[way](client))(channelOf("__rand_int__"));
  const before = await cpu(client);
  const options = ["-p", redis.port, "-r", users, "-P", pipelined, "-n", sends, "--csv", ...words];
  const printed = execFileSync("redis-benchmark", options.map(String), { encoding: "utf8" });
  const seconds = (await cpu(client)) - before;
  const wall = Number(printed.trim().split("\n").at(-1).split('","').at(-7)); // then avg, min, p50, p95, p99, max
  return { sends_per_cpu_s: Math.round(sends / seconds), sends_per_s: Math.round(wall) };
});

// Returns bytes of Redis for each user with two notifications.
const memory = (way) => withRedis(async (_, client) => {
  const words = await ways[way](client);
  const before = await field(client, "memory", "used_memory");
  for (let user = 0; user < users; user += 1000) {
    const some = Array.from({ length: Math.min(1000, users - user) }, (_, i) => channelOf(`user-${user + i}`));
    for (const _ of [1, 2]) await Promise.all(some.map((channel) => client.command(...words(channel))));
  }
  return { redis_bytes_per_user: Math.round(((await field(client, "memory", "used_memory")) - before) / users) };
});

for (const server of Object.keys(ways)) {
  const figures = { ...(await speed(server)), ...(await memory(server)) };
  console.log(JSON.stringify({ scenario: "sends", server, round: 1, users, sends, ...figures, threads: 1 }));
}
