// SPDX-License-Identifier: MIT
//
// Redis repeats what it was asked when it does not know a command, and a uuidCookie may hold anything:
// neither reaches the log, nor who asked.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { NonsenseRedis } from "./support/nonsense_redis.mjs";
import { Gateway, Redis } from "./support/processes.mjs";
import { assertHoldsNone, secret } from "./support/secrets.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();

// What such a gateway answers to a uuid; neither that nor its log holds any of the secrets.
async function answer(gateway, uuid, secrets, said) {
  const client = await site.connect({}, gateway.url);
  const event = await client.byUuid(uuid);
  assertHoldsNone(JSON.stringify(event), secrets, "the answer");
  await until(() => said.test(gateway.process.output), `${said} in the log`);
  assertHoldsNone(gateway.process.output, secrets);
  return event.code;
}

// Runs the check with a gateway at its most talkative.
async function withGateway(redis, check) {
  const gateway = await Gateway.launch(redis, "--threads", 1, "--log-level", "debug");
  try {
    await check(gateway);
  } finally {
    site.closeClients();
    await gateway.stop();
  }
}

test("a Redis without GETDEL and scripts repeats the uuid, and the gateway does not", async () => {
  const redis = await Redis.start("--rename-command", "GETDEL", "", "--rename-command", "EVAL", "");
  try {
    await withGateway(redis, async (gateway) => {
      await until(async () => (await (await fetch(`${gateway.url}/healthz`)).json()).redis === "up", "Redis");
      const uuid = secret("uuid");
      const code = await answer(gateway, uuid, { uuid }, /not subscribed: redis_failed: .*unknown command/);
      assert.equal(code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
    });
  } finally {
    await redis.stop();
  }
});

describe("a Redis that answers a uuid with", () => {
  const unknown = "-ERR unknown command 'GETDEL', with args beginning with: ";
  const errors = {
    "the words of Redis 5": (key) => [`-ERR unknown command \`GETDEL\`, with args beginning with: \`${key}\`, \r\n`],
    "the words of Redis 7": (key) => [`${unknown}'${key}' \r\n`],
    "these in two pieces": (key) => [`${unknown}'${key.slice(0, 20)}`, `${key.slice(20)}' \r\n`],
  };
  for (const [name, error] of Object.entries(errors))
    test(`${name} has it kept to itself`, async () => {
      const front = await NonsenseRedis.start(site.redisServer);
      try {
        await withGateway(front, async (gateway) => {
          await until(async () => (await (await fetch(`${gateway.url}/healthz`)).json()).redis === "up", "Redis");
          const uuid = secret("uuid");
          front.change = (bytes, { kind, socket }) => {
            const nil = "$-1\r\n"; // nobody has this uuid
            const at = kind === "commands" ? bytes.indexOf(nil) : -1;
            if (at < 0) return bytes;
            // Replies to other commands may have come in the same piece.
            const around = [bytes.subarray(0, at), ...error(`cookie-${uuid}`), bytes.subarray(at + nil.length)];
            for (const piece of around) if (piece.length > 0) socket.write(piece);
            return null;
          };
          const code = await answer(gateway, uuid, { uuid }, /not subscribed: redis_failed: .*unknown command/);
          assert.equal(code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
        });
      } finally {
        await front.stop();
      }
    });
});

describe("a Redis without AUTH repeats the password, and the gateway does not:", () => {
  for (const user of ["", "somebody"])
    test(user ? "of a user" : "of everybody", async () => {
      const redis = await Redis.start("--rename-command", "AUTH", "");
      const password = secret("password");
      try {
        await withGateway({ url: redis.url.replace("//", `//${user}:${password}@`) }, async (gateway) => {
          const uuid = secret("uuid");
          const code = await answer(gateway, uuid, { password, uuid }, /unknown command/);
          assert.equal(code, "USER_ID_RETRIEVAL_RETURNED_ERROR");
        });
      } finally {
        await redis.stop();
      }
    });
});

describe("a uuidCookie that is unreadable is not shown:", () => {
  const values = {
    "text": (value) => value,
    "text of JSON": (value) => JSON.stringify(`${value}/`),
    "half of an object": (value) => `{"userId":"${value}`,
    "an object without a user": (value) => JSON.stringify({ user: value }),
    "a user that is an array": (value) => JSON.stringify({ userId: [value] }),
    "5,000 bytes": (value) => value.repeat(5000 / value.length + 1),
  };
  for (const [name, make] of Object.entries(values))
    test(name, () => withGateway(site.redisServer, async (gateway) => {
      const value = secret("value");
      const uuid = await site.redis.mint("", make(value));
      const code = await answer(gateway, uuid, { value, uuid }, /not subscribed: unknown_uuid: unreadable/);
      assert.equal(code, "USERID_IS_NULL");
    }));
});
