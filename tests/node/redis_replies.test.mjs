// SPDX-License-Identifier: MIT
//
// Redis' own replies, changed on their way: other ones, cut, in single bytes, missing. Who waits for
// one is told, at once or within 2 seconds; all others notice nothing. Where Redis says that it is the
// wrong one, the next one is asked meanwhile.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { assertBack, behindNonsense, resp } from "./support/nonsense_redis.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site, dealtWith } from "./support/site.mjs";

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
// Replies to other commands may have come in the same piece; they stay.
const withReply = (bytes, reply) =>
  Buffer.from(bytes.toString("latin1").replace(/\$\d+\r\n[^\r]*userId[^\r]*\r\n/, () => reply), "latin1");

const failed = "USER_ID_RETRIEVAL_RETURNED_ERROR";

describe("the reply to a uuidCookie", () => {
  const unknown = "USERID_IS_NULL";
  const replies = {
    "an error": ["-ERR boo\r\n", failed, 0],
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
        its.front.change = (bytes, link) => (isUser(bytes, link) ? withReply(bytes, reply) : bytes);
        const refused = await subscribe(its);
        its.front.change = (bytes) => bytes;
        assert.equal(refused.code, code);
        assert.ok(refused.ms < 1900, `told after ${refused.ms} ms`);
        await assertBack(site, its);
        assert.deepEqual(its.front.seen, { ...before, commands: before.commands + reconnects });
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

// Redis itself is not asked then, so the uuid is still good.
describe("the reply to a uuidCookie says that this is the wrong server", () => {
  const replies = {
    "no password was given": "-NOAUTH Authentication required.\r\n",
    "it loads its data": "-LOADING Redis is loading the dataset in memory\r\n",
    "it only reads": "-READONLY You can't write against a read only replica.\r\n",
    "its master is away": "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
    "another one has it": "-MOVED 3999 127.0.0.1:6381\r\n",
  };
  // Refuses the first questions that come, in Redis' place. Counts them in `refused`.
  const refuse = (front, reply, most) => {
    front.refused = 0;
    front.answer = (bytes, { kind }) => {
      if (kind !== "commands" || !bytes.includes("cookie-") || front.refused === most) return null;
      ++front.refused;
      return reply.repeat(bytes.toString("latin1").match(/\*\d+\r\n\$/g).length); // other commands may be with it
    };
  };
  for (const [what, reply] of Object.entries(replies)) {
    test(`${what}, twice: asked again over a new connection, and subscribed`, () =>
      behindNonsense(site, async (its) => {
        const before = { ...its.front.seen };
        refuse(its.front, reply, 2);
        const { code, user } = await subscribe(its);
        assert.equal(code, "SUBSCRIPTION_OK");
        assert.equal(its.front.refused, 2);
        // What is found out of a new connection at its beginning may be refused, too: so perhaps once.
        assert.ok(its.front.seen.commands >= before.commands + 1);
        await assertBack(site, its);
        assert.equal(await site.redis.subscribers(channelOf(user)), 1);
      }));

    test(`${what}, each time: told when the subscribe time-out is over, and the next one works`, () =>
      behindNonsense(site, async (its) => {
        refuse(its.front, reply, Infinity);
        const refused = await subscribe(its);
        const asked = its.front.refused;
        its.front.answer = () => null;
        assert.equal(refused.code, failed);
        assert.ok(refused.ms > 1900 && refused.ms < 3000, `told after ${refused.ms} ms`);
        assert.ok(asked > 1 && asked < 100, `asked ${asked} times`);
        await assertBack(site, its);
        assert.equal(await site.redis.subscribers(channelOf(refused.user)), 0);
      }));
  }
});

test("a uuidCookie asked while only the connection for commands is away waits until it is there again", () =>
  behindNonsense(site, async (its) => {
    const held = [];
    its.front.instead = (socket) => held.push(socket);
    its.front.link("commands").socket.destroy();
    await until(() => held.length > 0, "the gateway trying again");
    const user = site.newUser();
    const client = await site.connect({}, its.gateway.url);
    const answer = client.byUuid(await site.redis.mint(user));
    await dealtWith(client);
    assert.deepEqual(client.internal.all, []);
    its.front.instead = null;
    for (const socket of held) socket.destroy();
    assert.equal((await answer).code, "SUBSCRIPTION_OK");
    await site.redis.publish(user, "Hey");
    assert.equal(await client.notifications.next(), "Hey");
    await assertBack(site, its);
  }));

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
