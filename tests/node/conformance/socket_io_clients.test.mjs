// SPDX-License-Identifier: MIT
//
// Unmodified socket.io-clients of 4.x, 3.x and 2.x against a namespace that sends back what it gets,
// each way of connecting.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { io as io4 } from "socket.io-client";
import io2 from "socket.io-client-2";
import io3 from "socket.io-client-3";
import { Mailbox, soon } from "../support/await.mjs";
import { EchoServer } from "./support/echo_server.mjs";

const server = EchoServer.forThisFile();
const libraries = { "4.x": io4, "3.x": io3, "2.x": io2 };
const wires = {
  "WebSocket only": { transports: ["websocket"] },
  "polling only": { transports: ["polling"] },
  "polling, then an upgrade": { transports: ["polling", "websocket"] },
};
// Of 2.x alone: what browsers without binary data asked for. It is JSONP only where there is a page.
const base64 = Object.fromEntries(
  Object.entries(wires).map(([name, options]) => [`${name}, in base64`, { ...options, forceBase64: true }]));

const sockets = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

const origin = () => new URL(server.socketIo).origin;

// A socket and, in mailboxes, what arrives on it.
function follow(socket) {
  sockets.push(socket);
  const client = { socket, auth: new Mailbox("auth"), back: new Mailbox("a message back"), ends: new Mailbox("the end") };
  socket.on("auth", (auth) => client.auth.put(auth));
  socket.on("message-back", (...args) => client.back.put(args.map(withBuffers)));
  socket.on("disconnect", (reason) => client.ends.put(reason));
  client.connected = new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(client));
    socket.once("connect_error", reject);
    socket.once("error", reject); // how 2.x says it of a namespace
  });
  client.connected.catch(() => {});
  return client;
}

const begin = (library, ns, options) => follow(library(origin() + ns, { forceNew: true, reconnection: false, ...options }));

async function connect(library, ns, options) {
  return soon(begin(library, ns, options).connected, "the connection");
}

// Binary comes as one type or another, as the wire has it.
function withBuffers(value) {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(withBuffers);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBuffers(item)]));
}

const acknowledgement = ({ socket }, ...args) =>
  soon(new Promise((resolve) => socket.emit("message-with-ack", ...args, (...got) => resolve(got.map(withBuffers)))));

async function upgraded({ socket }) {
  const { engine } = socket.io;
  if (engine.transport.name === "websocket") return;
  await soon(new Promise((resolve) => engine.once("upgrade", resolve)), "the upgrade");
}

const messages = {
  "no arguments": [],
  "every kind of JSON": [1, "2", { 3: [true, false, null] }, [], {}],
  "text of other scripts": ["€ naïve 中文 🎉🎉 \u{10ffff} \u2028\u0000"],
  "a long text": ["é🎉".repeat(50_000)],
  "one binary": [Buffer.from([1, 2, 3])],
  "several binaries": [Buffer.from([1]), { b: [Buffer.from([2, 2])] }, "c", Buffer.from([3])],
  "an empty binary": [Buffer.alloc(0), Buffer.from([1])],
  "a long binary": [Buffer.alloc(300_000, "ab")],
};

for (const [version, library] of Object.entries(libraries))
  for (const [wire, options] of Object.entries({ ...wires, ...(library === io2 ? base64 : {}) }))
    describe(`${version}, ${wire}:`, () => {
      for (const ns of ["/", "/custom"])
        for (const [what, args] of Object.entries(messages))
          test(`${ns}, ${what}`, async () => {
            const client = await connect(library, ns, options);
            if (options.transports.length > 1) await upgraded(client);
            assert.equal(client.socket.io.engine.transport.name, options.transports.at(-1));
            client.socket.emit("message", ...args);
            assert.deepEqual(await client.back.next(), args);
            assert.deepEqual(await acknowledgement(client, ...args), args);
            assert.deepEqual(client.ends.all, []);
          });

      test("what it says of itself arrives", async () => {
        const client =
          library === io2
            ? await connect(library, "/custom?token=123&text=%C3%A9", options)
            : await connect(library, "/custom", { ...options, auth: { token: "123", text: "é" } });
        assert.deepEqual(await client.auth.next(), { token: "123", text: "é" });
      });

      test("messages from the first moment on, in order, binary or not", async () => {
        const client = begin(library, "/", options);
        const all = Array.from({ length: 200 }, (_, i) => (i % 4 ? [i] : [i, Buffer.from([i])]));
        for (const args of all) client.socket.emit("message", ...args);
        assert.deepEqual(await client.back.take(all.length), all);
        if (options.transports.length > 1) await upgraded(client);
        for (const args of all) client.socket.emit("message", ...args);
        assert.deepEqual(await client.back.take(all.length), all);
        assert.deepEqual(client.ends.all, []);
      });

      test("two namespaces on one connection, of which one is left", async () => {
        const main = await connect(library, "/", options);
        const custom = follow(main.socket.io.socket("/custom"));
        await soon(custom.connected, "the second namespace");
        main.socket.emit("message", "main");
        custom.socket.emit("message", "custom");
        assert.deepEqual([await main.back.next(), await custom.back.next()], [["main"], ["custom"]]);
        custom.socket.disconnect();
        assert.equal(await custom.ends.next(), "io client disconnect");
        assert.deepEqual(await acknowledgement(main, "alone"), ["alone"]);
        assert.deepEqual(main.ends.all, []);
      });

      test("a namespace that there is not is refused, and the connection stays", async () => {
        const main = await connect(library, "/", options);
        const nowhere = follow(main.socket.io.socket("/nowhere"));
        await assert.rejects(soon(nowhere.connected), (why) => (why.message ?? why) === "Invalid namespace");
        assert.deepEqual(await acknowledgement(main, "still here"), ["still here"]);
      });
    });
