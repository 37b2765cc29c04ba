// SPDX-License-Identifier: MIT
//
// Pages of other sites, and whoever claims to be a proxy: they open nothing and read nothing, whatever
// they say of themselves.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { soon } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: !process.env.NOTIFY_TEST_STRANGER });
const cookie = { Cookie: "sessionid=1" };
const [stranger, proxy] = ["198.51.100.7", "203.0.113.9"]; // of RFC 5737
const evil = { Origin: "https://evil.example" };

// The status of a handshake with these headers, by polling and by WebSocket.
async function statuses(url, headers) {
  const ws = await RawWebSocket.open(`${url}${enginePath}websocket`, headers);
  ws.end();
  return [(await request(`${url}${enginePath}polling`, { headers })).status, ws.status];
}

// Answers of all kinds to a page of this origin, by what they are.
async function answersTo(url, headers) {
  const polling = `${url}${enginePath}polling`;
  const { sid } = await Polling.open(url);
  const own = `${polling}&sid=${sid}`;
  const ask = (to, method = "GET", body, more = {}) => request(to, { method, headers: { ...headers, ...more }, body });
  return {
    handshake: await ask(polling),
    post: await ask(own, "POST", "40"),
    poll: await ask(own),
    "unknown transport": await ask(`${url}/socket.io/?EIO=4&transport=constructor`),
    "unknown session": await ask(`${polling}&sid=nobody`),
    "bad method": await ask(polling, "POST", "x"),
    preflight: await ask(polling, "OPTIONS", undefined,
      { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-test" }),
    "with cookies": await ask(polling, "GET", undefined, cookie),
    health: await ask(`${url}/healthz`),
    nothing: await ask(`${url}/nothing`),
  };
}

function tests() {
  describe("CORS", () => {
    test("lets a page of another site read no answer through Nginx", async () => {
      for (const Origin of [evil.Origin, "null", "https://127.0.0.1.evil.example"])
        for (const [what, { headers }] of Object.entries(await answersTo(site.url("nginx"), { Origin })))
          for (const name of Object.keys(headers))
            assert.doesNotMatch(name, /^access-control-/, `${what}, ${Origin}`);
    });

    for (const ending of ["\r\n ", "\r\n\t", "\r", "\n", "\n\r", "\0"])
      test(`adds no header that came within another, after ${JSON.stringify(ending)}`, async () => {
        const tail = `${ending}X-Injected: yes`;
        for (const header of [`Origin: http://127.0.0.1${tail}`,
          `Origin: http://127.0.0.1\r\nAccess-Control-Request-Headers: x-test${tail}`])
          for (const method of ["GET", "OPTIONS"]) {
            const first = `${method} ${enginePath}polling HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
            const head = await rawHead(`${first}${header}\r\n\r\n`);
            assert.match(head, /^HTTP\/1.1 \d/);
            assert.doesNotMatch(head, /^X-Injected/im);
          }
      });
  });

  test("a page of another site that says who its proxy is gets nothing from Nginx", async () => {
    const through = (headers) => statuses(site.url("nginx"), { ...cookie, ...headers });
    const other = { Forwarded: "host=evil.example", "X-Host": "evil.example", "X-Original-Host": "evil.example" };
    for (const host of ["evil.example", "evil.example, 127.0.0.1", "127.0.0.1, evil.example"])
      assert.deepEqual(await through({ ...evil, ...other, "X-Forwarded-Host": host }), [403, 403], host);
    const own = { Origin: "http://127.0.0.1", "X-Forwarded-Host": "evil.example" };
    assert.deepEqual(await through(own), [200, 101]);
  });

  // Loopback is always believed, so a stranger must come from elsewhere: this file runs itself in a
  // network of its own, where other addresses are this machine's too.
  test("whoever is no proxy of ours is not believed what a proxy says", async (t) => {
    const enter = [["-rn"], ["-n"]].find((flags) => spawnSync("unshare", [...flags, "ip", "-V"]).status === 0);
    if (!enter) return t.skip("needs unshare and ip, and the right to use them");
    const addresses = [stranger, proxy].map((address) => `ip addr add ${address}/32 dev lo`).join(" && ");
    const script = `ip link set lo up && ${addresses} && exec "$@"`;
    const again = [process.execPath, "--test", fileURLToPath(import.meta.url)];
    const { NODE_TEST_CONTEXT, ...env } = process.env; // it is no test of a test
    const child = spawn("unshare", [...enter, "sh", "-c", script, "sh", ...again],
      { env: { ...env, NOTIFY_TEST_STRANGER: "1" } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    assert.equal(await soon(new Promise((resolve) => child.once("close", resolve)), "its end"), 0, output);
    assert.match(output, /^# pass 2$/m);
  });
}

// In that network. The address that is called is also the one that calls.
function testsOfStrangers() {
  const forged = { ...cookie, Origin: "https://site.example", "X-Forwarded-Host": "site.example" };
  const from = (gateway, address) => gateway.url.replace(new URL(gateway.url).hostname, address);

  test("a stranger is not believed, whatever he says; loopback is", async () => {
    const gateway = await Gateway.start(site.redisServer, "--host", "0.0.0.0");
    const served = { ...cookie, Origin: `http://${stranger}` };
    try {
      for (const claim of [{}, { "X-Forwarded-For": "127.0.0.1" }, { "X-Real-IP": "127.0.0.1" },
        { Forwarded: "for=127.0.0.1;host=site.example" }, { "X-Forwarded-For": "::1", "X-Forwarded-Proto": "https" }])
        for (const address of [stranger, proxy])
          assert.deepEqual(await statuses(from(gateway, address), { ...forged, ...claim }), [403, 403]);
      assert.deepEqual(await statuses(from(gateway, "127.0.0.1"), forged), [200, 101]);
      assert.deepEqual(await statuses(from(gateway, stranger), served), [200, 101]);
    } finally {
      await gateway.stop();
    }
  });

  test("--trusted-proxy is believed, from its addresses only", async () => {
    const options = ["--host", "0.0.0.0", "--trusted-proxy", "203.0.113.0/24"];
    const gateway = await Gateway.start(site.redisServer, ...options);
    const lies = { ...forged, "X-Forwarded-For": proxy };
    try {
      assert.deepEqual(await statuses(from(gateway, proxy), forged), [200, 101]);
      assert.deepEqual(await statuses(from(gateway, proxy), { ...forged, ...evil }), [403, 403]);
      assert.deepEqual(await statuses(from(gateway, stranger), forged), [403, 403]);
      assert.deepEqual(await statuses(from(gateway, stranger), lies), [403, 403]);
    } finally {
      await gateway.stop();
    }
  });
}

// Sends a request as it is; resolves to the head of the answer, or "HTTP/1.1 0" for the end.
async function rawHead(text) {
  const { hostname, port } = new URL(site.gateway.url);
  const socket = connect(Number(port), hostname);
  const first = new Promise((resolve) => {
    socket.once("data", (data) => resolve(data.toString("latin1").split("\r\n\r\n")[0]));
    socket.once("close", () => resolve("HTTP/1.1 0")).once("error", () => resolve("HTTP/1.1 0"));
  });
  socket.write(text, "latin1");
  return soon(first, "the answer").finally(() => socket.destroy());
}

if (process.env.NOTIFY_TEST_STRANGER) testsOfStrangers();
else tests();
