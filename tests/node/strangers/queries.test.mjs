// SPDX-License-Identifier: MIT
//
// Queries and paths that no client would send. Each handshake that is refused says why in the
// reference server's order: transport, session, method, protocol (docs/protocol.md, Engine.IO 4).
import assert from "node:assert/strict";
import { describe } from "node:test";
import { x } from "./support/bytes.mjs";
import { Town } from "./support/town.mjs";

const town = Town.forThisFile();
const messages = ["Transport unknown", "Session ID unknown", "Bad handshake method", "Bad request", "Forbidden",
  "Unsupported protocol version"];

async function ask(target, method = "GET") {
  const wire = town.wire();
  wire.send(`${method} ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return wire.answer();
}

function refused(code, queries) {
  describe(`${messages[code]}:`, () => {
    for (const [query, method] of queries.map((q) => [q].flat()))
      town.case(`${method ?? ""} ${query.slice(0, 70) || "no query"}`.trim(), async () => {
        const { status, headers, body } = await ask(`/socket.io/${query}`, method);
        assert.deepEqual([status, headers["content-type"]], [400, "application/json"]);
        assert.deepEqual(JSON.parse(body), { code, message: messages[code] });
      });
  });
}

const known = "?EIO=4&transport=polling";
refused(0, [
  "", "?", "?&", "?&&&&&&&&", "?=", "?==", "?=polling", "?EIO=4", "?transport", "?transport=", "?EIO=4&transport",
  "?EIO=4&transport=constructor", "?EIO=4&transport=__proto__", "?EIO=4&transport=toString",
  "?EIO=4&transport=hasOwnProperty", "?EIO=4&transport=valueOf", "?EIO=4&transport=undefined", "?EIO=4&transport=null",
  "?EIO=4&transport=%00", "?EIO=4&transport=polling%00", "?EIO=4&transport=%00polling", "?EIO=4&transport=polling%20",
  "?EIO=4&transport=polling+", "?EIO=4&transport=POLLING", "?EIO=4&transport=Polling", "?EIO=4&transport=polling,websocket",
  "?EIO=4&transport=polling=", "?EIO=4&transport==polling", "?EIO=4&transport=polling%26transport=polling",
  "?EIO=4&transport=polling/", "?EIO=4&transport=..%2fpolling", "?EIO=4&transport=webtransport", "?EIO=4&transport=flashsocket",
  "?EIO=4&transport[]=polling", "?EIO=4&transport%5B%5D=polling", "?EIO=4&Transport=polling", "?EIO=4&TRANSPORT=polling",
  "?EIO=4&%74ransport%00=polling", "?EIO=4;transport=polling", "?EIO=4?transport=polling", "?transport=polling;EIO=4",
  `${known}&transport=polling`, `${known}&transport=websocket`, `${known}&transport=`, `${known}&transport`,
  `?transport=x&EIO=4&transport=polling`, `?EIO=4&transport=${x(7000)}`, `?${"&transport=polling".repeat(400)}`,
  ["?EIO=4", "POST"], ["?EIO=4&transport=x&sid=x", "POST"], ["?EIO=9&transport=x", "PUT"],
]);
refused(1, [
  `${known}&sid=x`, `${known}&sid=%00`, `${known}&sid=constructor`, `${known}&sid=__proto__`, `${known}&sid=toString`,
  `${known}&sid=..%2f..%2fetc%2fpasswd`, `${known}&sid=../../etc/passwd`, `${known}&sid=%`, `${known}&sid=%zz`,
  `${known}&sid=${"A".repeat(20)}`, `${known}&sid=AB${"A".repeat(18)}`, `${known}&sid=__${"A".repeat(18)}`,
  `${known}&sid=${"%41".repeat(20)}`, `${known}&sid=${"A".repeat(19)}`, `${known}&sid=${"A".repeat(21)}`,
  `${known}&sid=${"\xff".repeat(20)}`, `${known}&sid=${x(7000)}`, `${known}&sid=x&sid=`, `${known}&sid=&sid=`,
  `${known}&sid=x&sid=x`, `?EIO=5&transport=polling&sid=x`, `?transport=polling&sid=x`, `?EIO=4&transport=websocket&sid=x`,
  [`${known}&sid=x`, "POST"], [`${known}&sid=x`, "DELETE"],
]);
refused(2, ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "TRACE"].map((method) => [known, method]));
refused(2, [["?EIO=4&transport=websocket", "POST"], ["?EIO=9&transport=polling", "POST"]]);
refused(3, ["?EIO=4&transport=websocket", "?EIO=9&transport=websocket", "?transport=websocket"]);
refused(5, [
  "?transport=polling", "?transport=polling&EIO", "?transport=polling&EIO=", "?EIO=0&transport=polling",
  "?EIO=1&transport=polling", "?EIO=2&transport=polling", "?EIO=5&transport=polling", "?EIO=44&transport=polling",
  "?EIO=-4&transport=polling", "?EIO=4.0&transport=polling", "?EIO=4e0&transport=polling", "?EIO=abc&transport=polling",
  "?EIO=NaN&transport=polling", "?EIO=%00&transport=polling", "?EIO=4%00&transport=polling", "?EIO=0x4&transport=polling",
  "?eio=4&transport=polling", "?EIO[]=4&transport=polling", "?EIO=true&transport=polling", "?EIO=4,4&transport=polling",
  "?EIO=__proto__&transport=polling", `?EIO=${"9".repeat(5000)}&transport=polling`, "?EIO=18446744073709551620&transport=polling",
  "?EIO=4&EIO=5&transport=polling", "?EIO=5&EIO=4&transport=polling", "?EIO=4&EIO=4&transport=polling",
]);

describe("a handshake is answered although there is", () => {
  const odd = { "an unknown field": "&x=y", "a field named __proto__": "&__proto__=x&constructor=y", "an empty sid": "&sid=",
    "a thousand fields": "&a=b".repeat(1000), "nothing but ampersands": "&".repeat(5000), "half an escape": "&t=%", "a NUL": "&t=%00",
    "five kilobytes of t": `&t=${x(5000)}`, "question marks": `&x=${"?".repeat(1000)}` };
  for (const [name, more] of Object.entries(odd))
    town.case(name, async () => {
      const { status, body } = await ask(`/socket.io/${known}${more}`);
      assert.equal(status, 200);
      assert.match(body, /^0\{"sid":"[\w-]{20}"/);
      const { sid } = JSON.parse(body.slice(1));
      const closing = town.wire();
      closing.send(`POST /socket.io/${known}&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1`);
      assert.equal((await closing.answer()).body, "ok");
    });
});

describe("nothing is served at", () => {
  const paths = ["/", "//", "/..", "/../../../../etc/passwd", "/socket.io/../../../../etc/passwd", "/socket.io/..%2f..%2fetc%2fpasswd",
    "/socket.io/%2e%2e/%2e%2e/etc/passwd", "/socket.io/....//....//etc/passwd", "/socket.io/..\\..\\etc\\passwd",
    "/socket.io/socket.io/../../../../../etc/passwd", "/socket.io/socket.io.js/../../../package.json",
    "/socket.io/socket.io.js%00", "/socket.io/socket.io.js%00.map", "/socket.io/socket.io.js/", "/socket.io/socket.io%2ejs",
    "/socket.io/SOCKET.IO.JS", "/socket.io/package.json", "/socket.io/.git/config", "/socket.io//", `//socket.io/${known}`,
    `/socket.io//${known}`, `/SOCKET.IO/${known}`, `/socket.io%2f${known}`, `/./socket.io/${known}`, `/x/../socket.io/${known}`,
    `/socket.io/x${known}`, `/socket.io.${known}`, "/socket.io/socket.io", "/healthz/", "/healthz%00", "/HEALTHZ", "/healthz/..",
    "/metrics", "/dev/send", "/io/user/notifications", "*", `/${"../".repeat(2000)}etc/passwd`, `/${"a/".repeat(3000)}`, "/\xff\xfe"];
  for (const path of paths)
    town.case(path.slice(0, 70), async () => {
      const { status, body } = await ask(path);
      assert.equal(status, 404);
      assert.doesNotMatch(body, /root:|socket\.io-client"|<html/);
    });
});

town.leavesNothing();
