// SPDX-License-Identifier: MIT
//
// WebSocket handshakes as no browser would send them (RFC 6455 section 4.2), and what they ask for.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { x } from "./support/bytes.mjs";
import { Town } from "./support/town.mjs";

const town = Town.forThisFile();
const engine = "/socket.io/?EIO=4&transport=websocket";
const key = "dGhlIHNhbXBsZSBub25jZQ==";

// The head of a handshake; changed by {header: value}, or several values, or null for none.
function handshake(changes = {}, { method = "GET", target = engine, version = "1.1" } = {}) {
  const right = { Host: new URL(town.url).host, Connection: "Upgrade", Upgrade: "websocket" };
  const headers = { ...right, "Sec-WebSocket-Version": 13, "Sec-WebSocket-Key": key, ...changes };
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    values === null ? [] : [values].flat().map((value) => `${name}: ${value}\r\n`));
  return `${method} ${target} HTTP/${version}\r\n${lines.join("")}\r\n`;
}

// [name, changes to the headers, status, code of the JSON, changes to the first line, subprotocol]
function answers(cases) {
  for (const [name, changes, status, code, first, picked] of cases)
    town.case(`${name}: ${status}${code === undefined ? "" : `, code ${code}`}`, async () => {
      const wire = town.wire();
      wire.send(handshake(typeof changes === "function" ? changes() : changes, first));
      const answer = await wire.answer();
      assert.equal(answer.status, status, wire.text);
      if (code !== undefined) assert.equal(JSON.parse(answer.body).code, code);
      if (status === 426) assert.equal(answer.headers["sec-websocket-version"], "13");
      if (status !== 101) return assert.doesNotMatch(answer.wire, /sec-websocket-accept/i);
      assert.match(answer.wire, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=(\r\n|$)/i);
      assert.doesNotMatch(answer.wire, /sec-websocket-extensions/i);
      assert.equal(answer.headers["sec-websocket-protocol"], picked);
      await wire.until('0{"sid"');
    });
}

describe("a key", () => {
  const bad = (value) => ({ "Sec-WebSocket-Key": value });
  answers([
    ["that is missing", bad(null), 400],
    ["of five kilobytes", bad("a".repeat(5000)), 400],
    ["that is empty", bad(""), 400],
    ["of 15 bytes", bad(Buffer.alloc(15).toString("base64")), 400],
    ["of 17 bytes", bad(Buffer.alloc(17).toString("base64")), 400],
    ["without its padding", bad(key.slice(0, -2)), 400],
    ["of no base64", bad("!".repeat(22) + "=="), 400],
    ["with a blank within", bad("dGhlIHNhbXBs ZSBub25jZ=="), 400],
    ["that is there twice", bad([key, key]), 400],
  ]);
});

describe("a version", () => {
  const bad = (value) => ({ "Sec-WebSocket-Version": value });
  answers([
    ["that is missing", bad(null), 400],
    ["that is empty", bad(""), 426],
    ["of 0", bad("0"), 426],
    ["of 7", bad("7"), 426],
    ["of 8", bad("8"), 426],
    ["of 12", bad("12"), 426],
    ["of 14", bad("14"), 426],
    ["of 130", bad("130"), 426],
    ["of 255", bad("255"), 426],
    ["with a sign", bad("+13"), 426],
    ["with a zero before", bad("013"), 426],
    ["in hexadecimal", bad("0xd"), 426],
    ["that is a word", bad("thirteen"), 426],
    ["that is a list", bad("13, 8"), 426],
    ["of 30 digits", bad("1".repeat(30)), 426],
    ["that is there twice", bad(["13", "13"]), 400],
    ["of another and of ours", bad(["8", "13"]), 400],
  ]);
});

describe("a body", () => {
  answers([
    ["that was announced", { "Content-Length": 5 }, 400],
    ["in chunks", { "Transfer-Encoding": "chunked" }, 400],
    ["of no bytes is none", { "Content-Length": 0 }, 101],
  ]);
});

describe("what is no upgrade gets the answer of a plain request:", () => {
  answers([
    ["no Upgrade", { Upgrade: null }, 400, 3],
    ["an empty Upgrade", { Upgrade: "" }, 400, 3],
    ["Upgrade to something else", { Upgrade: "h2c" }, 400, 3],
    ["Upgrade to something like it", { Upgrade: "websockets" }, 400, 3],
    ["no Connection", { Connection: null }, 400, 3],
    ["Connection: keep-alive", { Connection: "keep-alive" }, 400, 3],
    ["Connection: upgrades", { Connection: "upgrades" }, 400, 3],
    ["HTTP/1.0", {}, 400, 3, { version: "1.0" }],
    ["POST", {}, 400, 2, { method: "POST" }],
    ["PUT", {}, 400, 2, { method: "PUT" }],
    ["a path that is nowhere", {}, 404, undefined, { target: "/nowhere" }],
    ["a path that is no WebSocket", {}, 200, undefined, { target: "/healthz" }],
    ["the browser's script", {}, 200, undefined, { target: "/socket.io/socket.io.min.js" }],
  ]);
});

describe("an upgrade asks for", () => {
  const at = (query) => ({ target: `/socket.io/?${query}` });
  answers([
    ["nothing", {}, 400, 0, at("")],
    ["polling", {}, 400, 3, at("EIO=4&transport=polling")],
    ["another transport", {}, 400, 0, at("EIO=4&transport=webtransport")],
    ["no protocol", {}, 400, 5, at("transport=websocket")],
    ["protocol 5", {}, 400, 5, at("EIO=5&transport=websocket")],
    ["a session that is unknown", {}, 400, 1, at("EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA")],
    ["a session that is nonsense", {}, 400, 1, at("EIO=4&transport=websocket&sid=%00")],
  ]);
});

describe("an upgrade comes from", () => {
  answers([
    ["another site", { Origin: "https://evil.example" }, 403, 4],
    ["a site named after ours", () => ({ Origin: `${town.url}.evil.example` }), 403, 4],
    ["a site with our name as a user", () => ({ Origin: `http://127.0.0.1@evil.example` }), 403, 4],
    ["a site with our name as a password", { Origin: "http://x:127.0.0.1@evil.example" }, 403, 4],
    ["a page of a sandbox", { Origin: "null" }, 403, 4],
    ["a file", { Origin: "file://" }, 403, 4],
    ["a script", { Origin: "javascript:alert(1)" }, 403, 4],
    ["our site, and another", () => ({ Origin: `${town.url}, https://evil.example` }), 403, 4],
    ["our site, and another in a second header", () => ({ Origin: [town.url, "https://evil.example"] }), 403, 4],
    ["our site twice", () => ({ Origin: [town.url, town.url] }), 403, 4],
    ["a site that two proxies speak for", { Origin: "https://a.example", "X-Forwarded-Host": ["a.example", "b.example"] }, 403, 4],
    ["our site with a path", () => ({ Origin: `${town.url}/path` }), 403, 4],
    ["five kilobytes of origin", { Origin: `https://${x(5000)}` }, 403, 4],
    ["nothing but brackets", { Origin: "http://[" }, 403, 4],
    ["our site", () => ({ Origin: town.url }), 101],
    ["another site that claims to be Host", { Host: "evil.example", Origin: "https://good.example" }, 403, 4],
  ]);
});

describe("an upgrade offers", () => {
  const extension = (value) => ({ "Sec-WebSocket-Extensions": value });
  const protocol = (value) => ({ "Sec-WebSocket-Protocol": value });
  const picks = (name) => [undefined, undefined, name];
  answers([
    ["compression, which is declined", extension("permessage-deflate"), 101],
    ["compression with odd windows", extension("permessage-deflate; client_max_window_bits=99"), 101],
    ["compression a thousand times", extension(Array(300).fill("permessage-deflate").join(", ")), 101],
    ["an extension that nobody knows", extension("x-nothing; a=b; c=\"d\""), 101],
    ["an extension of five kilobytes", extension(x(5000)), 101],
    ["an extension of seventeen kilobytes", extension(x(17_000)), 431],
    ["a protocol that nobody knows", protocol("chat"), 101, ...picks("chat")],
    ["two protocols", protocol("chat.v2, chat.v1"), 101, ...picks("chat.v2")],
    ["protocols in two headers", protocol(["chat.v2", "chat.v1"]), 101, ...picks("chat.v2")],
    ["a protocol that is no token", protocol("chat;v=2"), 400],
    ["a good protocol and one that is none", protocol(["chat", "a b"]), 400],
    ["an empty list of protocols", protocol(""), 400],
    ["two thousand protocols", protocol(Array.from({ length: 2000 }, (_, i) => `p${i % 9}`).join(",")), 101, ...picks("p0")],
    ["two thousand headers of protocols", protocol(Array(2000).fill("p")), 431],
    ["ten thousand protocols", protocol(Array.from({ length: 10_000 }, (_, i) => `p${i}`).join(",")), 431],
    ["Upgrade in capitals and a list", { Upgrade: "h2c, WebSocket", Connection: "keep-alive, UPGRADE" }, 101],
    ["Upgrade twice", { Upgrade: ["websocket", "websocket"] }, 101],
  ]);
});

describe("what follows a handshake at once", () => {
  const frames = [
    ["is read: a CONNECT", "\x81\x9b\0\0\0\x0040/io/user/notifications,{}", "40/io/user/notifications,"],
    ["is refused if it is no frame", "GET / HTTP/1.1\r\n\r\n", "\x03\xeatransport_error"],
    ["is refused if it is not masked", "\x81\x0140", "\x03\xeatransport_error"],
  ];
  for (const [name, bytes, expected] of frames)
    town.case(name, async () => {
      const wire = town.wire();
      wire.send(handshake() + bytes);
      await wire.until(expected);
    });

  town.case("is not read before the answer: requests before it are answered first", async () => {
    const wire = town.wire();
    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + handshake());
    assert.deepEqual((await wire.answers(2)).map((a) => a.status), [200, 101]);
  });
});

town.leavesNothing();
