// SPDX-License-Identifier: MIT
//
// WebSockets as no browser would speak them (RFC 6455), and how they end.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawWebSocket } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--max-payload", 100_000] });
const path = "/socket.io/?EIO=4&transport=websocket";

// A session that has joined the namespace.
async function join() {
  const ws = await RawWebSocket.open(site.url() + path);
  assert.match(await ws.text(), /^0\{"sid":"[\w-]{20}","upgrades":\[\]/);
  ws.send(`40${namespace},`);
  assert.match(await ws.text(), /^40\/io\/user\/notifications,\{"sid":/);
  return ws;
}

const ask = `42${namespace},["subscribe-to-notifications",{"uuid":"unknown"}]`;

describe("ends with 1002:", () => {
  const wrong = {
    "a frame that is not masked": (ws) => ws.frame(1, "3", { masked: false }),
    "an unknown opcode": (ws) => ws.frame(3, "x"),
    "an unknown control opcode": (ws) => ws.frame(11, "x"),
    "a reserved bit": (ws) => ws.frame(1, "3", { rsv: 0x40 }),
    "a fragmented ping": (ws) => ws.frame(9, "x", { fin: false }),
    "a ping of 126 bytes": (ws) => ws.frame(9, "x".repeat(126)),
    "a continuation of nothing": (ws) => ws.frame(0, "x"),
    "a new message within another": (ws) => {
      ws.frame(1, "4", { fin: false });
      ws.frame(1, "4");
    },
  };
  for (const [what, send] of Object.entries(wrong))
    test(what, async () => {
      const ws = await join();
      send(ws);
      assert.equal(await ws.closeCode(), 1002);
      await ws.ended();
    });
});

test("ends with 1007: text that is not UTF-8", async () => {
  const ws = await join();
  ws.frame(1, Buffer.from([0x34, 0xff, 0xfe]));
  assert.equal(await ws.closeCode(), 1007);
});

test("ends with 1009: a message over maxPayload, in one frame or in many", async () => {
  const one = await join();
  one.frame(1, "4" + "x".repeat(100_000));
  assert.equal(await one.closeCode(), 1009);
  const many = await join();
  many.frame(1, "4", { fin: false });
  for (let i = 0; i < 11; ++i) many.frame(0, "x".repeat(10_000), { fin: false });
  assert.equal(await many.closeCode(), 1009);
});

test("a fragmented message is one message, with a ping between its parts", async () => {
  const ws = await join();
  ws.frame(1, ask.slice(0, 5), { fin: false });
  ws.frame(9, "are you there?");
  ws.frame(0, "", { fin: false });
  ws.frame(0, ask.slice(5, 30), { fin: false });
  ws.frame(0, ask.slice(30));
  const { opcode, payload } = await ws.frames.next();
  assert.deepEqual([opcode, payload.toString()], [10, "are you there?"]);
  assert.match(await ws.text(), /USERID_IS_NULL/);
  ws.end();
});

test("frames cut anywhere arrive all the same", async () => {
  const ws = await join();
  const write = ws.socket.write.bind(ws.socket);
  ws.socket.setNoDelay(true);
  let bytes = [];
  ws.socket.write = (data) => (bytes = data);
  for (let i = 0; i < 3; ++i) {
    ws.send(ask);
    for (const byte of bytes) {
      write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    assert.match(await ws.text(), /USERID_IS_NULL/);
  }
  ws.end();
});

test("a close is answered with its code", async () => {
  const ws = await join();
  ws.frame(8, Buffer.from([0x03, 0xe8]));
  assert.equal(await ws.closeCode(), 1000);
  await ws.ended();
});

test("a pong that nobody asked for, and an empty ping, are nothing special", async () => {
  const ws = await join();
  ws.frame(10, "x");
  ws.frame(9);
  assert.equal((await ws.frames.next()).opcode, 10);
  ws.send(ask);
  assert.match(await ws.text(), /USERID_IS_NULL/);
  ws.end();
});

describe("the session ends with", () => {
  const packets = ["", "9", "2", "2probe", "4", "4x", "42", `42${namespace},`, `42${namespace},[]`, `42${namespace},{}`,
    `42${namespace},["connect"]`, "42/other,[\"x\"]", "40/other2\u0000", "4[", "1",
    `40${namespace},`];
  for (const packet of packets)
    test(JSON.stringify(packet), async () => {
      const ws = await join();
      ws.send(packet);
      if (packet.startsWith("40/other2")) {
        assert.match(await ws.text(), /^44\/other2.*Invalid namespace/);
        return ws.end();
      }
      await ws.ended();
    });
});

test("the session ends with text where a binary attachment was promised", async () => {
  const ws = await join();
  ws.send(`451-${namespace},["x",{"_placeholder":true,"num":0}]`);
  ws.send(ask);
  await ws.ended();
});

test("an unknown namespace is refused, and the connection stays", async () => {
  const ws = await join();
  ws.send("40/nowhere,");
  assert.equal(await ws.text(), '44/nowhere,{"message":"Invalid namespace"}');
  ws.send(ask);
  assert.match(await ws.text(), /USERID_IS_NULL/);
  ws.end();
});

test("a handshake that is none gets an answer in HTTP", async () => {
  for (const headers of [{ "Sec-WebSocket-Version": 12 }, { "Sec-WebSocket-Version": "" }]) {
    const ws = await RawWebSocket.open(site.url() + path, headers);
    assert.ok(ws.status >= 400 && ws.status < 500, `${ws.status}`);
    ws.end();
  }
});
