// SPDX-License-Identifier: MIT
//
// Who is this? As Redis and a web app tell it, and when they don't; a refusal costs nothing but itself.
// What is made of their answers is in tests/identity, what clients are told in tests/gateway.
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { describe, test } from "node:test";
import { Gateway, freePort } from "./support/processes.mjs";
import { pause, soon, until } from "./support/await.mjs";
import { Client, Site } from "./support/site.mjs";

const site = Site.forThisFile();
const code = async (answer) => (await answer).code;

// The connection is as good as before: the next try works, and so does delivery.
async function assertStillUsable(client) {
  const user = site.newUser();
  assert.equal(await code(client.byUuid(await site.redis.mint(user))), "SUBSCRIPTION_OK");
  await site.redis.publish(user, "Hey");
  assert.equal(await client.notifications.next(), "Hey");
  assert.equal(client.socket.connected, true);
}

describe("a uuidCookie", () => {
  test("works once", async () => {
    const uuid = await site.redis.mint(site.newUser());
    const [first, second] = [await site.connect(), await site.connect()];
    assert.equal(await code(first.byUuid(uuid)), "SUBSCRIPTION_OK");
    assert.equal(await code(second.byUuid(uuid)), "USERID_IS_NULL");
    assert.equal(await site.redis.command("EXISTS", `cookie-${uuid}`), 0);
    await assertStillUsable(second);
  });

  test("given by many at the same time is one client's", async () => {
    const user = site.newUser();
    const uuid = await site.redis.mint(user);
    const clients = await Promise.all(Array.from({ length: 20 }, () => site.connect()));
    const codes = await Promise.all(clients.map((c) => code(c.byUuid(uuid))));
    assert.equal(codes.filter((c) => c === "SUBSCRIPTION_OK").length, 1);
    assert.equal(codes.filter((c) => c === "USERID_IS_NULL").length, 19);
  });

  test("that Redis cannot read is an error of Redis'", async () => {
    await site.redis.command("RPUSH", "cookie-not-text", "1"); // GETDEL answers WRONGTYPE
    const client = await site.connect({ auth: { uuid: "not-text" } });
    const answer = await client.internal.next();
    assert.equal(answer.type, "error");
    assert.equal(answer.code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
    await assertStillUsable(client);
  });
});

describe("the web app", () => {
  const refusals = {
    "hangs up": (request) => request.socket.destroy(),
    "hangs up in its answer": (request, response) => {
      response.writeHead(200, { "Content-Length": 100 }).write('{"ok":true,');
      response.on("error", () => {});
      setImmediate(() => request.socket.destroy());
    },
    "speaks no HTTP": (request) => request.socket.end("Hello\r\n\r\n"),
    "never ends its answer": (request, response) => {
      const more = () => response.writableEnded || response.destroyed || response.write("x".repeat(65536), more);
      more();
    },
  };
  for (const [what, behave] of Object.entries(refusals))
    test(`${what}: refused`, async () => {
      const client = await site.connect({ extraHeaders: { Cookie: "sessionid=unknown" } });
      site.webApp.behave = behave;
      const answer = await client.byCookies();
      site.webApp.behave = null;
      assert.equal(answer.type, "error");
      assert.equal(answer.code, "SUBSCRIBE_BY_COOKIES_ERROR");
      await assertStillUsable(client);
    });

  test("is slow: refused after a while, and the others don't wait for it", async () => {
    const client = await site.connect({ extraHeaders: { Cookie: "sessionid=slow" } });
    let asked = false;
    site.webApp.behave = () => (asked = true); // and no answer
    const answer = client.byCookies();
    await until(() => asked);
    site.webApp.behave = null;
    const user = site.newUser();
    const other = await site.connect({ extraHeaders: { Cookie: site.logIn(user) } });
    assert.equal(await code(other.byCookies()), "SUBSCRIPTION_OK");
    assert.equal(client.internal.all.length, 0);
    assert.equal(await code(answer), "SUBSCRIBE_BY_COOKIES_ERROR");
    await assertStillUsable(client);
  });

  test("gets the cookies as the browser sent them, and says a number too", async () => {
    const cookie = 'theme="dark; x"; sessionid=abc%20; a=b=c';
    site.webApp.behave = (request, response) => response.end('{"ok":true,"userId":77}');
    const client = await site.connect({ extraHeaders: { Cookie: cookie } });
    assert.equal(await code(client.byCookies()), "SUBSCRIPTION_OK");
    site.webApp.behave = null;
    assert.equal(site.webApp.asked.at(-1), cookie);
    await site.redis.publish("77", "Hey");
    assert.equal(await client.notifications.next(), "Hey");
  });

  test("is asked once for the same cookies at the same time, for each shard", async () => {
    const cookie = site.logIn(site.newUser());
    const clients = await Promise.all(
      Array.from({ length: 30 }, () => site.connect({ extraHeaders: { Cookie: cookie } })));
    const waiting = [];
    site.webApp.behave = (request, response) => waiting.push(response);
    const before = site.webApp.asked.length;
    const answers = clients.map((c) => code(c.byCookies()));
    await pause(300); // all have asked by then, or else some are asked for later
    await until(() => {
      waiting.splice(0).forEach((r) => r.end('{"ok":true,"userId":"crowd"}'));
      return clients.every((c) => c.internal.all.length === 1);
    });
    site.webApp.behave = null;
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(["SUBSCRIPTION_OK"]));
    assert.ok(site.webApp.asked.length - before <= 2 * cpus().length);
  });

  test("is not asked about a client without cookies", async () => {
    const before = site.webApp.asked.length;
    const client = await site.connect();
    assert.equal(await code(client.byCookies()), "SUBSCRIBE_BY_COOKIES_ERROR");
    assert.equal(site.webApp.asked.length, before);
  });
});

test("a web app that is not there, or no cookie path at all: refused", async () => {
  for (const url of ["", `http://127.0.0.1:${await freePort()}/`]) {
    const gateway = await Gateway.start(site.redisServer, "--subscribe-by-cookies-url", url);
    try {
      const client = new Client(gateway.url, { extraHeaders: { Cookie: "sessionid=1" } });
      await soon(client.connected);
      assert.equal(await code(client.byCookies()), "SUBSCRIBE_BY_COOKIES_ERROR");
      assert.equal(await code(client.byUuid(await site.redis.mint("1"))), "SUBSCRIPTION_OK");
      client.socket.disconnect();
    } finally {
      await gateway.stop();
    }
  }
});

// The script of the old system's page, after docs/protocol.md: cookies first; if they don't do,
// a uuidCookie by Ajax.
test("the old page works unchanged, logged in or not", async () => {
  const user = site.newUser();
  for (const cookie of [site.logIn(user), "sessionid=expired"]) {
    const page = site.client({ extraHeaders: { Cookie: cookie }, transports: ["polling", "websocket"] });
    const { socket } = page;
    const codes = [];
    socket.on("connect", () => socket.emit("subscribe-to-notifications-by-cookies"));
    socket.on("internal", async ({ code }) => {
      codes.push(code);
      if (code === "SUBSCRIBE_BY_COOKIES_ERROR")
        socket.emit("subscribe-to-notifications", { uuid: await site.redis.mint(user) });
    });
    await until(() => codes.includes("SUBSCRIPTION_OK"), "SUBSCRIPTION_OK");
    await site.redis.publish(user, "Hey");
    assert.equal(await page.notifications.next(), "Hey");
    assert.deepEqual(
      codes,
      cookie === "sessionid=expired" ? ["SUBSCRIBE_BY_COOKIES_ERROR", "SUBSCRIPTION_OK"] : ["SUBSCRIPTION_OK"],
    );
  }
});
