// SPDX-License-Identifier: MIT
//
// The example site with everything that it needs: Redis, Django by HTTP and by uWSGI, the gateway and
// Nginx, on free ports, with a database of its own.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { until } from "./await.mjs";
import { DjangoConsole } from "./django_console.mjs";
import { Gateway, Nginx, Process, Redis, freePort, privateFolder, root } from "./processes.mjs";
import { RedisClient, channelOf } from "./redis_client.mjs";

const sessions = ["--session-cookie", "sessionid", "--session-channel", "notifications.{session}"];
const answers = (url) => fetch(url).then(({ status }) => status === 200, () => false);

export class DjangoSite {
  #users = 0;

  // Call it once in a file: its tests share the site, each with users of its own. Without `uwsgi` nothing
  // listens behind the second port.
  static forThisFile(options) {
    const site = new DjangoSite();
    before(() => site.start(options));
    after(() => site.stop());
    return site;
  }

  async start({ uwsgi = false, follow = "user" } = {}) {
    this.folder = await privateFolder();
    this.ports = { http: await freePort(), uwsgi: await freePort(), gateway: await freePort() };
    this.redisServer = await Redis.start();
    this.environment = {
      SITE_DATA: this.folder,
      SITE_HOSTS: "127.0.0.1,localhost,.app.localhost",
      NOTIFY_REDIS: this.redisServer.url,
      NOTIFY_FOLLOW: follow,
      DJANGO_SETTINGS_MODULE: "config.settings",
      PYTHONDONTWRITEBYTECODE: "1",
    };
    this.console = new DjangoConsole(this.environment);
    const migrated = this.console.call("migrate");
    this.redis = await RedisClient.connect(this.redisServer);
    await this.startGateway();
    this.nginx = await Nginx.start(this.gateway, { webApp: this.ports.http, uwsgi: this.ports.uwsgi });
    await migrated;
    await Promise.all([this.#startHttp(), uwsgi && this.#startUwsgi()]);
  }

  async #startHttp() {
    const address = `127.0.0.1:${this.ports.http}`;
    this.http = this.#python("/usr/bin/python3", "manage.py", "runserver", "--noreload", address);
    await this.#untilServed(this.http, this.nginx.url, "runserver");
  }

  async #startUwsgi() {
    this.uwsgi = this.#python("/usr/bin/uwsgi", "--set-ph", `port=${this.ports.uwsgi}`, "--ini", "uwsgi.ini");
    await this.#untilServed(this.uwsgi, this.nginx.uwsgiUrl, "uWSGI");
  }

  #python(command, ...args) {
    // env(1) changes the folder, for which Process has no option.
    const project = join(root, "examples/django");
    return new Process("/usr/bin/env", ["-C", project, command, ...args], this.environment);
  }

  async #untilServed(process, url, name) {
    const served = () => answers(`${url}/python/currentUserId/`);
    await until(async () => process.ended !== null || (await served()), `${name} answering`);
    if (process.ended !== null) throw new Error(`${name} ended:\n${process.output}`);
  }

  // Starts it, or starts it again, on the same port.
  async startGateway({ cookies = `http://127.0.0.1:${this.ports.http}/python/currentUserId/` } = {}) {
    const options = ["--port", this.ports.gateway, "--subscribe-by-cookies-url", cookies, ...sessions];
    this.gateway = await Gateway.start(this.redisServer, ...options);
  }

  // Kills it, as in a crash: no connection is closed properly.
  killGateway() {
    return this.gateway.process.stop("SIGKILL");
  }

  async startRedis() {
    await this.redisServer.launch();
    this.redis = await RedisClient.connect(this.redisServer);
  }

  // The address of the site by "http" or "uwsgi".
  url(port = "http") {
    return port === "uwsgi" ? this.nginx.uwsgiUrl : this.nginx.url;
  }

  // Makes a user for one test. Without a password, nobody can log in by the form, and no time is spent on a
  // hash.
  async newUser({ name = `user-${++this.#users}`, ...options } = {}) {
    const id = await this.console.call("add_user", { name, ...options });
    return { name, id, ...options };
  }

  // Sends a notification by the site's own code. Returns its key.
  send(user, verb, fields = {}) {
    return this.console.call("send", { to: user.name, verb, ...fields });
  }

  publish(user, text) {
    return this.redis.publish(user.id, text);
  }

  unread(user) {
    return this.console.call("unread", { name: user.name });
  }

  untilUnread(user, count) {
    return until(async () => (await this.unread(user)) === count, `${count} unread of ${user.name}`);
  }

  // Waits until the gateway is subscribed to the user's channel.
  untilFollowed(user) {
    const followed = async () => (await this.redis.subscribers(channelOf(user.id))) > 0;
    return until(followed, `${user.name} being followed`);
  }

  async stop() {
    this.redis?.close();
    const started = [this.uwsgi, this.http, this.gateway?.process, this.nginx, this.console];
    await Promise.all(started.map((each) => each?.stop()));
    await this.redisServer?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
