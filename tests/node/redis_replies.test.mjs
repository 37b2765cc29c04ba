// SPDX-License-Identifier: MIT
//
// Redis' own replies, changed on their way: other ones, cut, in single bytes, missing. Who waits for
// one is told, at once or within 2 seconds; all others notice nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { assertBack, behindNonsense, resp } from "./support/nonsense_redis.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();

// What a new client is told who gives a good uuidCookie, and after how many ms.
async function subscribe({ gateway }, user = site.newUser()) {
  const client = await site.connect({}, gateway.url);
  const uuid = await site.redis.mint(user);
  const began = Date.now();
  const { type, code } = await client.byUuid(uuid);
  return { type, code, ms: Date.now() - began, client, user };
}

const isUser = (bytes, link) => link.kind === "commands" && bytes.includes("userId");

describe("the reply to a uuidCookie", () => {
  const failed = "USER_ID_RETRIEVAL_RETURNED_ERROR";
  const unknown = "USERID_IS_NULL";
  const replies = {
    "an error": ["-ERR boo\r\n", failed, 0],
    "an error of authority": ["-NOAUTH Authentication required.\r\n", failed, 1],
    "an error of loading": ["-LOADING Redis is loading the dataset in memory\r\n", failed, 1],
    "an error without a word": ["-\r\n", failed, 0],
    "a status": ["+OK\r\n", failed, 0],
    "a number": [":12345\r\n", failed, 0],
    "an array": [resp(["mallory"]), failed, 0],
    "a pong": ["+PONG\r\n", failed, 0],
    "nil": [resp(null), unknown, 0],
    "text without end, almost": [resp("1".repeat(1 << 20)), unknown, 0],
    "nonsense": ["?\r\n", failed, 1],
    "a map of RESP 3": ["%1\r\n$6\r\nuserId\r\n$1\r\n5\r\n", failed, 1],
    "arrays 20,000 deep": ["*1\r\n".repeat(20_000), failed, 1],
    "a negative length": ["$-2\r\n", failed, 1],
  };
  for (const [what, [reply, code, reconnects]] of Object.entries(replies))
    test(`is ${what}: told at once, and the next one works`, () =>
      behindNonsense(site, async (its) => {
        const before = { ...its.front.seen };
        its.front.change = (bytes, link) => (isUser(bytes, link) ? reply : bytes);
        const refused = await subscribe(its);
        its.front.change = (bytes) => bytes;
        assert.equal(refused.code, code);
        assert.ok(refused.ms < 1900, `told after ${refused.ms} ms`);
        await assertBack(site, its);
        // What says that this is the wrong server concerns the connection for messages as well.
        if (/NOAUTH|LOADING/.test(reply)) assert.ok(its.front.seen.commands >= before.commands + reconnects);
        else assert.deepEqual(its.front.seen, { ...before, commands: before.commands + reconnects });
        assert.equal(await site.redis.subscribers(channelOf(refused.user)), 0);
      }));

  for (const how of ["end", "resetAndDestroy"])
    test(`is cut in the middle (${how}): told at once, and the next one works`, () =>
      behindNonsense(site, async (its) => {
        const before = { ...its.front.seen };
        its.front.change = (bytes, link) => {
          if (!isUser(bytes, link)) return bytes;
          link.socket.write(bytes.subarray(0, bytes.length / 2), () => link.socket[how]());
          return null;
        };
        const refused = await subscribe(its);
        its.front.change = (bytes) => bytes;
        assert.equal(refused.code, failed);
        assert.ok(refused.ms < 1900, `told after ${refused.ms} ms`);
        await assertBack(site, its);
        assert.deepEqual(its.front.seen, { ...before, commands: before.commands + 1 });
      }));

  test("does not come: told within 2 seconds, and the next one works", () =>
    behindNonsense(site, async (its) => {
      its.front.change = (bytes, link) => (isUser(bytes, link) ? null : bytes);
      const refused = await subscribe(its);
      its.front.change = (bytes) => bytes;
      assert.equal(refused.code, failed);
      assert.ok(refused.ms < 3000, `told after ${refused.ms} ms`);
      await assertBack(site, its);
    }));

  test("comes twice: the second is nobody's", () =>
    behindNonsense(site, async (its) => {
      const before = { ...its.front.seen };
      its.front.change = (bytes, link) => (isUser(bytes, link) ? Buffer.concat([bytes, bytes]) : bytes);
      const first = await subscribe(its);
      its.front.change = (bytes) => bytes;
      assert.equal(first.code, "SUBSCRIPTION_OK");
      await until(() => its.front.seen.commands > before.commands, "a new connection");
      await assertBack(site, its);
      const other = await subscribe(its);
      assert.equal(other.code, "SUBSCRIPTION_OK");
      assert.equal(await site.redis.subscribers(channelOf(other.user)), 1);
      assert.deepEqual(its.front.seen, { ...before, commands: before.commands + 1 });
    }));
});

describe("a confirmation", () => {
  const changed = {
    "that does not come": () => null,
    "of another channel": () => resp(["subscribe", "/app/user/nobody/notifications", 1]),
    "of nil": () => resp(["subscribe", null, 1]),
    "of another kind": (bytes) => bytes.toString().replace("subscribe", "xubscribe"),
    "that is a refusal": () => "-NOPERM this user has no permissions to access the channel\r\n",
  };
  for (const [what, change] of Object.entries(changed))
    test(`${what}: told within 2 seconds, and the others stay subscribed`, () =>
      behindNonsense(site, async (its) => {
        const ofIt = (bytes) => bytes.includes("$9\r\nsubscribe");
        its.front.change = (bytes, link) => {
          if (!ofIt(bytes) || link.changed) return bytes;
          link.changed = true;
          return change(bytes);
        };
        const { type, ms, client, user } = await subscribe(its);
        // Made good by a reconnect in time is as well.
        if (type === "error") {
          assert.ok(ms < 3000, `told after ${ms} ms`);
          its.front.change = (bytes) => bytes;
        }
        await assertBack(site, its);
        assert.deepEqual(client.notifications.all, []);
        assert.equal(client.answers.length, 1);
        assert.ok(type === "error" || (await site.redis.subscribers(channelOf(user))) === 1);
      }));
});

test("a message that is cut in the middle is told nobody, and the next one is", () =>
  behindNonsense(site, async (its) => {
    const before = { ...its.front.seen };
    its.front.change = (bytes, link) => {
      if (!bytes.includes("cut here")) return bytes;
      link.socket.write(bytes.subarray(0, bytes.indexOf("here")), () => link.socket.end());
      return null;
    };
    await site.redis.publish(its.user, "cut here");
    await until(() => its.front.seen.messages > before.messages, "a new connection");
    await assertBack(site, its);
    assert.deepEqual(its.front.seen, { ...before, messages: before.messages + 1 });
  }));

test("bytes one at a time are as good as any", () =>
  behindNonsense(site, async (its) => {
    const before = { ...its.front.seen };
    its.front.change = (bytes, link) => {
      link.sent = (link.sent ?? Promise.resolve()).then(async () => {
        for (const byte of bytes) {
          link.socket.write(Buffer.of(byte));
          await pause(0);
        }
      });
      return null;
    };
    const { code, client, user } = await subscribe(its);
    assert.equal(code, "SUBSCRIPTION_OK");
    const texts = ["Hey", "\r\n$3\r\n", "ä".repeat(50), ""];
    for (const text of texts) await site.redis.publish(user, text);
    assert.deepEqual(await client.notifications.take(texts.length), texts);
    assert.deepEqual(its.front.seen, before);
  }));
