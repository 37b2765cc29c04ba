// SPDX-License-Identifier: MIT
//
// Requests that are not as they should be (docs/protocol.md): each gets its answer from the table.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { soon, until } from "./support/await.mjs";
import { Polling, RawWebSocket, request } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--max-payload", 100_000, "--threads", 2] });
const engine = (query) => `${site.url()}/socket.io/?${query}`;

async function assertRefused(answer, code, message, status = 400) {
  const { status: got, headers, body } = await answer;
  assert.equal(got, status, body);
  assert.equal(headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(body), { code, message });
}

describe("a handshake", () => {
  const cases = [
    ["EIO=4", 0, "Transport unknown"],
    ["EIO=4&transport=", 0, "Transport unknown"],
    ["EIO=4&transport=carrier-pigeon", 0, "Transport unknown"],
    ["EIO=4&transport=polling&transport=polling", 0, "Transport unknown"],
    ["EIO=4&transport=constructor", 0, "Transport unknown"],
    ["EIO=4&transport=polling&sid=unknown", 1, "Session ID unknown"],
    ["EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", 1, "Session ID unknown"],
    ["EIO=4&transport=polling&sid=ABAAAAAAAAAAAAAAAAAA", 1, "Session ID unknown"],
    ["EIO=4&transport=polling&sid=__AAAAAAAAAAAAAAAAAA", 1, "Session ID unknown"],
    ["EIO=4&transport=polling&sid=%00", 1, "Session ID unknown"],
    ["EIO=4&transport=websocket", 3, "Bad request"],
    ["transport=polling", 5, "Unsupported protocol version"],
    ["EIO=5&transport=polling", 5, "Unsupported protocol version"],
    ["EIO=44&transport=polling", 5, "Unsupported protocol version"],
  ];
  for (const [query, code, message] of cases)
    test(`with ${query}: ${message}`, () => assertRefused(request(engine(query)), code, message));

  for (const method of ["POST", "PUT", "DELETE"])
    test(`by ${method}: Bad handshake method`, () =>
      assertRefused(request(engine("EIO=4&transport=polling"), { method }), 2, "Bad handshake method"));

  test("over a WebSocket that asks for polling, or for a session that is unknown", async () => {
    for (const query of ["EIO=4&transport=polling", "EIO=4&transport=websocket&sid=unknown", "EIO=5&transport=websocket"]) {
      const ws = await RawWebSocket.open(engine(query));
      assert.equal(ws.status, 400);
      ws.end();
    }
  });

  test("says what it should", async () => {
    const { handshake } = await Polling.open(site.url());
    assert.match(handshake.sid, /^[A-Za-z0-9_-]{20}$/);
    const { sid, ...rest } = handshake;
    assert.deepEqual(rest, {
      upgrades: ["websocket"],
      pingInterval: 25000,
      pingTimeout: 20000,
      maxPayload: 100000,
    });
    const { headers } = await request(engine("EIO=4&transport=polling&t=abc"));
    assert.equal(headers["content-type"], "text/plain; charset=UTF-8");
  });
});

describe("a plain request", () => {
  // As behind an Nginx whose configuration says `Connection: upgrade` for everything.
  test("may say Connection: upgrade; without Upgrade it is a plain request", async () => {
    for (const value of ["upgrade", "Upgrade", "keep-alive, upgrade"]) {
      const polling = await Polling.open(site.url(), { headers: { Connection: value } });
      assert.equal((await polling.post("40/io/user/notifications,")).body, "ok");
      assert.match((await polling.packets())[0], /^40\/io\/user\/notifications,/);
    }
  });

  test("with another Upgrade is one too", async () => {
    await Polling.open(site.url(), { headers: { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c" } });
  });
});

describe("polling", () => {
  test("a second GET gets 400 and ends the session; the first gets the close", async () => {
    const polling = await Polling.open(site.url());
    const first = polling.get();
    // Which of two requests comes first is known only when one waits.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await assertRefused(polling.get(), 3, "Bad request");
    assert.deepEqual([(await first).status, (await first).body], [200, "1"]);
    await assertRefused(polling.get(), 1, "Session ID unknown");
  });

  test("GET and POST at the same time are as it should be", async () => {
    const polling = await Polling.open(site.url());
    const waiting = polling.packets();
    assert.equal((await polling.post("40/io/user/notifications,")).body, "ok");
    assert.match((await waiting)[0], /^40/);
  });

  test("POST is answered with ok as text/html", async () => {
    const polling = await Polling.open(site.url());
    const { status, headers, body } = await polling.post("40/io/user/notifications,");
    assert.deepEqual([status, headers["content-type"], body], [200, "text/html", "ok"]);
  });

  test("a POST over maxPayload gets 413, announced or not", async () => {
    for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
      const polling = await Polling.open(site.url());
      const answer = await request(polling.url, { method: "POST", headers, body: "4" + "x".repeat(100_000) });
      assert.equal(answer.status, 413);
    }
  });

  test("a POST of just maxPayload is read", async () => {
    const polling = await Polling.open(site.url());
    await polling.post("40/io/user/notifications,");
    await polling.packets();
    const event = '42/io/user/notifications,["x","';
    const { body } = await polling.post(event + "y".repeat(100_000 - event.length - 2) + '"]');
    assert.equal(body, "ok");
  });

  test("application/octet-stream gets 400", async () => {
    const polling = await Polling.open(site.url());
    const headers = { "Content-Type": "application/octet-stream" };
    await assertRefused(request(polling.url, { method: "POST", headers, body: "4x" }), 3, "Bad request");
  });

  test("a client's close ends its waiting GET with a noop", async () => {
    const polling = await Polling.open(site.url());
    await polling.post("40/io/user/notifications,");
    await polling.packets();
    const waiting = polling.get();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal((await polling.post("1")).body, "ok");
    assert.equal((await waiting).body, "6");
    await assertRefused(polling.get(), 1, "Session ID unknown");
  });

  for (const body of ["", "9", "x", "2", "\x1e", "4\x1e\x1e4", "4x", "42[", "b!", '42/io/user/notifications,["x"]'])
    test(`a POST of ${JSON.stringify(body)} ends the session`, async () => {
      const polling = await Polling.open(site.url());
      await polling.post(body);
      await until(async () => {
        const { status, body } = await polling.get();
        return status === 400 && JSON.parse(body).code === 1;
      }, "the session's end");
    });

  test("other methods get 400", async () => {
    const polling = await Polling.open(site.url());
    for (const method of ["PUT", "DELETE", "PATCH"])
      await assertRefused(request(polling.url, { method }), 3, "Bad request");
    assert.equal((await polling.post("40/io/user/notifications,")).body, "ok");
  });

  test("a waiting GET whose connection breaks ends the session", async () => {
    const polling = await Polling.open(site.url());
    const { connect } = await import("node:net");
    const url = new URL(polling.url);
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await until(async () => (await polling.post("3")).status === 400, "the session's end");
  });
});

test("a client that does not answer the heartbeat is let go", async () => {
  const { Gateway } = await import("./support/processes.mjs");
  const gateway = await Gateway.start(site.redisServer, "--ping-interval", 200, "--ping-timeout", 300);
  try {
    const ws = await RawWebSocket.open(`${gateway.url}/socket.io/?EIO=4&transport=websocket`);
    await ws.text();
    assert.equal(await ws.text(), "2");
    ws.send("3");
    assert.equal(await ws.text(), "2"); // and no answer now
    await soon(ws.ended(), "the end");
    const polling = await Polling.open(gateway.url);
    assert.deepEqual(await polling.packets(), ["2"]);
    await until(async () => (await polling.get()).status === 400, "the end of polling");
  } finally {
    await gateway.stop();
  }
});
