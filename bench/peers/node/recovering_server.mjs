#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Socket.IO's own server with its own means against loss: connection state recovery, over its Redis Streams adapter.
// What is to be compared is how it recovers, so a client says who it is, and is believed.
//
//   recovering_server.mjs --redis=redis://127.0.0.1:6379 --port=3000
//
// A publisher writes to the stream as another server would: XADD socket.io * uid … nsp … type 3 data {…}.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";

const { values: options } = parseArgs({ options: { redis: { type: "string" }, port: { type: "string" } } });

const redis = new Redis(options.redis.replace(/^unix:\/\//, ""), { maxRetriesPerRequest: null });
redis.on("error", (e) => console.error(`Redis: ${e.message}`));

const http = createServer();
const io = new Server(http, {
  serveClient: false,
  perMessageDeflate: false,
  // The stream is as long as all that is sent in a run, so that nothing is missing because of its length.
  adapter: createAdapter(redis, { maxLen: 1_000_000 }),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});

io.of("/io/user/notifications").on("connection", (socket) => {
  const user = socket.handshake.auth.user ?? socket.handshake.auth.uuid;
  if (!socket.recovered) socket.join(`/app/user/${user}/notifications`);
  socket.emit("internal", { type: "success", code: "SUBSCRIPTION_OK", message: "subscribed" });
});

process.on("unhandledRejection", (e) => console.error(`not handled: ${e?.message}`));

http.listen(Number(options.port), "127.0.0.1", () =>
  console.log(`recovering_server listens on http://127.0.0.1:${http.address().port}`),
);
