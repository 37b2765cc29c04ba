// SPDX-License-Identifier: MIT
//
// Cookies travel by themselves, so pages of other sites must not connect with them: through the real
// Nginx, and as options and the log have it. What is told of each request is in tests/wire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway } from "./support/processes.mjs";
import { RawWebSocket, request } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const polling = "/socket.io/?EIO=4&transport=polling";
const websocket = "/socket.io/?EIO=4&transport=websocket";
const cookie = { Cookie: "sessionid=1" };

// The status of a handshake with these headers, by polling and by WebSocket.
async function statuses(url, headers) {
  const ws = await RawWebSocket.open(url + websocket, headers);
  ws.end();
  return [(await request(url + polling, { headers })).status, ws.status];
}

test("a page of another site is refused through Nginx", async () => {
  for (const Origin of ["http://evil.example", "https://127.0.0.1.evil.example", "null", "http://", "garbage",
    "file://", "http://user@127.0.0.1", "http://127.0.0.1/path"])
    assert.deepEqual(await statuses(site.url("nginx"), { ...cookie, Origin }), [403, 403], Origin);
  const { body } = await request(site.url("nginx") + polling, { headers: { ...cookie, Origin: "http://evil.example" } });
  assert.deepEqual(JSON.parse(body), { code: 4, message: "Forbidden" });
});

test("a page of the same host is served through Nginx, whatever its port", async () => {
  for (const Origin of ["http://127.0.0.1", "http://127.0.0.1:8080", "https://127.0.0.1"])
    assert.deepEqual(await statuses(site.url("nginx"), { ...cookie, Origin }), [200, 101], Origin);
  const headers = { ...cookie, Host: "Example.org:3333", Origin: "https://example.org" };
  assert.deepEqual(await statuses(site.url("nginx"), headers), [200, 101]);
});

test("no origin, as of curl, is served through Nginx", async () => {
  assert.deepEqual(await statuses(site.url("nginx"), cookie), [200, 101]);
});

test("the log names the origin, the host and the option, once a second, whatever the origin holds", async () => {
  const gateway = await Gateway.start(site.redisServer, "--threads", 1);
  try {
    const refuse = (Origin) => request(gateway.url + polling, { headers: { Host: "gw.example", Origin } });
    for (let i = 0; i < 100; ++i) assert.equal((await refuse(`https://evil-${i}.example`)).status, 403);
    await refuse("https://shop.example.org");
    const named = /(\d+) requests refused: bad_origin; the newest: the origin "https:\/\/shop\.example\.org" is not that of the host "gw\.example"; if .*: --allow-origin https:\/\/shop\.example\.org/;
    await gateway.process.untilSaid(named);
    const lines = gateway.process.output.split("\n").filter((line) => line.includes("bad_origin"));
    const counts = lines.map((line) => Number(line.match(/(\d+) requests refused/)[1]));
    assert.equal(counts.reduce((a, b) => a + b), 101);
    assert.ok(lines.length <= 5, lines.join("\n"));
    await refuse(`https://\x9b[31m$(reboot)${"x".repeat(5000)}`);
    await gateway.process.untilSaid(/the newest: the origin "https:\/\/\\x9b\[31m\$\(reboot\)x+…" is not that of the host "gw\.example"\n/);
  } finally {
    await gateway.stop();
  }
});

test("--allow-origin lets others in; * lets all", async () => {
  const gateway = await Gateway.start(site.redisServer, "--allow-origin", "https://good.example",
    "--allow-origin", "https://also.example:8443", "--allow-origin", "https://*.below.example",
    "--allow-origin", "http://plain.example:80", "--allow-origin", "capacitor://localhost", "--allow-origin", "null");
  const open = await Gateway.start(site.redisServer, "--allow-origin", "*");
  try {
    const status = (Origin) => statuses(gateway.url, { ...cookie, Origin });
    for (const Origin of ["https://good.example", "https://GOOD.example", "https://also.example:8443",
      "https://a.below.example", "https://a.b.below.example", "http://plain.example", "capacitor://localhost", "null"])
      assert.deepEqual(await status(Origin), [200, 101], Origin);
    for (const Origin of ["http://good.example", "https://good.example:444", "https://also.example", "https://x.good.example",
      "https://below.example", "https://evil-below.example", "http://a.below.example", "https://plain.example", "file://"])
      assert.deepEqual(await status(Origin), [403, 403], Origin);
    assert.deepEqual(await statuses(open.url, { ...cookie, Origin: "http://any.example" }), [200, 101]);
    const preflight = await request(gateway.url + polling, {
      method: "OPTIONS",
      headers: { Origin: "https://good.example", "Access-Control-Request-Headers": "x-test" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers["access-control-allow-origin"], "https://good.example");
    assert.equal(preflight.headers["access-control-allow-headers"], "x-test");
  } finally {
    await gateway.stop();
    await open.stop();
  }
});
