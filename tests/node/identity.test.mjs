// SPDX-License-Identifier: MIT
//
// Who is this? Each `internal` code of docs/protocol.md, and that a refusal costs nothing but itself.
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

  const users = ['{"userId":"123"}', '{"userId":123}', "123", '{"userId":"a@b.c+d:e_f-1"}', '{"userId":"auth0|5f7c"}',
    `{"userId":"o'brien@example.org"}`, '{"userId":"José="}'];
  for (const value of users)
    test(`that holds ${value} is read`, async () => {
      const client = await site.connect();
      assert.equal(await code(client.byUuid(await site.redis.mint("", value))), "SUBSCRIPTION_OK");
    });

  const nobody = ["null", "", '""', "false", '{"userId":null}', '{"userId":""}', '{"userId":false}',
    '{"userId":["1"]}', '{"userId":"1 2"}', '{"userId":"1\\u00a02"}', '{"userId":1.5}', '{"userId":"a/b"}',
    '{"userId":"1\\n"}', '{"userId":"1\\u0000"}', '{"userId":"null"}', "{}", "[]", '{"userId":', "a/b",
    `{"userId":"${"1".repeat(256)}"}`];
  for (const value of nobody)
    test(`that holds ${JSON.stringify(value).slice(0, 40)} is nobody's`, async () => {
      const before = (await site.redis.command("PUBSUB", "CHANNELS", "*")).length;
      const client = await site.connect();
      const answer = await client.byUuid(await site.redis.mint("", value));
      assert.equal(answer.type, "error");
      assert.equal(answer.code, "USERID_IS_NULL");
      assert.equal(typeof answer.message, "string");
      assert.ok((await site.redis.command("PUBSUB", "CHANNELS", "*")).length <= before);
      await assertStillUsable(client);
    });

  for (const argument of [undefined, null, {}, [], "text", 1, { uuid: null }, { uuid: 1 }, { uuid: "" },
    { uuid: "unknown" }, { uuid: "x".repeat(100_000) }, { uuid: "a\r\nb" }, { uuid: { uuid: "x" } }])
    test(`given as ${(JSON.stringify(argument) ?? "nothing").slice(0, 40)} is refused`, async () => {
      const client = await site.connect();
      client.socket.emit("subscribe-to-notifications", ...(argument === undefined ? [] : [argument]));
      assert.equal(await code(client.internal.next()), "USERID_IS_NULL");
      await assertStillUsable(client);
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

describe("auth in CONNECT", () => {
  test("that is refused leaves the connection open", async () => {
    const client = await site.connect({ auth: { uuid: "unknown" } });
    assert.equal(await code(client.internal.next()), "USERID_IS_NULL");
    await assertStillUsable(client);
  });

  test("without an identity asks for nothing", async () => {
    for (const auth of [{}, { cookies: false }, { cookies: "true" }, { user: "12345", userId: "12345" }]) {
      const client = await site.connect({ auth });
      await assertStillUsable(client);
      assert.equal(client.internal.all.length, 1); // the answer to the try that was asked for
    }
  });
});

describe("the web app", () => {
  const refusals = {
    "knows nobody with these cookies": null,
    "answers 500": (request, response) => response.writeHead(500).end('{"ok":true,"userId":"1"}'),
    "answers 302": (request, response) => response.writeHead(302, { Location: "/login/" }).end(),
    "answers 204": (request, response) => response.writeHead(204).end(),
    "answers no JSON": (request, response) => response.end("<html>log in</html>"),
    "answers half of its JSON": (request, response) => response.end('{"ok":true,"userId":"1"'),
    "answers JSON of another kind": (request, response) => response.end('["1"]'),
    "says ok without a user": (request, response) => response.end('{"ok":true}'),
    "says ok and null": (request, response) => response.end('{"ok":true,"userId":null}'),
    "says a user and not ok": (request, response) => response.end('{"ok":false,"userId":"1"}'),
    "says a user id that is none": (request, response) => response.end('{"ok":true,"userId":"../1"}'),
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

describe("a second subscription on one socket", () => {
  test("of the same user doubles nothing", async () => {
    const user = site.newUser();
    const client = await site.follow(user);
    for (let i = 0; i < 3; ++i)
      assert.equal(await code(client.byUuid(await site.redis.mint(user))), "SUBSCRIPTION_OK");
    await site.redis.publish(user, "once");
    assert.deepEqual(await site.flush(client, user), ["once"]);
  });

  test("of another user replaces the first", async () => {
    const [first, second] = [site.newUser(), site.newUser()];
    const client = await site.follow(first);
    assert.equal(await code(client.byUuid(await site.redis.mint(second))), "SUBSCRIPTION_OK");
    await site.redis.publish(first, "for the first");
    await site.redis.publish(second, "for the second");
    assert.deepEqual(await site.flush(client, second), ["for the second"]);
  });

  test("that is refused changes nothing", async () => {
    const user = site.newUser();
    const client = await site.follow(user);
    assert.equal(await code(client.byUuid("unknown")), "USERID_IS_NULL");
    await site.redis.publish(user, "Hey");
    assert.equal(await client.notifications.next(), "Hey");
  });

  test("before the first was answered: the last one counts", async () => {
    const [first, second] = [site.newUser(), site.newUser()];
    const uuids = [await site.redis.mint(first), await site.redis.mint(second)];
    const client = await site.connect();
    for (const uuid of uuids) client.socket.emit("subscribe-to-notifications", { uuid });
    assert.equal(await code(client.internal.next()), "SUBSCRIPTION_OK");
    await until(async () => (await site.redis.publish(second, "mark")) > 0);
    await site.redis.publish(first, "for the first");
    await site.flush(client, second);
    assert.ok(!client.notifications.all.includes("for the first"));
  });
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
