// SPDX-License-Identifier: MIT
//
// A log makes nobody wait: whatever becomes of its reader, users are served, and the gateway ends when it
// is told to. What is lost is counted.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { soon, until } from "./support/await.mjs";
import { health } from "./support/counts.mjs";
import { Gateway, freePort, program } from "./support/processes.mjs";
import { RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();

// A gateway that logs much, whose stderr is what is given; runs the check, and sees it end in time.
async function withLog(stderr, check, { shell = "" } = {}) {
  const port = await freePort();
  const args = ["--redis", site.redisServer.url, "--port", port, "--threads", 1, "--log-level", "debug"].map(String);
  const env = { PATH: process.env.PATH, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "" };
  const child = shell
    ? spawn("bash", ["-c", `exec "$@" ${shell}`, "bash", program("notify-gateway"), ...args], { env, stdio: "ignore" })
    : spawn(program("notify-gateway"), args, { env, stdio: ["ignore", "ignore", stderr] });
  const ended = new Promise((resolve) => child.once("exit", (status, signal) => resolve(status ?? signal)));
  const gateway = { url: `http://127.0.0.1:${port}`, child };
  try {
    await until(() => health(gateway).then(({ redis }) => redis === "up", () => false), "the gateway");
    await check(gateway);
    const began = Date.now();
    child.kill("SIGTERM");
    assert.equal(await soon(ended, "its end"), 0);
    assert.ok(Date.now() - began < 6000, `it ended after ${Date.now() - began} ms`);
  } finally {
    child.kill("SIGKILL");
  }
}

// Makes it log at least so many lines, one for each uuid that is refused.
async function makeItLog(gateway, lines) {
  const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
  await ws.text();
  ws.send(`40${namespace},`);
  await ws.text();
  for (let i = 0; i < lines; ++i) {
    ws.send(`42${namespace},["subscribe-to-notifications",{"uuid":"unknown-${i}"}]`);
    assert.match(await ws.text(), /USERID_IS_NULL/);
  }
  ws.end();
}

const lost = async (gateway) => (await health(gateway)).log_lines_lost;

test("a reader that stands still costs lines, and nobody a moment", () =>
  withLog("pipe", async (gateway) => {
    gateway.child.stderr.pause(); // a pipe holds 64 KiB: some 700 lines, and as many wait here as in the queue
    await makeItLog(gateway, 6000);
    assert.equal((await request(`${gateway.url}/healthz`)).status, 200);
    assert.ok((await lost(gateway)) > 0);
  }));

test("a reader that wakes up is told how much it missed", () =>
  withLog("pipe", async (gateway) => {
    gateway.child.stderr.pause();
    await makeItLog(gateway, 6000);
    let output = "";
    gateway.child.stderr.setEncoding("utf8").on("data", (text) => (output += text)).resume();
    await until(() => /\d+ lines of the log were lost/.test(output), "the number of lost lines");
  }));

test("a reader that has gone costs lines", () =>
  withLog("pipe", async (gateway) => {
    gateway.child.stderr.destroy();
    await makeItLog(gateway, 20);
    await until(async () => (await lost(gateway)) >= 20, "lost lines being counted");
  }));

test("a full disk costs lines, from the start", async () => {
  const full = openSync("/dev/full", "w");
  try {
    await withLog(full, async (gateway) => {
      await makeItLog(gateway, 20);
      await until(async () => (await lost(gateway)) >= 20, "lost lines being counted");
    });
  } finally {
    closeSync(full);
  }
});

test("with a stderr that is closed it starts, and writes its lines to no other descriptor", () =>
  withLog(null, async (gateway) => {
    await makeItLog(gateway, 20);
    await until(async () => (await lost(gateway)) >= 20, "lost lines being counted");
    assert.equal((await health(gateway)).redis, "up");
  }, { shell: "2>&-" }));

test("new subscriptions are one line a second, with their number", async () => {
  const gateway = await Gateway.start(site.redisServer, "--threads", 1);
  try {
    for (let i = 0; i < 50; ++i) await site.follow(site.newUser(), {}, gateway.url);
    const line = /shard 0: (\d+) new subscriptions/g;
    const told = () => [...gateway.process.output.matchAll(line)].map(([, n]) => Number(n));
    await until(() => told().reduce((a, b) => a + b, 0) === 50, "all being counted");
    assert.doesNotMatch(gateway.process.output, /subscribes to/);
  } finally {
    site.closeClients();
    await gateway.stop();
  }
});

test("with --dev people see whom to send to, ten a second", async () => {
  const gateway = await Gateway.start(site.redisServer, "--threads", 1, "--dev");
  try {
    const users = Array.from({ length: 40 }, () => site.newUser());
    await Promise.all(users.map((user) => site.follow(user, {}, gateway.url)));
    const shown = () => [...gateway.process.output.matchAll(/to send: notify-send --user (\S+) /g)].length;
    const counted = () =>
      [...gateway.process.output.matchAll(/: (\d+) new subscriptions/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    await until(() => shown() + counted() === 40, "all being told or counted");
    assert.ok(shown() >= 10 && shown() < 40, `${shown()} were shown`);
  } finally {
    site.closeClients();
    await gateway.stop();
  }
});
