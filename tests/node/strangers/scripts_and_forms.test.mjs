// SPDX-License-Identifier: MIT
//
// JSONP as no client would speak it: functions that are none, which a page would run as a script, and
// forms without a payload (docs/protocol.md, Engine.IO 4).
import assert from "node:assert/strict";
import { describe } from "node:test";
import { address, versions } from "../conformance/support/engine.mjs";
import { Jsonp } from "../conformance/support/socket_io.mjs";
import { request } from "../support/raw.mjs";
import { namespace as ns } from "../support/site.mjs";
import { x } from "./support/bytes.mjs";
import { goesOn, isOver } from "./support/polls.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();
const [v4, v3] = versions;

async function ask(target, method = "GET") {
  const wire = town.wire();
  wire.send(`${method} ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return wire.answer();
}

// As JSON, which no page runs as a script, and in words of the gateway's own.
function assertRefused({ status, headers, body }) {
  assert.deepEqual([status, headers["content-type"]], [400, "application/json"]);
  assert.equal(body, '{"code":3,"message":"Bad request"}');
}

const noNumbers = ["", "x", "-1", "+1", "%2b1", "1.5", "1e3", "0x1", "NaN", "Infinity", "%20", "1%20", "%00", "1%00",
  "1%0a", "1%0d%0a", "0)", "0]", "0](alert(1));//", "1;alert(1)", "alert(1)//", "%22", "'",
  "</script><script>alert(1)</script>", "%3Cscript%3E", "[]",
  "constructor", "__proto__", "..%2f", "\xd9\xa1", "%d9%a1", "12345678901", "9".repeat(310), "9".repeat(7000), x(7000)];

describe("a script is not made for the function", () => {
  for (const [{ EIO }, numbers] of [[v4, noNumbers], [v3, noNumbers.filter((n) => n.length < 20)]])
    for (const number of numbers)
      town.case(`${JSON.stringify(number.slice(0, 40))}, EIO=${EIO}`, async () =>
        assertRefused(await ask(`/socket.io/?EIO=${EIO}&transport=polling&j=${number}`)));

  for (const query of ["j", "j=1&j=1", "j=1&j=2", "j=&j=1", "j=1&j=x", `j=1${"&j=1".repeat(500)}`])
    town.case(`of ${query.slice(0, 40)}`, async () =>
      assertRefused(await ask(`/socket.io/?EIO=4&transport=polling&${query}`)));

  town.case("of a WebSocket", async () => {
    const ws = await town.websocket(`${town.url}/socket.io/?EIO=4&transport=websocket&j=0`);
    assert.equal(ws.status, 400);
  });

  town.case("of a session that began without one, and the session goes on", async () => {
    const session = await town.old(Jsonp, v4);
    for (const number of ["x", "0](alert(1))//"])
      assertRefused(await request(session.url.replace("&j=7", `&j=${encodeURIComponent(number)}`)));
    await goesOn(session);
  });
});

describe("a script is made for the function", () => {
  for (const { EIO } of versions)
    for (const number of ["0", "7", "007", "9999999999"])
      town.case(`${number}, EIO=${EIO}, of figures and JSON`, async () => {
        const { status, headers, body } = await ask(`/socket.io/?EIO=${EIO}&transport=polling&j=${number}`);
        assert.deepEqual([status, headers["content-type"]], [200, "text/javascript; charset=utf-8"]);
        assert.equal(headers["x-content-type-options"], "nosniff");
        const [, called, json] = body.match(/^___eio\[(\d+)\]\((".*")\);$/);
        assert.equal(called, number);
        const open = JSON.parse(json).replace(/^\d+:/, "");
        await request(`${address(`${town.url}/socket.io/`, v4, "polling")}&sid=${JSON.parse(open.slice(1)).sid}`,
          { method: "POST", body: EIO === 4 ? "1" : "1:1" });
      });

  town.case("that the request names, whichever the session began with", async () => {
    const session = await town.old(Jsonp, v4);
    await session.send(`40/<script>\u2028,`);
    const { body } = await request(session.url.replace("&j=7", "&j=31"));
    assert.equal(body, String.raw`___eio[31]("44/<script>\u2028,{\"message\":\"Invalid namespace\"}");`);
  });
});

const forms = "application/x-www-form-urlencoded";
const post = (session, body, type = forms) =>
  inTime(request(session.url, { method: "POST", body, headers: { "Content-Type": type } }), "the answer");

// A form is its session's end, and is answered so; one that holds no payload is refused.
function ends(version, status, bodies) {
  describe(`a form of EIO=${version.EIO} ends the session with ${status}:`, () => {
    for (const [name, body] of Object.entries(bodies))
      town.case(name, async () => {
        const session = await town.old(Jsonp, version);
        assert.equal((await post(session, body)).status, status);
        await isOver(session);
      });
  });
}

function isRead(version, bodies) {
  describe(`a form of EIO=${version.EIO} is read:`, () => {
    for (const [name, body] of Object.entries(bodies))
      town.case(name, async () => {
        const session = await town.old(Jsonp, version);
        const { status, body: answer } = await post(session, body);
        assert.deepEqual([status, answer], [200, "ok"]);
        await goesOn(session);
      });
  });
}

const many = (count, field) => Array(count).fill(field).join("&");

ends(v4, 400, {
  "nothing": "", "no field d": "x=3", "a field D": "D=3", "d without a value": "d", "d with none": "d=",
  "the payload alone": "3", "d in brackets": "d[]=3", "d with a blank before": "+d=3", "d after a semicolon": "x=1;d=3",
  "d twice, the first none": "d=&d=3", "d twice, the first a letter": "d=x&d=3", "a percent sign": "d=%",
  "a percent sign after a type": "d=%33%", "half of an escape": "d=%3", "an escape of letters": "d=%zz",
  "an escape of an escape": "d=%2533", "an escape of %u": "d=%u0033", "a NUL": "d=%00",
  "text that is not UTF-8": "d=4%ff", "text that is cut": "d=4%f0%9f", "a digit in two bytes": "d=%c0%b3",
  "half of a pair of surrogates": "d=4%ed%a0%bd", "a separator": "d=%1e", "a line feed": "d=%0a",
  "a backslash": "d=%5C", "an escaped line feed": "d=%5Cn", "a megabyte of percent signs": `d=${"%".repeat(900_000)}`,
  "a megabyte of ampersands": "&".repeat(900_000), "200,000 fields and no d": many(200_000, "e=3"),
  "200,000 fields d, all empty": many(200_000, "d="), "JSON": '{"d":"3"}',
  "parts of a form": '--x\r\nContent-Disposition: form-data; name="d"\r\n\r\n3\r\n--x--\r\n',
});
ends(v4, 200, {
  "a blank after a type": "d=4+", "a ping": "d=2",
  "a broken escape in a packet": `d=42${encodeURIComponent(ns)},["%5C%"]`, "a CONNECT twice": `d=40${ns},`,
  "a close": "d=1", "a close and what is behind it": "d=1%1e%ff",
  "a payload of protocol 3, which is a close": "d=1%3A3",
});
ends(v3, 400, {
  "nothing": "", "no field d": "x=1%3A2", "a payload of protocol 4": "d=3", "a length of nothing": "d=0%3A",
  "a length that lies": "d=2%3A2", "a length of 310 digits": `d=${"1".repeat(310)}%3A2`,
  "a length of the escaped text": "d=3%3A%32", "a percent sign": "d=1%3A%",
  "a length that cuts a pair of surrogates": `d=2%3A4${encodeURIComponent("🎉")}`,
  "a plus, which is a blank": "d=+1%3A2",
});
isRead(v4, {
  "d among others": "a=b&d=3&c=d", "d twice, of which the first counts": "d=3&d=x",
  "d 200,000 times": many(200_000, "d=3"), "a name in escapes": "%64=3", "all in escapes": "d=%33%1E%33",
  "no escape": "d=3\x1e3", "fields without a name": "=&=x&&&d=3&==", "an equals sign in it": `d=42${ns},["a=b"]`,
  "200,000 fields before": `${many(200_000, "e")}&d=3`, "a line feed as a client writes it": `d=42${ns},["x",%0A%5Cn1]`,
  "a backslash and an n": `d=42${ns},["x%5C%5Cn"]`,
});
isRead(v3, {
  "a ping": "d=1%3A2",
  "a length in units of UTF-16": `d=${`42${ns},["🎉"]`.length}:42${ns},["${encodeURIComponent("🎉")}"]`,
});

describe("a form's type", () => {
  for (const type of ["text/plain", "text/plain; charset=UTF-8", "multipart/form-data; boundary=x", "x", ""])
    town.case(`${JSON.stringify(type)} is not looked at`, async () => {
      const session = await town.old(Jsonp, v4);
      assert.equal((await post(session, "d=3", type)).body, "ok");
      await goesOn(session);
    });

  for (const version of versions)
    town.case(`application/octet-stream ends a session of EIO=${version.EIO}`, async () => {
      const session = await town.old(Jsonp, version);
      assert.equal((await post(session, "d=3", "application/octet-stream")).status, 400);
      await isOver(session);
    });
});

town.leavesNothing();
