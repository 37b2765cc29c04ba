// SPDX-License-Identifier: MIT
//
// The log at its most talkative holds nothing of what old clients say either, nor of whose session is
// followed: secrets.test.mjs with Engine.IO 3, JSONP and the session mode.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import io2 from "socket.io-client-2";
import { versions } from "./conformance/support/engine.mjs";
import { Jsonp } from "./conformance/support/socket_io.mjs";
import { soon, until } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { request } from "./support/raw.mjs";
import { assertHoldsNone, secret } from "./support/secrets.mjs";
import { Site, namespace as ns, transports } from "./support/site.mjs";

const site = Site.forThisFile();
const secrets = {};
let gateway;

// Keeps a secret under its name, and gives it back.
const keep = (name, text = secret(name)) => (secrets[name] = text);

before(async () => {
  await until(() => site.gateway, "the site"); // hooks of a file's first level are not waited for by each other
  gateway = await Gateway.start(
    site.redisServer, "--log-level", "debug", "--subscribe-by-cookies-url", site.webApp.url,
    "--session-cookie", "sessionid", "--session-channel", "notifications.{session}");
});
after(() => gateway.stop());

describe("a client of Socket.IO 2", () => {
  for (const [wire, names] of Object.entries(transports))
    test(`${wire}, with a uuid in its query, another in an event, and cookies`, async () => {
      const user = site.newUser();
      const headers = { Cookie: `sessionid=${keep(`cookie, ${wire}`)}` };
      site.webApp.users.set(headers.Cookie, user);
      const uuid = keep(`uuid, ${wire}`, await site.redis.mint(user));
      const options = { library: io2, transports: names, extraHeaders: headers };
      const client = await site.connect({ ...options, query: { uuid } }, gateway.url);
      keep(`session id, ${wire}`, client.socket.io.engine.id);
      assert.equal((await client.internal.next()).code, "SUBSCRIPTION_OK");
      assert.equal((await client.byUuid(keep(`unknown uuid, ${wire}`))).code, "USERID_IS_NULL");
      assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
      await site.redis.publish(user, keep(`message, ${wire}`));
      assert.equal(await client.notifications.next(), secrets[`message, ${wire}`]);

      const used = site.client({ ...options, query: { uuid } }, gateway.url); // a second time
      assert.equal((await used.internal.next()).code, "USERID_IS_NULL");
      const nowhere = site.client({ ...options, ns: `/${keep(`namespace, ${wire}`)}`, query: { uuid } }, gateway.url);
      await assert.rejects(soon(nowhere.connected), (why) => why === "Invalid namespace");
    });
});

for (const version of versions)
  test(`a session by JSONP, EIO=${version.EIO}`, async () => {
    const user = site.newUser();
    const name = (what) => `${what}, JSONP ${version.EIO}`;
    const session = await Jsonp.open(`${gateway.url}/socket.io/`, version);
    keep(name("session id"), session.handshake.sid);
    await session.send(`40${ns},`);
    const ask = (uuid) => session.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
    const until = async (word) => {
      while (!(await soon(session.next(), word)).includes(word));
    };
    await ask(keep(name("unknown uuid")));
    await until("USERID_IS_NULL");
    await ask(keep(name("uuid"), await site.redis.mint(user)));
    await until("SUBSCRIPTION_OK");
    await site.redis.publish(user, keep(name("message")));
    await until(secrets[name("message")]);
    const body = new URLSearchParams({ d: keep(name("payload")) }).toString(); // which is none
    assert.equal((await request(session.url, { method: "POST", body })).status, 400);
    await request(`${session.url}&j=${keep(name("function"))}`);
  });

describe("the session mode", () => {
  for (const [what, options] of Object.entries({ "Socket.IO 2": { library: io2 }, "Socket.IO 4": {} }))
    test(`follows a session, and refuses another, of ${what}`, async () => {
      const session = keep(`session, ${what}`);
      const tab = await site.connect(
        { ns: "/", ...options, extraHeaders: { Cookie: `sessionid=${session}` } }, gateway.url);
      const message = keep(`message of a session, ${what}`);
      await until(() => site.redis.command("PUBLISH", `notifications.${session}`, message), "the subscription");
      assert.equal(await tab.messages.next(), message);
      const other = `${keep(`unusable session, ${what}`)}/`;
      const refused = site.client({ ns: "/", ...options, extraHeaders: { Cookie: `sessionid=${other}` } }, gateway.url);
      await assert.rejects(soon(refused.connected));
    });
});

test("none of their secrets is in the log", async () => {
  const log = () => gateway.process.output;
  for (const words of [/\d not subscribed: unknown_uuid/, /sessions ended: parse_error/])
    await until(() => words.test(log()), `${words} in the log`);
  assert.match(log(), /debug/); // or this would see nothing
  assert.match(log(), /user user-\d+ subscribes to/);
  assert.ok(Object.keys(secrets).length > 20);
  assertHoldsNone(log(), secrets);
});
