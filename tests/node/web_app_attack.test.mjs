// SPDX-License-Identifier: MIT
//
// A web app that answers with anything but an answer: the client is refused with a reason, in time,
// nothing is subscribed, and the next one who asks is served.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause } from "./support/await.mjs";
import { RawWebApp, answer, loggedIn } from "./support/raw_web_app.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--threads", "2"] });
const deadline = 5000;
const margin = 2500; // for a machine that is busy
const mallory = { ok: true, userId: "mallory" };
const channels = () => site.redis.channels();
const browser = (cookie) => site.connect({ extraHeaders: { Cookie: cookie } });

// The answer is no, with a reason and within the deadline, and Redis knows nothing of it.
async function assertRefused(client) {
  const began = Date.now();
  const { type, code, message } = await client.byCookies();
  assert.ok(Date.now() - began < deadline + margin, `refused after ${Date.now() - began} ms`);
  assert.deepEqual({ type, code }, { type: "error", code: "SUBSCRIBE_BY_COOKIES_ERROR" });
  assert.equal(typeof message, "string");
  assert.ok(message.length > 0 && message.length < 500, message);
  assert.deepEqual(await channels(), []);
  assert.equal(client.socket.connected, true);
}

const json = (value) => answer(typeof value === "string" ? value : JSON.stringify(value));
const userId = (id) => json({ ok: true, userId: id });
const chunked = (body) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
const whole = JSON.stringify(mallory);

// Writes piece after piece while somebody reads, and ends.
async function flood(socket, piece, count) {
  for (let i = 0; i < count && !socket.destroyed; ++i)
    if (!socket.write(piece)) await new Promise((go) => socket.once("drain", go).once("close", go));
  socket.end();
}

// A head, and then so many pieces of a million times the same.
const megabytes = (count, head, byte = "x") => (socket) => {
  socket.write(head);
  flood(socket, byte.repeat(1 << 20), count);
};

const answers = {
  'ok false': json({ ok: false }),
  'ok false and a user': json({ ok: false, userId: "mallory" }),
  'ok as text': json({ ok: "true", userId: "mallory" }),
  'ok as a number': json({ ok: 1, userId: "mallory" }),
  'ok null and a user': json({ ok: null, userId: "mallory" }),
  "a user null": userId(null),
  "a user false": userId(false),
  "a user true": userId(true),
  "an empty user": userId(""),
  "a user that is an object": userId({ userId: "mallory" }),
  "a user that is an array": userId(["mallory"]),
  "a user with a slash": userId("../mallory/notifications"),
  "a user with CR LF": userId("mallory\r\nPUBLISH x y\r\n"),
  "a user with NUL": userId("mallory\0"),
  "a user with a space": userId("mallory x"),
  "a user with a no-break space": userId("mallory\u00a0x"),
  "a user with a mark of direction": userId("mallory\u202ex"),
  "a user that is not UTF-8": json('{"ok":true,"userId":"m\xe4llory"}'),
  "a user of 256 bytes": userId("m".repeat(256)),
  "a user that is negative": userId(-1),
  "a user that is not whole": userId(1.5),
  "a user past 64 bits": json('{"ok":true,"userId":18446744073709551616}'),
  "text for nobody": userId("undefined"),
  "two JSON texts": json(whole + whole),
  "a byte order mark of another coding": json(`\xff\xfe${whole}`),
  "JSON that is 30,000 deep": json("[".repeat(30_000) + "]".repeat(30_000)),
  "JSON in a status of 500": answer(whole, "500 Internal Server Error"),
  "JSON in a redirection": answer(whole, "302 Found", "Location: http://127.0.0.1:1/\r\n"),
  "JSON in a status of 401": answer(whole, "401 Unauthorized"),
  "a status that is none": answer(whole, "99999 Odd"),
  "a status of letters": answer(whole, "OK OK"),
  "another protocol": `SSH-2.0-OpenSSH_9.2\r\n${whole}`,
  "zeros": "\0".repeat(4096),
  "TLS": "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
  "a switch of protocols": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  "a negative length": `HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n${whole}`,
  "a length of 30 digits": `HTTP/1.1 200 OK\r\nContent-Length: ${"9".repeat(30)}\r\n\r\n${whole}`,
  "two lengths": answer(whole, "200 OK", "Content-Length: 3\r\n"),
  "a chunk of 2^64 bytes": chunked(`FFFFFFFFFFFFFFFF\r\n${whole}`),
  "a chunk of -1 bytes": chunked(`-1\r\n${whole}`),
  "a body past its length": `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${whole}`,
  "20,000 headers": answer(whole, "200 OK", "X: y\r\n".repeat(20_000)),
};

describe("a web app that answers with", () => {
  for (const [what, bytes] of Object.entries(answers))
    test(`${what} names nobody`, async () => {
      const client = await browser("user=mallory");
      const before = site.webApp.heads.length;
      site.webApp.behave = (socket) => socket.end(bytes, "latin1");
      await assertRefused(client);
      assert.ok(site.webApp.heads.length > before); // it was asked
    });

  test("100 MB, as a body, a chunk, a head or a line, names nobody and costs no memory", async () => {
    const floods = {
      "as=body": megabytes(100, `HTTP/1.1 200 OK\r\nContent-Length: ${100 << 20}\r\n\r\n`),
      "as=endless": megabytes(100, "HTTP/1.1 200 OK\r\n\r\n", " "),
      "as=chunk": megabytes(100, chunked("6400000\r\n"), " "),
      "as=head": megabytes(100, "HTTP/1.1 200 OK\r\n", "X: y\r\n"),
      "as=line": megabytes(100, "HTTP/1.1 200 OK\r\nX: "),
      "as=status": megabytes(100, "HTTP/1.1 200 "),
    };
    site.webApp.behave = (socket, head, cookie) => floods[cookie](socket);
    const clients = await Promise.all(Object.keys(floods).map(browser));
    const before = site.gateway.rss;
    await Promise.all(clients.map(assertRefused));
    assert.ok(site.gateway.rss - before < 48 * 1024, `grew by ${site.gateway.rss - before} KiB`);
  });
});

test("who gets no whole answer is refused when the deadline is over", async () => {
  const late = loggedIn("user=mallory");
  const drip = async (socket, text) => {
    for (let i = 0; i < text.length && !socket.destroyed; ++i) {
      socket.write(text[i]);
      await pause(1000); // a byte a second is the attack
    }
  };
  const ways = {
    "way=silent": () => {},
    "way=late": (socket) => setTimeout(() => socket.write(late), deadline + 1000),
    "way=drip": (socket) => drip(socket, late),
    "way=body": (socket) => {
      const at = late.indexOf("\r\n\r\n") + 4;
      socket.write(late.slice(0, at));
      drip(socket, late.slice(at));
    },
    "way=half": (socket) => socket.write(late.slice(0, -1)),
    "way=chunks": (socket) => {
      socket.write(chunked(""));
      drip(socket, "0".repeat(100));
    },
  };
  site.webApp.behave = (socket, head, cookie) => ways[cookie](socket);
  const clients = await Promise.all(Object.keys(ways).map(browser));
  const began = Date.now();
  await Promise.all(clients.map(assertRefused));
  assert.ok(Date.now() - began > deadline - 1000, "nobody was given time to answer");

  // What comes late is nobody's: not this client's, nor that of who asks next.
  await Promise.all(clients.map((client) => assertRefusedAgain(client)));
});

async function assertRefusedAgain(client) {
  site.webApp.behave = (socket) => socket.write(json({ ok: false, userId: null }));
  await assertRefused(client);
  assert.equal(client.internal.all.length, 2);
}

test("a web app that hangs up at any point of the exchange is refused at once", async () => {
  const bytes = loggedIn("user=mallory");
  for (const at of [0, 1, 9, 17, bytes.indexOf("\r\n\r\n") + 2, bytes.length - 1])
    for (const how of ["end", "resetAndDestroy"]) {
      site.webApp.behave = (socket) => {
        if (at > 0) socket.write(bytes.slice(0, at));
        setImmediate(() => socket[how]());
      };
      const client = await browser("user=mallory");
      const began = Date.now();
      await assertRefused(client);
      assert.ok(Date.now() - began < deadline - 1000, `${how} at ${at}: ${Date.now() - began} ms`);
    }
});

test("answers of every honest kind are read: chunked, until the end, a byte at a time", async () => {
  const kinds = {
    chunked: (socket, body) => socket.write(chunked(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)),
    "HTTP/1.0": (socket, body) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`),
    "until the end": (socket, body) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body}`),
    "in bytes": async (socket, body) => {
      for (const byte of answer(body)) await new Promise((sent) => socket.write(byte, sent));
    },
  };
  for (const [kind, send] of Object.entries(kinds)) {
    const user = site.newUser();
    site.webApp.behave = (socket) => send(socket, JSON.stringify({ ok: true, userId: user }));
    const client = await browser(`kind=${kind.replaceAll(" ", "-")}`);
    assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK", kind);
    await site.redis.publish(user, kind);
    assert.equal(await client.notifications.next(), kind);
  }
});
