// SPDX-License-Identifier: MIT
//
// The log at its most talkative holds nothing that would let its readers be somebody, or read what
// was sent to somebody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { assertHoldsNone, secret } from "./support/secrets.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile();

test("no cookie, uuid, session id, password or message is in the log", async () => {
  const password = secret("password");
  await site.redis.command("CONFIG", "SET", "requirepass", password);
  const secured = { url: `redis://:${password}@127.0.0.1:${site.redisServer.port}` };
  const gateway = await Gateway.start(
    secured, "--log-level", "debug", "--subscribe-by-cookies-url", site.webApp.url,
    "--session-cookie", "sessionid", "--session-channel", "notifications.{session}");
  const secrets = { password };
  try {
    const cookie = secret("cookie");
    secrets.cookie = cookie;
    site.webApp.users.set(`sessionid=${cookie}`, "somebody");
    const headers = { Cookie: `sessionid=${cookie}` };

    // Both identities, served and refused, over each transport.
    for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
      const name = transports.join();
      secrets[`uuid, ${name}`] = await site.redis.mint("somebody");
      secrets[`unknown uuid, ${name}`] = secret("uuid");
      secrets[`message, ${name}`] = secret("message");
      const client = await site.connect({ transports, extraHeaders: headers }, gateway.url);
      secrets[`socket id, ${name}`] = client.socket.id;
      secrets[`session id, ${name}`] = client.socket.io.engine.id;
      assert.equal((await client.byUuid(secrets[`uuid, ${name}`])).code, "SUBSCRIPTION_OK");
      assert.equal((await client.byUuid(secrets[`unknown uuid, ${name}`])).code, "USERID_IS_NULL");
      assert.equal((await client.byCookies()).code, "SUBSCRIPTION_OK");
      await site.redis.publish("somebody", secrets[`message, ${name}`]);
      assert.equal(await client.notifications.next(), secrets[`message, ${name}`]);
      await site.connect({ ns: "/", transports, extraHeaders: headers }, gateway.url);
      client.socket.emit("anything", secrets[`message, ${name}`]);
    }

    // The web app and Redis fail, with all of it in what they say.
    site.webApp.behave = (_, response) => response.writeHead(500, cookie).end(cookie);
    const refused = await site.connect({ extraHeaders: headers }, gateway.url);
    assert.equal((await refused.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");
    site.webApp.behave = (_, response) => response.end(JSON.stringify({ ok: true, userId: "some/body", was: cookie }));
    assert.equal((await refused.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");
    secrets["uuid of another type"] = secret("uuid");
    await site.redis.command("LPUSH", `cookie-${secrets["uuid of another type"]}`, cookie);
    assert.notEqual((await refused.byUuid(secrets["uuid of another type"])).code, "SUBSCRIPTION_OK");

    // What is no protocol, with secrets in it.
    secrets.query = secret("query");
    await request(`${gateway.url}${enginePath}polling&sid=${secrets.query}`, { headers });
    await request(`${gateway.url}/${secrets.query}`, { headers });
    const polling = await Polling.open(gateway.url, { headers });
    secrets["sid of a session that fails"] = polling.sid;
    await polling.post(`42${namespace},["${secrets.query}"`);
    const ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`, headers);
    await ws.text();
    ws.send(secrets.query);
    await ws.ended();

    // Redis goes and refuses the password: the gateway says so without it.
    const log = () => gateway.process.output;
    await until(() => /\d not subscribed: unknown_uuid/.test(log()), "the counts being logged");
    await site.redis.command("CONFIG", "SET", "requirepass", secret("other"));
    await site.redis.command("CLIENT", "KILL", "TYPE", "pubsub");
    await until(() => /lost Redis[^]*password/i.test(log()), "the password being refused");
    assert.match(log(), /debug/); // or the test would see nothing
    assertHoldsNone(log(), secrets);
  } finally {
    site.webApp.behave = null;
    await site.redis.command("CONFIG", "SET", "requirepass", "");
    site.closeClients();
    await gateway.stop();
  }
  assertHoldsNone(gateway.process.output, secrets);
});
