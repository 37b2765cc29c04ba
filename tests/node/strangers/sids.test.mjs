// SPDX-License-Identifier: MIT
//
// Requests with the id of a session that is not theirs to use so: of another transport, of another
// client's upgrade, of one that is over; and upgrades that don't go as docs/protocol.md has it.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { enginePath, request } from "../support/raw.mjs";
import { namespace as ns } from "../support/site.mjs";
import { bytes, frameHead, x } from "./support/bytes.mjs";
import { answers, closing } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile({ threads: 2 });
const url = (transport, sid) => `${town.url}${enginePath}${transport}&sid=${sid}`;

async function assertRefused(answer, code) {
  const { status, body } = await inTime(answer, "the refusal");
  assert.deepEqual([status, JSON.parse(body).code], [400, code]);
}

// A session over WebSocket, and its id.
async function websocketSession() {
  const ws = await town.websocket();
  const { sid } = JSON.parse((await inTime(ws.text(), "the handshake")).slice(1));
  return { ws, sid };
}

describe("the id of a WebSocket's session", () => {
  for (const [method, body] of [["GET"], ["POST", "1"], ["POST", "2"], ["PUT", "1"], ["DELETE"]])
    for (const [transport, code] of [["polling", 3], ["websocket", 3]])
      town.case(`is refused with ${transport} by ${method} ${body ?? ""}`, async () => {
        const { ws, sid } = await websocketSession();
        await assertRefused(request(url(transport, sid), { method, body }), code);
        ws.send(`40${ns},`); // nothing of it has reached the session
        assert.match(await inTime(ws.text(), "the answer"), /^40/);
        await answers(ws);
      });

  town.case("is no way into it: a second WebSocket is closed, a third too", async () => {
    const { ws, sid } = await websocketSession();
    for (let i = 0; i < 2; ++i) {
      const other = await town.websocket(url("websocket", sid));
      other.send("2probe");
      await inTime(other.ended(), "the end");
      assert.deepEqual(other.frames.all.filter((f) => f?.opcode === 1), []);
    }
    ws.send(`40${ns},`);
    assert.match(await inTime(ws.text(), "the answer"), /^40/);
  });
});

describe("the id of a polling session", () => {
  const wrong = {
    "with another letter": (sid) => sid.slice(0, 19) + (sid[19] === "A" ? "B" : "A"),
    "of another shard": (sid) => (sid.startsWith("AA") ? "AB" : "AA") + sid.slice(2),
    "of a shard that is not": (sid) => `__${sid.slice(2)}`,
    "without its last letter": (sid) => sid.slice(0, 19),
    "with a letter more": (sid) => `${sid}A`,
    "with a NUL": (sid) => `${sid}%00`,
    "in brackets": (sid) => `[${sid}]`,
    "twice, with a comma": (sid) => `${sid},${sid}`,
    "twice": (sid) => `${sid}&sid=${sid}`,
    "with another before it": (sid) => `x&sid=${sid}`,
  };
  for (const [name, change] of Object.entries(wrong))
    town.case(`is unknown ${name}`, async () => {
      const polling = await town.polling({ joined: true });
      await assertRefused(request(url("polling", change(polling.sid)), { method: "POST", body: "1" }), 1);
      assert.equal((await polling.post(`40/x,`)).body, "ok"); // it is still there
    });

  for (const method of ["GET", "POST", "PUT", "DELETE"])
    town.case(`is refused with websocket by ${method} without an upgrade`, async () => {
      const polling = await town.polling();
      await assertRefused(request(url("websocket", polling.sid), { method }), 3);
      assert.equal((await polling.post(`40${ns},`)).body, "ok");
    });

  town.case("is unknown once the session is over, on every way", async () => {
    const polling = await town.polling();
    assert.equal((await polling.post("1")).body, "ok");
    await assertRefused(polling.get(), 1);
    await assertRefused(polling.post("3"), 1);
    const ws = await town.websocket(polling.upgradeUrl);
    assert.equal(ws.status, 400);
  });

  town.case("in a cookie, a header or the path is none", async () => {
    const { sid } = await town.polling();
    const bare = `${town.url}/socket.io/`;
    const headers = { Cookie: `io=${sid}; sid=${sid}`, "X-Sid": sid };
    await assertRefused(request(`${bare}?EIO=4&transport=polling`, { method: "POST", headers, body: "1" }), 2);
    assert.equal((await request(`${bare}${sid}?EIO=4&transport=polling`, { method: "POST", body: "1" })).status, 404);
    assert.equal((await request(url("polling", sid), { method: "POST", body: "3" })).body, "ok");
  });
});

describe("a probe", () => {
  town.case("of another client is closed while one is under way, which goes on", async () => {
    const polling = await town.polling({ joined: true });
    const mine = await town.websocket(polling.upgradeUrl);
    mine.send("2probe");
    assert.equal(await inTime(mine.text(), "the probe's answer"), "3probe");
    for (const first of ["2probe", "5", `42${ns},["x"]`, "1"]) {
      const other = await town.websocket(polling.upgradeUrl);
      other.send(first);
      await inTime(other.ended(), "the end");
      assert.deepEqual(other.frames.all.filter((f) => f?.opcode === 1), []);
    }
    mine.send("5");
    await answers(mine);
    await assertRefused(polling.get(), 3);
    await assertRefused(polling.post("1"), 3);
    const late = await town.websocket(polling.upgradeUrl);
    await inTime(late.ended(), "the end of one that is too late");
    await answers(mine);
  });

  // What is not the one word that is due ends the probe; the session polls on.
  const wrong = { "an upgrade that was not probed": "5", "a ping without a word": "2", "a ping with another word": "2Probe",
    "a ping with a longer word": "2probe1", "a message": `42${ns},["x"]`, "a CONNECT": "40", "a close": "1", "a pong": "3probe",
    "a noop": "6", "an open": "0", "nothing": "", "letters": "probe", "a megabyte": "4" + x(900_000) };
  const framed = { "a binary frame": (ws) => ws.frame(2, "2probe"), "text that is not UTF-8": (ws) => ws.frame(1, bytes(0x32, 0xff)),
    "a frame that is not masked": (ws) => ws.frame(1, "2probe", { masked: false }), "a reserved opcode": (ws) => ws.frame(3, ""),
    "a length of 2^62": (ws) => ws.socket.write(frameHead(1, 2n ** 62n)), "a close frame": (ws) => ws.frame(8, bytes(3, 0xe8)),
    "a reset": (ws) => ws.socket.resetAndDestroy() };
  const sends = { ...Object.fromEntries(Object.entries(wrong).map(([k, v]) => [k, (ws) => ws.send(v)])), ...framed };
  for (const [name, send] of Object.entries(sends))
    for (const probed of [false, true])
      if (!(probed && name === "an upgrade that was not probed"))
        town.case(`ends with ${name}${probed ? ", after it was answered" : ""}; polling goes on`, async () => {
          const polling = await town.polling({ joined: true });
          const ws = await town.websocket(polling.upgradeUrl);
          if (probed) {
            ws.send("2probe");
            assert.equal(await inTime(ws.text(), "the probe's answer"), "3probe");
          }
          send(ws);
          await inTime(ws.ended(), "the end of the probe");
          const waiting = polling.packets();
          await polling.post(`42${ns},["subscribe-to-notifications",{"uuid":"x"}]`);
          let packets = await inTime(waiting, "the packets");
          if (packets[0] === "6") packets = await inTime(polling.packets(), "the packets"); // the probe's noop
          assert.match(packets[0], /USERID_IS_NULL/);
        });

  town.case("ends with its session", async () => {
    const polling = await town.polling({ joined: true });
    const ws = await town.websocket(polling.upgradeUrl);
    ws.send("2probe");
    assert.equal(await inTime(ws.text(), "the probe's answer"), "3probe");
    assert.equal((await polling.post("1")).body, "ok");
    assert.deepEqual(await closing(ws), [1000, "client_closed"]);
  });

  town.case("that was answered may be taken back, and another begun", async () => {
    const polling = await town.polling({ joined: true });
    for (let i = 0; i < 20; ++i) {
      const ws = await town.websocket(polling.upgradeUrl);
      ws.send("2probe");
      assert.equal(await inTime(ws.text(), "the probe's answer"), "3probe");
      ws.frame(8, bytes(3, 0xe8));
      await inTime(ws.ended(), "the end");
    }
    const ws = await town.websocket(polling.upgradeUrl);
    ws.send("2probe");
    assert.equal(await inTime(ws.text(), "the probe's answer"), "3probe");
    ws.send("5");
    await answers(ws);
  });
});

town.leavesNothing();
