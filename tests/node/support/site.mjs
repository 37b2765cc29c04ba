// SPDX-License-Identifier: MIT
//
// A whole site: Redis, web app, gateway and Nginx; and clients that end with the test.
import { after, afterEach, before } from "node:test";
import { io } from "socket.io-client";
import { Mailbox, soon } from "./await.mjs";
import { Gateway, Nginx, Redis } from "./processes.mjs";
import { RedisClient } from "./redis_client.mjs";
import { WebApp } from "./web_app.mjs";

export const namespace = "/io/user/notifications";

// The ways to connect: name and value of the clients' option `transports`.
export const transports = {
  "WebSocket only": ["websocket"],
  "polling only": ["polling"],
  "polling, then an upgrade": ["polling", "websocket"],
};

// A client of socket.io-client, with mailboxes for what arrives. `library` is its io(): that of 4.x, unless
// the test passes an older one.
export class Client {
  internal = new Mailbox("an internal event");
  notifications = new Mailbox("a notification");
  messages = new Mailbox("a message"); // of the session mode
  disconnects = new Mailbox("the end");

  constructor(url, { ns = namespace, library = io, ...options } = {}) {
    this.socket = library(url + ns, { forceNew: true, reconnection: false, transports: ["websocket"], ...options });
    this.socket.on("internal", (event) => this.internal.put(event));
    this.socket.on("notification", (event) => this.notifications.put(event.message));
    this.socket.on("message", (text) => this.messages.put(text));
    this.socket.on("disconnect", (reason) => this.disconnects.put(reason));
    this.connected = new Promise((resolve, reject) => {
      this.socket.once("connect", () => resolve(this));
      this.socket.once("connect_error", reject);
      this.socket.once("error", reject); // 2.x reports a refused namespace so
    });
    this.connected.catch(() => {});
  }

  // All answers about its subscription so far, without those that say that Redis was away or came back empty.
  get answers() {
    return this.internal.all.filter(({ code, message }) => code !== "GAP" && !message.startsWith("subscribed again"));
  }

  get transport() {
    return this.socket.io.engine.transport.name;
  }

  // Resolves when the WebSocket has taken over.
  async upgraded() {
    const { engine } = this.socket.io;
    if (engine.transport.name === "websocket") return;
    await soon(new Promise((resolve) => engine.once("upgrade", resolve)), "the upgrade");
  }

  byUuid(uuid) {
    this.socket.emit("subscribe-to-notifications", { uuid });
    return this.internal.next();
  }

  byCookies() {
    this.socket.emit("subscribe-to-notifications-by-cookies");
    return this.internal.next();
  }
}

// Resolves when the gateway has handled everything that the client sent before.
export function dealtWith(client) {
  const socket = client.socket.io.socket("/no-such-namespace");
  return soon(new Promise((resolve) => socket.once("connect_error", resolve)), "the refusal");
}

export class Site {
  #clients = [];
  #users = 0;

  // Call it once in a file: its tests share the site, each with users and clients of its own.
  static forThisFile(options) {
    const site = new Site();
    before(() => site.#start(options));
    afterEach(() => site.closeClients());
    after(() => site.#stop());
    return site;
  }

  async #start({ gateway = [], nginx = false, webApp = WebApp } = {}) {
    this.redisServer = await Redis.start();
    this.redis = await RedisClient.connect(this.redisServer);
    this.webApp = await webApp.start();
    this.gateway = await Gateway.start(
      this.redisServer, "--subscribe-by-cookies-url", this.webApp.url, ...gateway);
    if (nginx) this.nginx = await Nginx.start(this.gateway, { webApp: this.webApp.port });
  }

  // The address of the gateway, "direct" or by "nginx".
  url(route = "direct") {
    return route === "nginx" ? this.nginx.url : this.gateway.url;
  }

  // Returns a user id that no other test uses.
  newUser() {
    return `user-${++this.#users}`;
  }

  // Logs a new session of this user in. Returns its cookies.
  logIn(user) {
    const cookie = `sessionid=session-of-${user}`;
    this.webApp.users.set(cookie, user);
    return cookie;
  }

  // A client that connects; closeClients() ends it.
  client(options = {}, url = this.gateway.url) {
    const client = new Client(url, options);
    this.#clients.push(client);
    return client;
  }

  connect(options, url) {
    return soon(this.client(options, url).connected, "the connection");
  }

  // A client that is subscribed as this user.
  async follow(user, options = {}, url = this.gateway.url) {
    const client = await this.connect({ ...options, auth: { uuid: await this.redis.mint(user) } }, url);
    const { code } = await client.internal.next();
    if (code !== "SUBSCRIPTION_OK") throw new Error(`not subscribed: ${code}`);
    return client;
  }

  // Publishes a message to a client's user and waits for it: then everything that was published to that user
  // before has arrived.
  async flush(client, user) {
    const mark = `mark-${Math.random()}`;
    await this.redis.publish(user, mark);
    const texts = [];
    for (let text; (text = await client.notifications.next()) !== mark; ) texts.push(text);
    return texts;
  }

  closeClients() {
    for (const client of this.#clients.splice(0)) client.socket.disconnect();
  }

  async #stop() {
    this.closeClients();
    await this.nginx?.stop();
    try {
      await this.gateway?.stop();
    } finally {
      await this.webApp?.stop();
      this.redis?.close();
      await this.redisServer?.stop();
    }
  }
}
