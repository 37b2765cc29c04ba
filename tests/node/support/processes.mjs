// SPDX-License-Identifier: MIT
//
// Private servers for tests, each in a folder of its own, on a free port. They are ended by process id.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./await.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const build = process.env.NOTIFY_BUILD_DIR ?? join(root, "build/dev");
export const program = (name) => join(build, "bin", name);

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

// The environment without the developer's settings for the tools, which must not reach those under test.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => name === "PATH" || name === "HOME" || name.endsWith("SAN_OPTIONS"),
  ),
);

export const privateFolder = () => mkdtemp(join(tmpdir(), "notify-test-"));

// Returns a port that nobody listens on, below those that the kernel gives to outgoing connections.
export async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}

// One started program. `output` is what it has written so far, to stdout and stderr.
export class Process {
  output = "";
  ended = null; // exit status, or the name of the signal

  constructor(command, args, more = {}) {
    this.child = spawn(command, args, { env: { ...environment, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (this.output += text));
    this.closed = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (status, signal) => {
        running.delete(this.child);
        this.ended = status ?? signal;
        resolve(this.ended);
      });
    });
    this.closed.catch(() => {});
  }

  get pid() {
    return this.child.pid;
  }

  // Ends it, and returns how it ended.
  async stop(signal = "SIGTERM") {
    if (this.ended === null) this.child.kill(signal);
    return this.closed;
  }

  async untilSaid(pattern) {
    await until(() => pattern.test(this.output) || this.ended !== null, `${pattern} being said`);
    if (!pattern.test(this.output)) throw new Error(`it ended (${this.ended}):\n${this.output}`);
    return this.output.match(pattern);
  }
}

export class Redis {
  static async start(...options) {
    const redis = new Redis();
    redis.options = options;
    redis.folder = await privateFolder();
    do {
      redis.port = await freePort();
      await redis.launch();
    } while (redis.process.ended !== null); // another program took the port first
    return redis;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  // Starts it, the first time or again, on the same port.
  async launch() {
    const args = ["--port", this.port, "--bind", "127.0.0.1", "--save", "", "--dir", this.folder, ...this.options];
    this.process = new Process("redis-server", args.map(String));
    const ready = () => /Ready to accept connections/.test(this.process.output);
    await until(() => ready() || this.process.ended !== null, "Redis being ready");
  }

  async stop() {
    await this.process.stop("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class Gateway {
  static async start(redis, ...options) {
    const gateway = await this.launch(redis, ...options);
    const health = async () => (await (await fetch(`${gateway.url}/healthz`)).json()).redis === "up";
    await until(() => health().catch(() => false), "the gateway reaching Redis");
    return gateway;
  }

  // Starts one that may have no Redis.
  static async launch(redis, ...options) {
    const gateway = new this();
    const given = (option, value) => (options.includes(option) ? [] : [option, value]);
    const args = ["--redis", redis.url, ...given("--port", "0"), ...given("--drain", "0s"), ...options.map(String)];
    gateway.process = gateway.run(args);
    [, gateway.url] = await gateway.process.untilSaid(/listens on (http:\S+)[^]*notify-token/);
    return gateway;
  }

  run(args) {
    return new Process(program("notify-gateway"), args);
  }

  // Ends it by SIGTERM. Fails if it ended in another way, such as by a crash.
  async stop() {
    const status = await this.process.stop("SIGTERM");
    if (status !== 0) throw new Error(`the gateway ended with ${status}:\n${this.process.output}`);
  }

  // Its private memory in KiB, now and at its peak.
  get rss() {
    return this.#memory("VmRSS");
  }

  get peak() {
    return this.#memory("VmHWM");
  }

  // Whether it was built with a sanitizer, which adds memory to each allocation.
  get sanitized() {
    return /lib[at]san/.test(readFileSync(`/proc/${this.process.pid}/maps`, "utf8"));
  }

  #memory(field) {
    const status = readFileSync(`/proc/${this.process.pid}/status`, "utf8");
    return Number(status.match(new RegExp(`${field}:\\s+(\\d+)`))[1]);
  }
}

// Nginx with nginx/notify.conf. `url` leads to the web app by HTTP, `uwsgiUrl` by uWSGI.
export class Nginx {
  static async start(gateway, { webApp = "1", uwsgi = "1" } = {}) {
    const nginx = new Nginx();
    nginx.folder = await privateFolder();
    const [site, second] = [await freePort(), await freePort()];
    const ports = { 3333: site, 3334: second, 3000: new URL(gateway.url).port, 3010: webApp, 3031: uwsgi };
    const pairs = Object.entries(ports).map(([from, to]) => `${from}=${to}`);
    const rendered = await new Process(join(root, "nginx/render"), [nginx.folder, ...pairs]).closed;
    if (rendered !== 0) throw new Error("nginx/render failed");
    const config = join(nginx.folder, "nginx.conf");
    nginx.process = new Process("nginx", ["-p", nginx.folder, "-c", config, "-g", "daemon off;"]);
    nginx.url = `http://127.0.0.1:${site}`;
    nginx.uwsgiUrl = `http://127.0.0.1:${second}`;
    const answers = () => fetch(nginx.url).then(() => true, () => false);
    await until(async () => nginx.process.ended !== null || (await answers()), "Nginx answering");
    if (nginx.process.ended !== null) throw new Error(`Nginx ended:\n${nginx.process.output}`);
    return nginx;
  }

  async stop() {
    await this.process.stop("SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
  }
}
