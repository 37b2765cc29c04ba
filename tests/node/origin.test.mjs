// SPDX-License-Identifier: MIT
//
// Cookies travel by themselves, so pages of other sites must not connect with them (design.md 6).
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

for (const route of ["direct", "nginx"]) {
  test(`a page of another site is refused, ${route}`, async () => {
    for (const Origin of ["http://evil.example", "https://127.0.0.1.evil.example", "null", "http://", "garbage",
      "file://", "http://user@127.0.0.1", "http://127.0.0.1/path"])
      assert.deepEqual(await statuses(site.url(route), { ...cookie, Origin }), [403, 403], Origin);
    const { body } = await request(site.url(route) + polling, { headers: { ...cookie, Origin: "http://evil.example" } });
    assert.deepEqual(JSON.parse(body), { code: 4, message: "Forbidden" });
  });

  test(`a page of the same host is served, whatever its port, ${route}`, async () => {
    for (const Origin of ["http://127.0.0.1", "http://127.0.0.1:8080", "https://127.0.0.1"])
      assert.deepEqual(await statuses(site.url(route), { ...cookie, Origin }), [200, 101], Origin);
    const headers = { ...cookie, Host: "Example.org:3333", Origin: "https://example.org" };
    assert.deepEqual(await statuses(site.url(route), headers), [200, 101]);
  });

  test(`no origin, as of curl, is served, ${route}`, async () => {
    assert.deepEqual(await statuses(site.url(route), cookie), [200, 101]);
  });
}

test("without cookies a foreign page may poll, and not read it; a WebSocket it may not open", async () => {
  const Origin = "http://evil.example";
  assert.deepEqual(await statuses(site.url(), { Origin }), [200, 403]);
  const { headers } = await request(site.url() + polling, { headers: { Origin } });
  assert.equal(headers["access-control-allow-origin"], undefined);
});

test("a page of the same host may read the answers", async () => {
  const Origin = "http://127.0.0.1:8080";
  const { headers } = await request(site.url() + polling, { headers: { ...cookie, Origin } });
  assert.equal(headers["access-control-allow-origin"], Origin);
  assert.equal(headers["access-control-allow-credentials"], "true");
  assert.equal(headers.vary, "Origin");
});

test("a session does not make a foreign origin a friend", async () => {
  const { body } = await request(site.url() + polling, { headers: cookie });
  const { sid } = JSON.parse(body.slice(1));
  const headers = { ...cookie, Origin: "http://evil.example" };
  assert.equal((await request(`${site.url()}${polling}&sid=${sid}`, { headers })).status, 403);
  assert.equal((await request(`${site.url()}${polling}&sid=${sid}`, { headers, method: "POST", body: "1" })).status, 403);
});

test("--allow-origin lets others in; * lets all", async () => {
  const gateway = await Gateway.start(site.redisServer, "--allow-origin", "https://good.example",
    "--allow-origin", "https://also.example:8443");
  const open = await Gateway.start(site.redisServer, "--allow-origin", "*");
  try {
    const status = (Origin) => statuses(gateway.url, { ...cookie, Origin });
    for (const Origin of ["https://good.example", "https://GOOD.example", "https://also.example:8443"])
      assert.deepEqual(await status(Origin), [200, 101], Origin);
    for (const Origin of ["http://good.example", "https://good.example:444", "https://also.example", "https://x.good.example"])
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
