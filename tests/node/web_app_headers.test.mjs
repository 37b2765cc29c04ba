// SPDX-License-Identifier: MIT
//
// As whom the web app is asked: as the browser, since sites bind a session to its agent or its address,
// and end one that somebody else uses.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Gateway } from "./support/processes.mjs";
import { soon, until } from "./support/await.mjs";
import { RawWebApp } from "./support/raw_web_app.mjs";
import { Client, Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--web-app-header", "X-Tenant"] });

// What the web app was asked for a client with these headers: lines, without those of HTTP.
async function asked(headers) {
  const client = await site.connect({ extraHeaders: headers });
  assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
  const [request, ...lines] = site.webApp.heads.at(-1).split("\r\n");
  assert.equal(request, "GET /python/currentUserId/ HTTP/1.1");
  return lines.filter((line) => !/^(Host|Accept|Connection):/.test(line));
}

test("the web app is asked as the browser, through whatever proxies it came", async () => {
  const Cookie = `user=${site.newUser()}; theme=dark`;
  const lines = await asked({
    Cookie,
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    Authorization: "Basic eDp5",
    "Accept-Language": "de,en;q=0.5",
    "X-Tenant": "7",
    "X-Other": "8",
    Referer: "http://site.example/",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "site.example, inner.example",
    "X-Forwarded-Proto": "https",
  });
  assert.deepEqual(lines, [
    `Cookie: ${Cookie}`,
    "Authorization: Basic eDp5",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Accept-Language: de,en;q=0.5",
    "X-Tenant: 7",
    "X-Forwarded-For: 203.0.113.9",
    "X-Forwarded-Host: site.example",
    "X-Forwarded-Proto: https",
  ]);
});

test("without a proxy the web app hears what the gateway sees, and no agent but the client's", async () => {
  const Cookie = `user=${site.newUser()}`;
  assert.deepEqual(await asked({ Cookie }), [
    `Cookie: ${Cookie}`,
    "X-Forwarded-For: 127.0.0.1",
    `X-Forwarded-Host: 127.0.0.1:${new URL(site.gateway.url).port}`,
    "X-Forwarded-Proto: http",
  ]);
});

test("browsers with equal cookies and different agents are two questions", async () => {
  const Cookie = `user=${site.newUser()}`;
  for (const agent of ["one", "another"])
    assert.ok((await asked({ Cookie, "User-Agent": agent })).includes(`User-Agent: ${agent}`));
});

// One polling request; returns its answer's body.
function ask(method, path, lines, body = "") {
  return soon(new Promise((resolve, reject) => {
    const { hostname, port } = new URL(site.gateway.url);
    const head = [`${method} ${path} HTTP/1.1`, "Host: x", "Connection: close", `Content-Length: ${body.length}`, ...lines];
    let received = "";
    connect(port, hostname, function () { this.end(`${head.join("\r\n")}\r\n\r\n${body}`); })
      .on("data", (data) => (received += data))
      .on("error", reject)
      .on("close", () => resolve(received.split("\r\n\r\n").slice(1).join("\r\n\r\n")));
  }), path);
}

test("cookies in two lines, as HTTP/2 has them, reach the web app as one", async () => {
  const lines = ["Cookie: theme=dark", `Cookie: user=${site.newUser()}`];
  const polling = "/socket.io/?EIO=4&transport=polling";
  const { sid } = JSON.parse((await ask("GET", polling, lines)).slice(1));
  const before = site.webApp.heads.length;
  await ask("POST", `${polling}&sid=${sid}`, lines, `40${namespace},{"cookies":true}`);
  await until(() => site.webApp.heads.length > before, "the question");
  assert.match(site.webApp.heads.at(-1), new RegExp(`^Cookie: theme=dark; ${lines[1].slice(8)}\r$`, "m"));
});

test("a web app that listens on a unix socket is asked there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "notify-"));
  const socket = join(folder, "app.sock");
  const heads = [];
  const app = createServer((request, response) => {
    heads.push([request.url, request.headers.host]);
    response.end('{"userId":"auth0|5f7c"}');
  });
  await new Promise((resolve) => app.listen(socket, resolve));
  const gateway = await Gateway.start(site.redisServer, "--subscribe-by-cookies-url", `unix:${socket}:/who/?a=b`);
  const client = new Client(gateway.url, { extraHeaders: { Cookie: "sid=1" } });
  try {
    await soon(client.connected);
    assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
    assert.deepEqual(heads, [["/who/?a=b", "localhost"]]);
    await site.redis.publish("auth0|5f7c", "Hey");
    assert.equal(await client.notifications.next(), "Hey");
  } finally {
    client.socket.disconnect();
    await gateway.stop();
    app.closeAllConnections();
    await new Promise((resolve) => app.close(resolve));
    await rm(folder, { recursive: true });
  }
});

describe("Authorization, which a browser sends by itself as it does cookies,", () => {
  test("says who a client without cookies is", async () => {
    const client = await site.connect({ extraHeaders: { Authorization: "Basic eDp5" } });
    assert.equal((await client.byCookies()).message, "nobody is logged in");
  });

  test("is not for pages of other sites", async () => {
    const answer = await fetch(`${site.gateway.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { Authorization: "Basic eDp5", Origin: "http://evil.example" },
    });
    assert.equal(answer.status, 403);
  });
});
