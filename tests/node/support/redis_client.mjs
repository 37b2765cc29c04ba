// SPDX-License-Identifier: MIT
//
// A small Redis client without dependencies (RESP 2, pipelined). It shows that any publisher will do.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { root } from "./processes.mjs";

export const sendScript = readFileSync(join(root, "core/redis/lua/send.lua"), "utf8");

// Reads the reply at offset `at`. Returns [reply, next offset], or null if it is not complete.
function read(buffer, at) {
  const end = buffer.indexOf("\r\n", at);
  if (end < 0) return null;
  const line = buffer.toString("utf8", at + 1, end);
  const rest = end + 2;
  switch (String.fromCharCode(buffer[at])) {
    case "+":
      return [line, rest];
    case "-":
      return [new Error(line), rest];
    case ":":
      return [Number(line), rest];
    case "$": {
      const size = Number(line);
      if (size < 0) return [null, rest];
      return buffer.length < rest + size + 2 ? null : [buffer.toString("utf8", rest, rest + size), rest + size + 2];
    }
    case "*": {
      const items = [];
      let next = rest;
      for (let i = 0; i < Number(line); ++i) {
        const item = read(buffer, next);
        if (!item) return null;
        items.push(item[0]);
        next = item[1];
      }
      return [items, next];
    }
    default:
      throw new Error(`not a RESP reply: ${line}`);
  }
}

export class RedisClient {
  #pending = [];
  #buffer = Buffer.alloc(0);

  static async connect(redis) {
    const client = new RedisClient();
    client.socket = connect(redis.port, "127.0.0.1");
    client.socket.on("data", (data) => client.#take(data));
    client.socket.on("error", () => {});
    client.socket.on("close", () => client.#pending.splice(0).forEach((p) => p.reject(new Error("Redis went"))));
    await new Promise((resolve, reject) => {
      client.socket.once("connect", resolve);
      client.socket.once("error", reject);
    });
    return client;
  }

  #take(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    let at = 0;
    for (let reply; (reply = read(this.#buffer, at)); at = reply[1]) {
      const { resolve, reject } = this.#pending.shift();
      reply[0] instanceof Error ? reject(reply[0]) : resolve(reply[0]);
    }
    this.#buffer = this.#buffer.subarray(at);
  }

  command(...args) {
    const parts = args.map((a) => Buffer.from(String(a)));
    const head = [Buffer.from(`*${parts.length}\r\n`)];
    for (const part of parts) head.push(Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n"));
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error("Redis went"));
      this.#pending.push({ resolve, reject });
      this.socket.write(Buffer.concat(head));
    });
  }

  publish(user, text) {
    return this.command("PUBLISH", channelOf(user), text);
  }

  // Stores a notification as notify-send does. fields: a text, or the object's members.
  async store(user, fields, ...options) {
    const object = typeof fields === "string" ? { message: fields } : fields;
    const [id, receivers, at] = await this.command(
      "EVAL", sendScript, 1, channelOf(user), JSON.stringify(object), ...options);
    return { id, receivers, at, position: `${id}-${at}` };
  }

  // Mints a uuidCookie as a web app does, but valid for longer, since a test machine may be slow.
  async mint(user, value = JSON.stringify({ userId: user })) {
    const uuid = randomUUID();
    await this.command("SET", `cookie-${uuid}`, value, "EX", 60, "NX");
    return uuid;
  }

  // Returns the channels that somebody is subscribed to, but for those of the gateways' canaries.
  async channels() {
    const all = await this.command("PUBSUB", "CHANNELS");
    return all.filter((name) => !name.startsWith("/app/gateway/"));
  }

  // Returns how many connections are subscribed to a channel.
  async subscribers(channel) {
    return (await this.command("PUBSUB", "NUMSUB", channel))[1];
  }

  close() {
    this.socket.destroy();
  }
}

export const channelOf = (user) => `/app/user/${user}/notifications`;
