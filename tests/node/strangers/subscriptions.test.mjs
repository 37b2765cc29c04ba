// SPDX-License-Identifier: MIT
//
// Subscriptions that ask for what nobody has, in an event or with CONNECT (docs/protocol.md). None
// reaches Redis as anything but one key, and none hears what is another's.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { until } from "../support/await.mjs";
import { channelOf } from "../support/redis_client.mjs";
import { namespace as ns } from "../support/site.mjs";
import { x } from "./support/bytes.mjs";
import { answers } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";
import { inTime } from "./support/wire.mjs";

const town = Town.forThisFile();

describe("a subscription is refused and the session goes on: by", () => {
  const given = ["", ",null", ",1", ",true", ',"x"', ",[]", ",{}", ',{"uuid":null}', ',{"uuid":1}', ',{"uuid":""}',
    ',{"uuid":[]}', ',{"uuid":["x"]}', ',{"uuid":{"toString":1}}', ',{"uuid":"../x"}', ',{"uuid":"x\\r\\nFLUSHALL\\r\\n"}',
    ',{"uuid":"\\u0000"}', ',{"uuid":"*"}', ',{"uuid":"__proto__"}', `,{"uuid":"${x(129)}"}`, `,{"uuid":"${x(900_000)}"}`,
    ',{"UUID":"x"}', ',{"__proto__":{"uuid":"x"}}'];
  for (const argument of given)
    town.case(argument.slice(0, 40) || "nothing", async () => {
      const ws = await town.session();
      ws.send(`42${ns},["subscribe-to-notifications"${argument}]`);
      assert.match(await inTime(ws.text(), "the refusal"), /"code":"USERID_IS_NULL"/);
    });

  town.case("a uuid of the bystander that is used already", async () => {
    const [first, second] = [await town.session(), await town.session()];
    const uuid = await town.redis.mint("bystander");
    for (const ws of [first, second]) {
      ws.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
      assert.match(await inTime(ws.text(), "the answer"), ws === first ? /SUBSCRIPTION_OK/ : /USERID_IS_NULL/);
    }
  });

  town.case("10,000 uuids one after the other", async () => {
    const ws = await town.session();
    for (let i = 0; i < 10_000; ++i) ws.send(`42${ns},["subscribe-to-notifications",{"uuid":"u-${i}"}]`);
    const last = `42${ns},["subscribe-to-notifications-by-cookies"]`; // who sends no cookies is told at once
    ws.send(last);
    for (let text; (text = await inTime(ws.text(), "the last answer")); )
      if (text.includes("SUBSCRIBE_BY_COOKIES_ERROR")) return;
    assert.fail("the session has ended");
  });
});

describe("a CONNECT is accepted, and its auth", () => {
  const auths = {
    '{"uuid":null}': "USERID_IS_NULL", '{"uuid":1}': "USERID_IS_NULL", '{"uuid":[]}': "USERID_IS_NULL", '{"uuid":{}}': "USERID_IS_NULL",
    '{"uuid":""}': "USERID_IS_NULL", '{"uuid":"x"}': "USERID_IS_NULL", '{"uuid":"x","cookies":true}': "USERID_IS_NULL",
    '{"uuid":"\\r\\n"}': "USERID_IS_NULL", [`{"uuid":"${x(900_000)}"}`]: "USERID_IS_NULL",
    '{"cookies":true}': "SUBSCRIBE_BY_COOKIES_ERROR", '{"cookies":1}': null, '{"cookies":"true"}': null, '{"cookies":[true]}': null,
    '{"UUID":"x"}': null, '{"userId":"bystander"}': null, '{"pid":"x","offset":"x"}': null, '{"pid":1,"offset":{}}': null,
    '{"__proto__":{"uuid":"x","cookies":true}}': null, [`{${'"a":1,'.repeat(100_000)}"a":1}`]: null,
  };
  for (const [auth, code] of Object.entries(auths))
    town.case(`${auth.slice(0, 50)} gets ${code ?? "nothing"}`, async () => {
      const ws = await town.session({ joined: false });
      ws.send(`40${ns},${auth}`);
      assert.match(await inTime(ws.text(), "the answer"), /^40\/io\/user\/notifications,\{"sid":/);
      if (code) assert.ok((await inTime(ws.text(), "the refusal")).includes(`"code":"${code}"`));
      const before = ws.frames.all.length;
      await answers(ws);
      assert.equal(ws.frames.all.length, before + 1); // and nothing else
    });
});

describe("a user id that is none is nobody's:", () => {
  const values = ["null", "false", "{}", "[]", '""', '"null"', '"a b"', '"a\\u00a0b"', '"a\\u202eb"', '"a/b"',
    '"../x"', '"\\u0000"', '"x\\r\\nPUBLISH"', "1.5", "-1.5", "1e3", "not JSON", `"${x(256)}"`,
    `"${"é".repeat(128)}"`, '["bystander"]', '{"id":"bystander"}', '{"userId":["bystander"]}',
    '{"userId":{"id":"bystander"}}', '{"userId":null}', '{"userId":"bystander/notifications"}',
    `{"userId":"${x(5000)}"}`, `${"[".repeat(2000)}`];
  for (const value of values)
    town.case(value.slice(0, 40), async () => {
      const ws = await town.session();
      const uuid = await town.redis.mint("nobody", value);
      ws.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
      assert.match(await inTime(ws.text(), "the refusal"), /"code":"USERID_IS_NULL"/);
    });
});

describe("a user id is one user's, and hears of nobody else's, that", () => {
  const ids = { "is a pattern of Redis": "*", "has all the marks of patterns": "[a-z]?\\*", "is a path of dots": "..",
    "has 255 bytes": x(255), "has 255 bytes of UTF-8": "é".repeat(127) + "x", "is an address": "o'brien@example.org",
    "names its source": "auth0|5f7c", "is another name of the bystander's": "Bystander", "is a list": "bystander,1" };
  for (const [what, id] of Object.entries(ids))
    town.case(what, async () => {
      const ws = await town.session();
      const uuid = await town.redis.mint("somebody", JSON.stringify({ userId: id }));
      ws.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
      assert.match(await inTime(ws.text(), "the answer"), /"code":"SUBSCRIPTION_OK"/);
      assert.equal(await town.redis.subscribers(channelOf(id)), 1);
      for (const user of ["a", "z*", "1", x(254)]) await town.redis.publish(user, "for another");
      assert.equal(await town.redis.publish(id, "for the id"), 1);
      assert.match(await inTime(ws.text(), "the message"), /"message":"for the id"/);
    });
});

town.case("a session that asks for a hundred users in a row hears the last one's messages alone", async () => {
  const ws = await town.session();
  const uuids = await Promise.all(Array.from({ length: 100 }, (_, i) => town.redis.mint(`one-of-many-${i}`)));
  for (const uuid of uuids) ws.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
  const heard = () => ws.frames.all.map((f) => `${f.payload}`).filter((text) => text.includes('"message":"for'));
  await until(async () => {
    await town.redis.publish("one-of-many-99", "for the last");
    return heard().length > 0;
  }, "the last subscription");
  for (let i = 0; i < 99; ++i) await town.redis.publish(`one-of-many-${i}`, "for another");
  await answers(ws);
  assert.ok(heard().every((text) => text.includes("for the last")));
});

town.leavesNothing();
