// SPDX-License-Identifier: MIT
//
// What the public suites take for granted of the server that they test: pages of any origin may read
// its answers, nobody but this machine reaches it, and who does not join is waited for 5 seconds.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { soon } from "../support/await.mjs";
import { Process, program } from "../support/processes.mjs";
import { RawWebSocket, request } from "../support/raw.mjs";
import { EchoServer } from "./support/echo_server.mjs";
import { address, versions } from "./support/engine.mjs";

const server = EchoServer.forThisFile();
const Origin = "https://foreign.example";
const servers =
  { "Socket.IO": () => server.socketIo, "Engine.IO": () => server.engineIo, WebSocket: () => server.webSocket };

for (const name of ["Socket.IO", "Engine.IO"])
  describe(`a page of another site may, at ${name},`, () => {
    const polling = (query = "") => address(servers[name](), versions[0], "polling", query);
    const readable = { "access-control-allow-origin": Origin, "access-control-allow-credentials": "true" };

    function assertReadable({ status, headers }, expected) {
      assert.equal(status, expected);
      for (const [field, value] of Object.entries(readable)) assert.equal(headers[field], value);
    }

    for (const [what, more] of Object.entries({ "": {}, " with cookies": { Cookie: "a=b" } }))
      test(`read a handshake${what}, and what it goes on with`, async () => {
        const headers = { Origin, ...more };
        const opened = await request(polling(), { headers });
        assertReadable(opened, 200);
        const { sid } = JSON.parse(opened.body.slice(1));
        assertReadable(await request(polling(`&sid=${sid}`), { method: "POST", headers, body: "40" }), 200);
        assertReadable(await request(polling(`&sid=${sid}`), { headers }), 200);
      });

    test("read a refusal", async () => assertReadable(await request(polling("&sid=x"), { headers: { Origin } }), 400));

    test("ask whether it may", async () => {
      const headers = { Origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-header" };
      const answer = await request(polling(), { method: "OPTIONS", headers });
      assertReadable(answer, 204);
      assert.equal(answer.headers["access-control-allow-headers"], "x-header");
      assert.match(answer.headers["access-control-allow-methods"], /POST/);
    });

    test("open a WebSocket", async () => {
      const ws = await RawWebSocket.open(address(servers[name](), versions[0], "websocket"), { Origin, Cookie: "a=b" });
      assert.equal(ws.status, 101);
      ws.end();
    });
  });

for (const name of Object.keys(servers))
  test(`${name} is served at 127.0.0.1 and nowhere else, not even at 127.0.0.2`, async () => {
    const { hostname, port } = new URL(servers[name]());
    assert.equal(hostname, "127.0.0.1");
    const outcome = (host) => soon(new Promise((resolve) => {
      const socket = connect(Number(port), host).on("error", ({ code }) => resolve(code));
      socket.on("connect", () => (socket.destroy(), resolve("connected")));
    }), "the connection");
    assert.equal(await outcome("127.0.0.1"), "connected");
    for (const host of ["127.0.0.2", "::1"])
      assert.match(await outcome(host), /^(ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH)$/);
  });

test("who does not join a namespace within 5 s is let go, and --help says so", async () => {
  const began = Date.now();
  const ws = await RawWebSocket.open(address(server.socketIo, versions[0], "websocket"));
  const opened = Date.now();
  await ws.ended();
  const now = Date.now();
  assert.ok(now - began >= 4900 && now - opened < 7000, `after ${now - opened} ms`);
  const help = new Process(program("echo_server"), ["--help"]);
  assert.equal(await help.closed, 0);
  assert.match(help.output, /--connect-timeout TIME.*default 5000ms/);
});
