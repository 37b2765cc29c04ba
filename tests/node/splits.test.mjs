// SPDX-License-Identifier: MIT
//
// What clients and the web app say, split at every byte: TCP keeps the order of bytes and nothing
// else, so where a piece ends must mean nothing.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { after, describe, test } from "node:test";
import { ping, text } from "./conformance/support/web_socket.mjs";
import { Wire, inTime } from "./strangers/support/wire.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { RawWebApp, loggedIn } from "./support/raw_web_app.mjs";
import { Site, namespace as ns } from "./support/site.mjs";
import { sameAtEachByte, writeSplit } from "./support/splits.mjs";

const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--threads", 1] });
const v3Path = enginePath.replace("EIO=4", "EIO=3");
const buffers = (...all) => Buffer.concat(all.map((part) => Buffer.from(part)));
const uuid = "0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11"; // as long as those that are minted

// The gateway has one thread, which serves who is ready in turn: when it has answered twice, it has
// accepted what came before, and read what was sent before.
const agent = new Agent({ keepAlive: true });
async function turn() {
  for (let i = 0; i < 2; ++i) await request(`${site.url()}/healthz`, { agent });
}
after(() => agent.destroy());

const head = (line, ...lines) => [`${line} HTTP/1.1`, "Host: x", ...lines, "", ""].join("\r\n");
const handshake = (target) =>
  head(`GET ${target}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
// An event that asks with this uuid; its length takes more than one byte in a frame's head.
const subscribe = (uuid) => `42${ns},["subscribe-to-notifications",{"uuid":"${uuid}","x":"${"é🎉".repeat(10)}"}]`;

// Ids are of each session's own; by what it could come back, and where it stands, too.
const withoutIds = (text) => text
  .replace(/(sid\\?":\\?")[\w-]{20}/g, "$1…")
  .replace(/,"pid":"[^"]+"/g, "")
  .replace(/"\d+-\d+-\d+"/g, '"…"');

// Writes these bytes on a connection of their own, split at `at`; returns all that came once the last
// part of it has.
async function say(bytes, at, last) {
  const wire = new Wire(site.url());
  await wire.connected;
  await writeSplit(wire.socket, bytes, at, turn);
  await wire.until(last);
  wire.socket.destroy();
  return withoutIds(wire.text);
}

// The same, of bytes whose end shows in the count of the answers.
async function ask(bytes, at, count) {
  const wire = new Wire(site.url());
  await wire.connected;
  await writeSplit(wire.socket, bytes, at, turn);
  const answers = await wire.answers(count);
  assert.equal(wire.closed, false);
  wire.socket.destroy();
  return answers.map(({ status, headers, body }) => ({ status, headers, body: withoutIds(body) }));
}

describe("split at every byte,", () => {
  test("a WebSocket's handshake and the frames that follow at once", async () => {
    const make = (uuid) =>
      buffers(handshake(`${enginePath}websocket`), text(`40${ns},`), ping("x"), text(subscribe(uuid)));
    const unsplit = await sameAtEachByte(make(uuid).length, async (at) =>
      say(make(await site.redis.mint("split-user")), at, "SUBSCRIPTION_OK"));
    assert.match(unsplit, /^HTTP\/1\.1 101 [^]*0\{"sid":"…"[^]*40\/io[^]*\x8a\x01x[^]*SUBSCRIPTION_OK/);
  });

  test("the same of an old client, with its uuid in the CONNECT", async () => {
    const make = (uuid) => buffers(handshake(`${v3Path}websocket`), text("2x"), text(`40${ns}?uuid=${uuid},`));
    const unsplit = await sameAtEachByte(make(uuid).length, async (at) =>
      say(make(await site.redis.mint("split-user")), at, "SUBSCRIPTION_OK"));
    assert.match(unsplit, /^HTTP\/1\.1 101 [^]*0\{"sid":"…"[^]*3x[^]*40\/io[^]*SUBSCRIPTION_OK/);
  });

  test("an upgrade, from its handshake to the first event", async () => {
    const make = (sid, uuid) =>
      buffers(handshake(`${enginePath}websocket&sid=${sid}`), text("2probe"), text("5"), text(subscribe(uuid)));
    const unsplit = await sameAtEachByte(make("s".repeat(20), uuid).length, async (at) => {
      const polling = await Polling.open(site.url());
      await polling.post(`40${ns},`);
      return say(make(polling.sid, await site.redis.mint("split-user")), at, "SUBSCRIPTION_OK");
    });
    assert.match(unsplit, /^HTTP\/1\.1 101 [^]*3probe[^]*40\/io[^]*SUBSCRIPTION_OK/);
  });

  test("a polling handshake", async () => {
    const bytes = Buffer.from(head(`GET ${enginePath}polling`, "Cookie: a=b; c=d"));
    const [unsplit] = await sameAtEachByte(bytes.length, (at) => ask(bytes, at, 1));
    assert.match(unsplit.body, /^0\{"sid":"…","upgrades"/);
  });

  const target = (sid) => `${enginePath}polling&sid=${sid}`;
  const body = (uuid) => buffers(`42${ns},["x","é🎉"]\x1e${subscribe(uuid)}`);
  const chunk = (data, more = "") => buffers(`${data.length.toString(16)}${more}\r\n`, data, "\r\n");
  const posts = {
    "a length": (sid, uuid) =>
      buffers(head(`POST ${target(sid)}`, `Content-Length: ${body(uuid).length}`), body(uuid)),
    "chunks, an extension and a trailer": (sid, uuid) =>
      buffers(head(`POST ${target(sid)}`, "Transfer-Encoding: chunked"), chunk(body(uuid).subarray(0, 40)),
        chunk(body(uuid).subarray(40), ';a="b"'), "0\r\nX: y\r\n\r\n"),
  };
  for (const [kind, make] of Object.entries(posts))
    test(`a POST with ${kind}`, async () => {
      const [unsplit, packets] = await sameAtEachByte(make("s".repeat(20), uuid).length, async (at) => {
        const polling = await Polling.open(site.url());
        await polling.post(`40${ns},`);
        await polling.packets();
        const [answer] = await ask(make(polling.sid, await site.redis.mint("split-user")), at, 1);
        return [answer, await polling.packets()];
      });
      assert.deepEqual([unsplit.status, unsplit.body], [200, "ok"]);
      assert.match(packets.join(), /^42\/io[^,]*,\["internal",\{[^}]*SUBSCRIPTION_OK[^}]*\}\]$/);
    });

  test("two requests of one connection", async () => {
    const length = `Content-Length: ${ns.length + 3}`;
    const make = (sid) => buffers(head(`POST ${target(sid)}`, length), `40${ns},`, head(`GET ${target(sid)}`));
    const [first, second] = await sameAtEachByte(make("s".repeat(20)).length, async (at) =>
      ask(make((await Polling.open(site.url())).sid), at, 2));
    assert.deepEqual([first.status, first.body], [200, "ok"]);
    assert.equal(second.body, `40${ns},{"sid":"…"}`);
  });

  // Each client is a user of its own, named by where the answer is split.
  const answers = {
    "a length": (cookie) => loggedIn(cookie),
    "chunks": (cookie) => {
      const json = loggedIn(cookie).split("\r\n\r\n")[1];
      const chunks = [json.slice(0, 5), json.slice(5)].map((part) => `${part.length.toString(16)};a=b\r\n${part}\r\n`);
      return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\nX: y\r\n\r\n`;
    },
    "another before it": (cookie) => `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${loggedIn(cookie)}`,
  };
  for (const [kind, make] of Object.entries(answers))
    test(`a web app's answer with ${kind}`, async () => {
      const cookieAt = (at) => `user=u-${String(at).padStart(4, "0")}`;
      const clients = [];
      site.webApp.behave = (socket, _, cookie) =>
        writeSplit(socket, Buffer.from(make(cookie)), Number(cookie.slice(-4)), turn);
      const unsplit = await sameAtEachByte(make(cookieAt(0)).length, async (at) => {
        const ws = await RawWebSocket.open(`${site.url()}${enginePath}websocket`, { Cookie: cookieAt(at) });
        clients.push([ws, cookieAt(at).slice(5)]);
        ws.send(`40${ns},{"cookies":true}`);
        const packets = [];
        while (!/internal/.test(packets.at(-1))) packets.push(withoutIds(await inTime(ws.text(), "an answer")));
        return packets;
      });
      assert.match(unsplit.at(-1), /SUBSCRIPTION_OK/);
      await Promise.all(clients.map(async ([ws, user]) => {
        await site.redis.publish(user, `for ${user}`);
        assert.match(await inTime(ws.text(), "the message"), new RegExp(`"message":"for ${user}"`));
        ws.end();
      }));
    });
});
