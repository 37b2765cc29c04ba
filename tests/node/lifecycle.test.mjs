// SPDX-License-Identifier: MIT
//
// What the gateway serves besides notifications, and how it ends.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { soon, until } from "./support/await.mjs";
import { Gateway, Process, freePort, privateFolder, program, root } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Client, Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const bundle = (name) => {
  const folder = name === "notify-client.js" ? "examples/browser" : "node_modules/socket.io-client/dist";
  return readFileSync(join(root, folder, name), "utf8");
};

const scripts = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.js.map", "notify-client.js"];

test("the browser's script is that of npm, with its variants and maps, and ours beside it", async () => {
  for (const route of ["direct", "nginx"])
    for (const name of scripts) {
      const response = await fetch(`${site.url(route)}/socket.io/${name}`);
      assert.equal(response.status, 200);
      const type = name.endsWith("map") ? "application/json" : "application/javascript";
      assert.equal(response.headers.get("content-type"), `${type}; charset=UTF-8`);
      assert.equal(await response.text(), bundle(name));
    }
});

test("a browser that has the script is told so", async () => {
  for (const name of ["socket.io.js", "notify-client.js"]) {
    const url = `${site.url()}/socket.io/${name}`;
    const { headers } = await request(url);
    const again = await request(url, { headers: { "If-None-Match": headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.body, "");
    assert.equal((await request(url, { headers: { "If-None-Match": '"other"' } })).status, 200);
  }
});

test("other files of that name are not there, and nothing else of the disk", async () => {
  for (const path of ["socket.io.js.x", "socket.io.mjs", "socket.io/../../bin/notify-gateway", "socket.io%2f..%2fx",
    "notify-client.js.map", "notify-client.jsx"]) {
    const { status, headers, body } = await request(`${site.url()}/socket.io/${path}`);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(body, /ELF/);
    assert.ok(headers["content-type"]);
  }
  const { status, body } = await request(`${site.url()}/socket.io/socket.io.nothing.js`);
  assert.equal(status, 404);
  assert.match(body, /no such file among the scripts that are served/);
});

async function assertHints(gateway) {
  try {
    const { status, body } = await request(`${gateway.url}/socket.io/socket.io.js`);
    assert.equal(status, 404);
    assert.match(body, /was not installed .* run scripts\/deps/);
  } finally {
    await gateway.stop();
  }
}

test("a gateway without npm's scripts says so, and what to do", async () =>
  assertHints(await Gateway.start(site.redisServer, "--bundle-dir", join(root, "examples/browser"))));

test("a gateway beside which no script was installed starts, says so, and what to do", async () => {
  const folder = await privateFolder();
  try {
    const alone = join(folder, "notify-gateway");
    await copyFile(program("notify-gateway"), alone);
    await assertHints(await class extends Gateway {
      run(args) {
        return new Process(alone, args);
      }
    }.start(site.redisServer));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a --bundle-dir that holds no script is refused at the start", async () => {
  const empty = await privateFolder();
  const file = join(root, "README.md");
  try {
    for (const [folder, why] of [
      [join(empty, "nowhere"), `cannot read ${join(empty, "nowhere")}: No such file or directory`],
      [file, `cannot read ${file}: Not a directory`],
      [empty, `${empty} holds no scripts`],
    ]) {
      const gateway = new Process(program("notify-gateway"), ["--port", "0", "--bundle-dir", folder]);
      assert.equal(await soon(gateway.closed, "its end"), 2);
      assert.ok(gateway.output.startsWith(`notify-gateway: --bundle-dir: ${why}`), gateway.output);
    }
  } finally {
    await rm(empty, { recursive: true });
  }
});

test("/healthz counts, and anything else is not served", async () => {
  await site.follow(site.newUser());
  await until(async () => {
    const health = await (await fetch(`${site.url()}/healthz`)).json();
    assert.equal(health.status, "ok");
    assert.equal(health.redis, "up");
    return health.sessions === 1 && health.channels >= 1 && health.connections >= 1;
  }, "the counts");
  for (const path of ["/", "/dev/token", "/dev/send", "/healthz/", "/socket.iox"])
    assert.equal((await request(site.url() + path)).status, 404);
});

test("/healthz and the log say how sessions ended and requests were refused, by name", async () => {
  const gateway = await Gateway.start(site.redisServer, "--threads", 2);
  try {
    for (let i = 0; i < 30; ++i) await request(`${gateway.url}/nowhere`);
    const { sid } = await Polling.open(gateway.url);
    await request(`${gateway.url}${enginePath}polling&sid=${sid}`, { method: "POST", body: "nonsense" });
    await until(async () => {
      const { closed, refused } = await (await fetch(`${gateway.url}/healthz`)).json();
      return closed.parse_error === 1 && refused.nothing_here === 30 && refused.bad_request === 1;
    }, "the counts");
    await until(() => /sessions ended: parse_error/.test(gateway.process.output), "its line in the log");
    const lines = gateway.process.output.match(/refused: nothing_here/g).length;
    assert.ok(lines < 30, `${lines} lines`);
  } finally {
    await gateway.stop();
  }
});

test("HEAD is answered like GET, without the body", async () => {
  const { status, headers, body } = await request(`${site.url()}/healthz`, { method: "HEAD" });
  assert.equal(status, 200);
  assert.ok(Number(headers["content-length"]) > 0);
  assert.equal(body, "");
});

for (const signal of ["SIGTERM", "SIGINT"])
  test(`${signal}: clients see the end, and the gateway ends with 0 within 5 s`, async () => {
    const port = await freePort();
    const gateway = await Gateway.start(site.redisServer, "--port", port);
    const clients = ["websocket", "polling"].map((t) => new Client(gateway.url, { transports: [t] }));
    await soon(Promise.all(clients.map((c) => c.connected)));
    const polling = await Polling.open(gateway.url);
    await polling.post("40" + namespace + ",");
    await polling.packets();
    const waiting = polling.packets();
    const raw = await RawWebSocket.open(`${gateway.url}/socket.io/?EIO=4&transport=websocket`);
    await raw.text();
    const idle = await RawWebSocket.open(`${gateway.url}/socket.io/socket.io.js`); // a connection that is kept

    const began = Date.now();
    assert.equal(await gateway.process.stop(signal), 0);
    assert.ok(Date.now() - began < 5000, `ended after ${Date.now() - began} ms`);

    assert.deepEqual(await waiting, ["1"]);
    assert.equal(await raw.text(), "1");
    assert.equal(await raw.closeCode(), 1001);
    for (const client of clients) assert.equal(await client.disconnects.next(), "transport close");
    await idle.ended();

    // What starts on the same port at once may have it.
    const next = await Gateway.start(site.redisServer, "--port", port);
    await next.stop();
  });

test("a connection that was just answered does not hold up the end", async () => {
  for (let round = 0; round < 10; ++round) {
    const gateway = await Gateway.start(site.redisServer, "--threads", 1); // asks /healthz until it is up
    const began = Date.now();
    await gateway.stop();
    assert.ok(Date.now() - began < 2000, `ended after ${Date.now() - began} ms`);
  }
});
