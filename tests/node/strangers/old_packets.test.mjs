// SPDX-License-Identifier: MIT
//
// Packets that no client of Socket.IO 2 would send, over a WebSocket of Engine.IO 3: it pings itself,
// is in the main namespace without asking, and joins another with a query (docs/protocol.md).
import assert from "node:assert/strict";
import { describe } from "node:test";
import { Polling, versions } from "../conformance/support/engine.mjs";
import { enginePath } from "../support/raw.mjs";
import { namespace as ns } from "../support/site.mjs";
import { bytes, x } from "./support/bytes.mjs";
import { answers, closing, ends, goesOn } from "./support/endings.mjs";
import { goesOn as pollsOn, isOver } from "./support/polls.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const v3 = versions.find(({ EIO }) => EIO === 3);
const eio3 = { eio: 3 };
const texts = (...all) => all.map((text) => [JSON.stringify(text.slice(0, 60)), (ws) => ws.send(text)]);
const octets = (...all) =>
  all.map((data) => [`the bytes ${data.toString("hex") || "of nothing"}`, (ws) => ws.frame(2, data)]);
const attached = `451-${ns},["x",{"_placeholder":true,"num":0}]`;

// Engine.IO: it is the client who pings, and bytes have a type before them.
ends(town, 1002, "parse_error", [
  ...texts("", "7", "x", "3", "3probe", "b", "b4", "b4!", "b4A", "b3AAAA", "bAAAA", "4x", "40,", "\0"),
  ...octets(bytes(), bytes(0), bytes(3, 0), bytes(4), bytes(4, 0), bytes(0x34, 0), bytes(255)),
  ["an attachment without its type", (ws) => (ws.send(attached), ws.frame(2, bytes(0)))],
  ["an attachment of no bytes at all", (ws) => (ws.send(attached), ws.frame(2))],
  ["base64 of protocol 4 for an attachment", (ws) => (ws.send(attached), ws.send("bAAAA"))],
], eio3);
goesOn(town, [
  ...texts("2", "2probe", "2\0", `2${x(900_000)}`, "0", "5", "6"),
  ["an attachment", (ws) => (ws.send(attached), ws.frame(2, bytes(4, 0)))],
  ["an attachment of nothing but its type", (ws) => (ws.send(attached), ws.frame(2, bytes(4)))],
  ["an attachment as base64", (ws) => (ws.send(attached), ws.send("b4AAAA"))],
], eio3);
ends(town, 1000, "client_closed", texts("1", "1:2"), eio3);

// The main namespace: an old client is there already, nobody serves it here, and whoever speaks there
// is not heard.
goesOn(town, texts('42["x"]', '42/,["x"]', '420["x"]', "41", "430[]"), eio3);
ends(town, 1002, "parse_error", texts("42[]", '42["connect"]', '42["x"', "47", '40?uuid=x', "40[]", "40", '40{"uuid":"x"}',
  "40/,", "40/?uuid=x,", "40/?,", '44"x"'), eio3);

town.case("the main namespace is left and joined again, 1,000 times", async () => {
  const ws = await town.session(eio3);
  for (let i = 0; i < 1000; ++i) for (const packet of ["41", "40/?uuid=x,"]) ws.send(packet);
  for (let i = 0; i < 1000; ++i) assert.equal(await inTime(ws.text(), "the answer"), "40");
  await answers(ws);
});

// A query stands for `auth`. Of each: whether the gateway takes a uuid from it.
describe("a CONNECT joins with the query", () => {
  const queries = {
    "?": false, "?&&&": false, "?=": false, "?x=y": false, "?UUID=x": false, "?uuid[]=x": false, "?uuid%5B%5D=x": false,
    "?auth=uuid": false, "?cookies=true": false, "?cookies=1": false, "?cookies": false,
    "?__proto__=x&constructor=y&toString=z": false, "?%": false, "?\0": false, "?x=%ff": false,
    [`?${x(900_000)}`]: false, [`?x=${"?".repeat(1000)}`]: false, [`?${"x=y&".repeat(50_000)}`]: false, "?uuid": true,
    "?uuid=": true, "?uuid=of-nobody": true, "?uuid=%": true, "?uuid=%zz": true, "?uuid=%00": true, "?uuid=%ff": true,
    "?uuid=a&uuid=b": true, "?%75uid=x": true, "??uuid=x": false, "?x=?&uuid=x": true, "?uuid=../x": true,
    "?uuid=x&cookies=true": true, [`?uuid=${x(900_000)}`]: true, "?uuid=GETDEL\r\nx": true, "?uuid=é🎉": true,
    '?uuid={"uuid":"x"}': true,
  };
  for (const [query, asks] of Object.entries(queries))
    town.case(`${JSON.stringify(query.slice(0, 50))}${asks ? ", and asks" : ""}`, async () => {
      const ws = await town.session({ joined: false, eio: 3 });
      ws.send(`40${ns}${query},`);
      const answer = await inTime(ws.text(), "the answer");
      assert.equal(answer, `40${ns},`);
      if (asks) assert.match(await inTime(ws.text(), "the refusal"), /USERID_IS_NULL/);
      ws.send("2"); // nothing else was answered before it
      assert.equal(await inTime(ws.text(), "the pong"), "3");
      await answers(ws);
    });
});

describe("a CONNECT with a query", () => {
  const nowhere = ["/nowhere?uuid=x", `${ns}/?uuid=x`, `${ns}%3Fuuid=x`, `/${ns}?x`,
    `${ns.toUpperCase()}?x`, "/__proto__?x", "//?", `${ns}#?x`];
  for (const target of nowhere)
    town.case(`to ${target} is refused, and the session goes on`, async () => {
      const ws = await town.session(eio3);
      ws.send(`40${target},`);
      const place = target.split("?")[0];
      assert.equal(await inTime(ws.text(), "the refusal"), `44${place},"Invalid namespace"`);
      await answers(ws);
    });

  const wrong = { "and a comma in it": `40${ns}?uuid=a,b,`, "and an array": `40${ns}?uuid=x,[]`,
    "and text": `40${ns}?x=y,"x"`,
    "and an acknowledgement": `40${ns}?x=y,1[]`, "and half of an object": `40${ns}?x=y,{` };
  for (const [name, packet] of Object.entries(wrong))
    town.case(`${name} ends the session`, async () => {
      const ws = await town.session({ joined: false, eio: 3 });
      ws.send(packet);
      assert.deepEqual(await closing(ws), [1002, "parse_error"]);
    });

  town.case("where it has joined without one ends the session", async () => {
    const ws = await town.session(eio3);
    ws.send(`40${ns}?uuid=x,`);
    assert.deepEqual(await closing(ws), [1002, "parse_error"]);
  });

  town.case("joins where it has left, 1,000 times", async () => {
    const ws = await town.session(eio3);
    for (let i = 0; i < 1000; ++i) {
      ws.send(`41${ns},`);
      ws.send(`40${ns}?i=${i},`);
    }
    for (let i = 0; i < 1000; ++i) assert.equal(await inTime(ws.text(), "the answer"), `40${ns},`);
    await answers(ws);
  });

  town.case("in protocol 4 is a name that nobody has", async () => {
    const ws = await town.session();
    ws.send(`40${ns}?uuid=x,`);
    assert.equal(await inTime(ws.text(), "the refusal"), `44${ns}?uuid=x,{"message":"Invalid namespace"}`);
    await answers(ws);
  });
});

describe("pings:", () => {
  town.case("10,000 in one body are answered, each once", async () => {
    const session = await town.old(Polling, v3);
    assert.equal((await session.postBody("1:2".repeat(10_000))).body, "ok");
    const wire = town.wire(); // 16 packets in each answer, for some clients take no more
    const target = `${enginePath.replace("EIO=4", "EIO=3")}polling&sid=${session.handshake.sid}`;
    wire.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(625));
    const bodies = (await wire.answers(625)).map((answer) => answer.body);
    assert.deepEqual(bodies, Array(625).fill("1:3".repeat(16)));
    assert.deepEqual(await pollsOn(session), []);
  });

  town.case("10,000 in one write are answered, each once", async () => {
    const ws = await town.session(eio3);
    for (let i = 0; i < 10_000; ++i) ws.send(`2${i}`);
    for (let i = 0; i < 10_000; ++i) assert.equal(await inTime(ws.text(), "a pong"), `3${i}`);
    await answers(ws);
  });

  town.case("of 900 KB whose answers are not read end the session as a slow reader", async () => {
    const session = await town.old(Polling, v3);
    const ping = v3.write([`2${x(900_000)}`]);
    for (let i = 0; i < 5; ++i) assert.equal((await session.postBody(ping)).body, "ok");
    await isOver(session);
  });
});

town.leavesNothing();
