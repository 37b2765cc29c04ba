// SPDX-License-Identifier: MIT
//
// Engine.IO 4 and 3 by hand against bare sessions: handshakes, and messages both ways in every form
// that the protocol has for them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawWebSocket, request } from "../support/raw.mjs";
import { EchoServer, calm } from "./support/echo_server.mjs";
import { Polling, address, transports, versions, writeBinary } from "./support/engine.mjs";

const server = EchoServer.forThisFile(calm);
const quick = EchoServer.forThisFile([]); // as the public suites want it
const [v4, v3] = versions;
const octets = { "Content-Type": "application/octet-stream" };

for (const version of versions)
  describe(`EIO=${version.EIO}, handshake:`, () => {
    const fields = { pingInterval: 300, pingTimeout: 200, maxPayload: 1_000_000 };
    const upgrades = { polling: ["websocket"], WebSocket: [] };
    for (const [name, Transport] of Object.entries(transports))
      test(`${name} opens a session and says what holds for it`, async () => {
        const session = await Transport.open(quick.engineIo, version);
        const { sid, ...rest } = session.handshake;
        assert.match(sid, /^[\w-]{20}$/);
        assert.deepEqual(rest, { upgrades: upgrades[name], ...fields });
        assert.equal(session.first[0], "0");
        session.end();
      });

    test("polling answers plain text, alone", async () => {
      const { opening, first } = await Polling.open(quick.engineIo, version);
      assert.equal(opening.headers["content-type"], "text/plain; charset=UTF-8");
      assert.equal(opening.body, version.write([first]));
    });

    test("each session has an id of its own", async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => Polling.open(server.engineIo, version)));
      assert.equal(new Set(all.map((session) => session.handshake.sid)).size, 20);
    });
  });

describe("a handshake is refused", () => {
  const [unknownTransport, unknownSession, badMethod, badRequest, unsupported] = [0, 1, 2, 3, 5];
  const refused = {
    "without EIO": ["transport=polling", unsupported],
    "with EIO=abc": ["EIO=abc&transport=polling", unsupported],
    "with an empty EIO": ["EIO=&transport=polling", unsupported],
    "with EIO=2": ["EIO=2&transport=polling", unsupported],
    "with EIO=5": ["EIO=5&transport=polling", unsupported],
    "with EIO=3abc": ["EIO=3abc&transport=polling", unsupported],
    "with EIO=4 twice": ["EIO=4&EIO=4&transport=polling", unsupported],
  };
  for (const { EIO } of versions)
    Object.assign(refused, {
      [`without a transport, EIO=${EIO}`]: [`EIO=${EIO}`, unknownTransport],
      [`with an unknown transport, EIO=${EIO}`]: [`EIO=${EIO}&transport=abc`, unknownTransport],
      [`with transport=websocket and no WebSocket, EIO=${EIO}`]: [`EIO=${EIO}&transport=websocket`, badRequest],
      [`with an unknown session, EIO=${EIO}`]: [`EIO=${EIO}&transport=polling&sid=abc`, unknownSession],
    });
  for (const [what, [query, code]] of Object.entries(refused))
    test(`${what}, with status 400 and code ${code}`, async () => {
      const { status, headers, body } = await request(`${server.engineIo}?${query}`);
      assert.deepEqual([status, JSON.parse(body).code], [400, code]);
      assert.equal(headers["content-type"], "application/json");
    });

  for (const version of versions)
    for (const method of ["POST", "PUT", "DELETE"])
      test(`with ${method}, EIO=${version.EIO}`, async () => {
        const { status, body } = await request(address(server.engineIo, version, "polling"), { method });
        assert.deepEqual([status, JSON.parse(body).code], [400, badMethod]);
      });

  const overWebSocket = ["transport=websocket", "EIO=abc&transport=websocket", "EIO=5&transport=websocket",
    "EIO=4", "EIO=3", "EIO=4&transport=abc", "EIO=3&transport=abc", "EIO=4&transport=polling",
    "EIO=3&transport=polling", "EIO=4&transport=websocket&sid=abc", "EIO=3&transport=websocket&sid=abc"];
  for (const query of overWebSocket)
    test(`over WebSocket, with ?${query}`, async () => {
      const ws = await RawWebSocket.open(`${server.engineIo}?${query}`);
      assert.equal(ws.status, 400);
      ws.end();
    });
});

// What every version and every transport brings back as it was.
const messages = {
  "one text": ["4hello"],
  "several texts": ["4test1", "4test2", "4test3"],
  "an empty text": ["4"],
  "text of other scripts": ["4€", "4utf-8 — naïve 中文 🎉🎉", "4\u{10ffff}\u2028\u0000"],
  "text that looks like framing": ["4b4AQID", "46:4hello", "42probe", "4b"],
  "one binary": [Buffer.from([1, 2, 3, 4])],
  "an empty binary": [Buffer.alloc(0)],
  "binary of each byte": [Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  "text and binary in turn": ["4hello", Buffer.from([1, 2, 3, 4]), "4", Buffer.from([255]), "4é"],
  "many at once": Array.from({ length: 500 }, (_, i) => (i % 3 ? `4${i}` : Buffer.from(`${i}`))),
  "long ones": [`4${"é🎉".repeat(40_000)}`, Buffer.alloc(300_000, "ab")],
};

for (const version of versions)
  for (const [name, Transport] of Object.entries(transports))
    for (const query of ["", "&b64=1"])
      describe(`EIO=${version.EIO}${query}, ${name} brings back`, () => {
        for (const [what, packets] of Object.entries(messages))
          test(what, async () => {
            const session = await Transport.open(server.engineIo, version, query);
            await session.send(...packets);
            assert.deepEqual(await session.take(packets.length), packets);
            await session.send("4the next");
            assert.equal(await session.next(), "4the next");
            session.end();
          });
      });

describe("on the wire", () => {
  const hello = [Buffer.from("4hello"), Buffer.from([1, 2, 3, 4])];
  const binaryForm = Buffer.from([0, 6, 255, ...hello[0], 1, 5, 255, 4, ...hello[1]]);
  // version, query, POST, its headers, the next GET, its type
  const bodies = {
    "4: one text": [v4, "", "4hello"],
    "4: several": [v4, "", "4test1\x1e4test2\x1e4test3"],
    "4: text and binary": [v4, "", "4hello\x1ebAQIDBA=="],
    "4: the same for a client of b64=1": [v4, "&b64=1", "4hello\x1ebAQIDBA=="],
    "3: one text": [v3, "", "6:4hello"],
    "3: several": [v3, "", "6:4test16:4test26:4test3"],
    "3: lengths are of UTF-16": [v3, "", "2:4€5:4🎉🎉3:4é!"],
    "3: text and binary for a client of b64=1": [v3, "&b64=1", "6:4hello10:b4AQIDBA=="],
    "3: base64 sent, binary received": [v3, "", "6:4hello10:b4AQIDBA==", {}, binaryForm],
    "3: binary sent and received": [v3, "", binaryForm, octets, binaryForm],
    "3: binary sent by a client of b64=1": [v3, "&b64=1", binaryForm, octets, "6:4hello10:b4AQIDBA=="],
    "3: text in the binary form": [v3, "", writeBinary(["4€", "4x"]), octets, "2:4€2:4x"],
  };
  for (const [what, [version, query, sent, headers, received = sent]] of Object.entries(bodies))
    test(`EIO=${what}`, async () => {
      const polling = await Polling.open(server.engineIo, version, query);
      const { status, headers: of, body } = await polling.postBody(sent, headers);
      assert.deepEqual([status, body, of["content-type"]], [200, "ok", "text/html"]);
      const answer = await polling.get();
      assert.equal(answer.bytes.toString("latin1"), Buffer.from(received).toString("latin1"));
      const type = Buffer.isBuffer(received) ? octets["Content-Type"] : "text/plain; charset=UTF-8";
      assert.equal(answer.headers["content-type"], type);
    });

  // query, a frame sent, the frame received; [opcode, payload]
  const frames = {
    "4: text": [v4, "", [1, "4hello"]],
    "4: binary as it is": [v4, "", [2, "\x01\x02\x03\x04"]],
    "4: base64 for a client of b64=1": [v4, "&b64=1", [1, "bAQIDBA=="]],
    "4: base64 sent, binary received": [v4, "", [1, "bAQIDBA=="], [2, "\x01\x02\x03\x04"]],
    "3: text": [v3, "", [1, "4hello"]],
    "3: binary after its type": [v3, "", [2, "\x04\x01\x02\x03\x04"]],
    "3: base64 for a client of b64=1": [v3, "&b64=1", [1, "b4AQIDBA=="]],
    "3: base64 sent, binary received": [v3, "", [1, "b4AQIDBA=="], [2, "\x04\x01\x02\x03\x04"]],
  };
  for (const [what, [version, query, sent, received = sent]] of Object.entries(frames))
    test(`WebSocket, EIO=${what}`, async () => {
      const ws = await RawWebSocket.open(address(server.engineIo, version, "websocket", query));
      assert.match(await ws.text(), /^0\{/);
      ws.frame(...sent);
      const { opcode, payload } = await ws.frames.next();
      assert.deepEqual([opcode, payload.toString("latin1")], received);
      ws.end();
    });
});

describe("ends the session:", () => {
  const bodies = {
    4: ["", "abc", "7", "9hello", "bA", "b!!!!", "4a\x1e", "\x1e4a", "4a\x1e\x1e4b", "4a\x1eabc"],
    3: ["", "abc", "4hello", "0:", "2:9x", ":4x", "a:4x", "-2:4x", "99:4x", "2:4x3:4x", "2:4x,", "7:b4!!!!!",
      "6:b5AQID", "1:4\x1e1:4", "99999999999999999999:4x", "2:4🎉"],
  };
  for (const version of versions)
    for (const body of bodies[version.EIO])
      test(`the body ${JSON.stringify(body)}, EIO=${version.EIO}`, async () => {
        const polling = await Polling.open(server.engineIo, version);
        assert.equal((await polling.postBody(body)).status, 400);
        assert.equal((await polling.get()).status, 400);
      });

  const binary = [[], [0], [2, 1, 255, 52], [0, 255], [0, 1], [0, 2, 255, 52], [0, 10, 255, 52], [1, 1, 255, 52],
    [1, 0, 255], [0, 1, 255, 57], [0, 1, 255, 52, 0], Array(400).fill(0), [0, ...Array(400).fill(9), 255, 52]];
  for (const body of binary)
    test(`the binary body [${body.slice(0, 9)}${body.length > 9 ? "…" : ""}], EIO=3`, async () => {
      const polling = await Polling.open(server.engineIo, v3);
      assert.equal((await polling.postBody(Buffer.from(body), octets)).status, 400);
      assert.equal((await polling.get()).status, 400);
    });

  test("a binary body, EIO=4", async () => {
    const polling = await Polling.open(server.engineIo, v4);
    assert.equal((await polling.postBody("4hello", octets)).status, 400);
    assert.equal((await polling.get()).status, 400);
  });

  const frames = {
    4: [[1, ""], [1, "abc"], [1, "7"], [1, "bA"], [1, "2"]],
    3: [[1, ""], [1, "abc"], [1, "7"], [1, "bAQID"], [1, "b5AQID"], [1, "3"], [2, ""], [2, "\x07x"], [2, "4x"]],
  };
  for (const version of versions)
    for (const [opcode, payload] of frames[version.EIO])
      test(`the frame ${opcode} ${JSON.stringify(payload)}, EIO=${version.EIO}`, async () => {
        const line = await transports.WebSocket.open(server.engineIo, version);
        line.ws.frame(opcode, payload);
        assert.deepEqual(await line.ended(), []);
      });
});
