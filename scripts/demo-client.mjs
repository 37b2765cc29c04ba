// SPDX-License-Identifier: MIT
//
// Stands for a browser in scripts/demo: npm's unmodified socket.io-client. Reads a uuidCookie from
// stdin, subscribes with it, and prints each notification.
//
//   notify-token --user 12345 | node scripts/demo-client.mjs http://127.0.0.1:3333
import { readFileSync } from "node:fs";
import { io } from "socket.io-client";

const uuid = readFileSync(0, "utf8").trim();
const socket = io(new URL("/io/user/notifications", process.argv[2]).href);

socket.on("connect", () => socket.emit("subscribe-to-notifications", { uuid }));
socket.on("internal", ({ type, code, message }) => {
  console.error(`${type}: ${code}: ${message}`);
  if (type === "error") process.exit(1);
});
socket.on("notification", ({ message }) => console.log(message));
socket.on("connect_error", (e) => console.error(`cannot connect: ${e.message}; trying again`));
process.on("SIGTERM", () => {
  socket.disconnect();
  process.exit(0);
});
