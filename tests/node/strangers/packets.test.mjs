// SPDX-License-Identifier: MIT
//
// Engine.IO and Socket.IO packets that no client would send (docs/protocol.md), over a WebSocket.
// What is malformed or out of place ends the session; what is merely nobody's business does not.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { namespace as ns } from "../support/site.mjs";
import { bytes, x } from "./support/bytes.mjs";
import { answers, closing, ends, goesOn } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const event = (data) => `42${ns},${data}`;
const named = (name) => event(`[${name}]`);
const deep = (open, close, inner = "") => open.repeat(100_000) + inner + close.repeat(100_000);
const texts = (...all) => all.map((text) => [JSON.stringify(text), (ws) => ws.send(text)]);
const calls = (prefix, cases) => Object.entries(cases).map(([name, text]) => [name, (ws) => ws.send(prefix + text)]);

// Engine.IO: types that are none, a ping, which only the server sends, and base64 that is none.
ends(town, 1002, "parse_error", texts("", "7", "8", "9", "x", " 4", "\0", "-1", "2", "2probe", "2x", "b!", "bA", "b===="));
goesOn(town, texts("0", "0{}", "5", "6", "6x", "3", "3probe"));
ends(town, 1000, "client_closed", texts("1", "1x"));

// Socket.IO: types and what belongs to them.
ends(town, 1002, "parse_error", [
  ...texts("4", "47", "48", "49", "4x", "4 2", "4-1", "4\0", "4[", '4["x"]', "42", "43", "44", "45", "46", "41x"),
  ...texts(`40${ns},`, `40${ns},{}`, `44${ns},{}`, `44${ns},"x"`, `41${ns},{}`, `41${ns},1x`, `43${ns},[]`, `43${ns},1`,
    `43${ns},1{}`, `43${ns},1"x"`, `43${ns}1[]`),
  ...texts(event(""), event("[]"), event("{}"), event('"x"'), event("1"), event("null"), event('{"0":"x"}'), event("x")),
  ...texts('42["x"]', '42/,["x"]', '42/nowhere,["x"]', `42${ns}["x"]`, `42${ns}/,["x"]`, `42${ns} ,["x"]`, `42,${ns}["x"]`),
]);

// JSON: what RFC 8259 does not know, and what nobody could use.
ends(town, 1002, "parse_error", calls(`42${ns},`, {
  "a string without an end": '["x', "an array without an end": '["x"', "something after the end": '["x"]]',
  "a comma at the end": '["x",]', "single quotes": "['x']", "NaN": '["x",NaN]', "Infinity": '["x",-Infinity]',
  "a comment": '["x"/**/]', "a NUL": '["x\0"]', "a line feed in a string": '["x\n"]',
  "an escape that is none": '["\\x"]', "an escape that is cut": '["\\u12"]', "half of an escape of half a pair": '["x","\\ud80"]',
  "a number with a zero before": '["x",01]', "a number with a plus": '["x",+1]', "a name that is no string": '["x",{1:2}]',
  "arrays 100,000 deep": deep("[", "]"), "objects 100,000 deep": `["x",${deep('{"a":', "}", "1")}]`,
  "arrays 100,000 deep without an end": `["x",${"[".repeat(100_000)}`, "500,000 brackets": "[".repeat(500_000),
  "65 levels": `["x",${"[".repeat(64)}${"]".repeat(64)}]`,
}));
goesOn(town, calls(`42${ns},`, {
  "64 levels": `["x",${"[".repeat(63)}${"]".repeat(63)}]`, "brackets in a string": `["${"[".repeat(100_000)}"]`,
  "300,000 numbers": `["x"${",1".repeat(300_000)}]`, "100,000 names that are the same": `["x",{${'"a":1,'.repeat(100_000)}"a":1}]`,
  "__proto__": '["x",{"__proto__":{"uuid":"x"},"constructor":{"prototype":{}}}]', "a NUL that is escaped": '["x\\u0000"]',
  "half a pair of surrogates": '["x\\ud800",{"\\udfff":"\\ud83d"}]',
}));

// Names of events.
ends(town, 1002, "parse_error", ["null", "true", "{}", "[]", '{"toString":1}', '["x"]', '"connect"', '"connect_error"',
  '"disconnect"', '"disconnecting"', '"newListener"', '"removeListener"', '"con\\u006eect"']
  .map((name) => [`an event named ${name}`, (ws) => ws.send(named(name))]));
goesOn(town, [
  ...["0", "1.5", "-1", "1e300", '""', '"__proto__"', '"constructor"', '"hasOwnProperty"', '"internal"', '"notification"',
    '"message"', '"\\u0000"', '"/io/user/notifications,"'].map((name) =>
    [`an event named ${name}`, (ws) => ws.send(named(name))]),
  ["a name of 900 KB", (ws) => ws.send(named(`"${x(900_000)}"`))],
  ["a key of 900 KB", (ws) => ws.send(event(`["x",{"${x(900_000)}":1}]`))],
  ["leaving and joining 5,000 times", (ws) => {
    for (let i = 0; i < 5000; ++i) for (const type of [1, 0]) ws.send(`4${type}${ns},`);
  }],
  ["10,000 events that nobody listens to", (ws) => {
    for (let i = 0; i < 10_000; ++i) ws.send(named(`"event-${i}"`));
  }],
]);

// Acknowledgements: ids that are none, and answers to nothing.
ends(town, 1002, "parse_error", texts(`42${ns},-1["x"]`, `42${ns},1.5["x"]`, `42${ns},1 ["x"`, `42${ns},0x1["x"]`,
  `42${ns},${"9".repeat(30)}["x"]`, `42${ns},18446744073709551616["x"]`, `43${ns},${"9".repeat(30)}[]`));
ends(town, 1002, "parse_error", [["an id of 900 KB", (ws) => ws.send(`42${ns},${"1".repeat(900_000)}["x"]`)]]);
goesOn(town, texts(`43${ns},0[]`, `43${ns},18446744073709551615[]`, `43${ns},1[null]`, `42${ns},7["x"]`, `42${ns},007["x"]`));

// Namespaces.
const refused = ["/nowhere", `${ns}/`, `${ns.toUpperCase()}`, "//", `/${ns}`, "/__proto__", "/constructor", "/admin", "/*",
  "/\0", "/..", `${ns}/../..`, `${ns}?uuid=1`, "/%69o/user/notifications", "/" + x(900_000)];
describe("a CONNECT is refused and the session goes on:", () => {
  for (const name of refused)
    town.case(JSON.stringify(name.slice(0, 40)), async () => {
      const ws = await town.session();
      ws.send(`40${name},`);
      const answer = await inTime(ws.text(), "the refusal");
      assert.ok(answer === `44${name},{"message":"Invalid namespace"}`, answer.slice(0, 100));
      await answers(ws);
    });

  town.case("10,000 of them", async () => {
    const ws = await town.session();
    for (let i = 0; i < 10_000; ++i) ws.send(`40/n${i},`);
    for (let i = 0; i < 10_000; ++i)
      assert.equal(await inTime(ws.text(), "the refusal"), `44/n${i},{"message":"Invalid namespace"}`);
    await answers(ws);
  });
});

describe("before CONNECT the session ends with", () => {
  const early = [event('["x"]'), event('["subscribe-to-notifications",{"uuid":"x"}]'), `41${ns},`, `43${ns},1[]`, '42["x"]',
    "41", `451-${ns},["x",{"_placeholder":true,"num":0}]`, `40${ns},[]`, `40${ns},"x"`, `40${ns},1[]`, `40${ns},null`,
    `40${ns},true`, `40${ns},{`, `40${ns},{}{}`, `40${ns},1{}x`, `40${ns},{"a":${deep("[", "]")}}`];
  for (const text of early)
    town.case(text.slice(0, 60), async () => {
      const ws = await town.session({ joined: false });
      ws.send(text);
      if (text.startsWith("451-")) ws.frame(2, "x");
      assert.deepEqual(await closing(ws), [1002, "parse_error"]);
    });

  town.case("a binary message", async () => {
    const ws = await town.session({ joined: false });
    ws.frame(2, bytes(0, 1, 2));
    assert.deepEqual(await closing(ws), [1002, "parse_error"]);
  });
});

town.leavesNothing();
