// SPDX-License-Identifier: MIT
//
// The session mode (docs/protocol.md): a browser follows the channel of its web session.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { RawWebSocket } from "./support/raw.mjs";
import { RedisClient } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({
  nginx: true,
  gateway: ["--session-cookie", "sessionid", "--session-channel", "notifications.{session}"],
});
const browser = (cookie, options = {}, url) =>
  site.connect({ ns: "/", extraHeaders: { Cookie: cookie }, ...options }, url);
const publish = (session, text) => site.redis.command("PUBLISH", `notifications.${session}`, text);

// CONNECT is answered before Redis has confirmed; publishes until somebody listens.
async function publishSoon(session, text) {
  while ((await publish(session, text)) === 0);
}

for (const route of ["direct", "nginx"])
  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]])
    test(`each tab of a session gets its messages as text, ${transports}, ${route}`, async () => {
      const session = site.newUser();
      const cookie = `csrftoken=x; sessionid=${session}; theme=dark`;
      const tabs = [];
      for (let i = 0; i < 3; ++i) tabs.push(await browser(cookie, { transports }, site.url(route)));
      const stranger = await browser(`sessionid=other-${session}`, { transports }, site.url(route));
      const text = JSON.stringify({ actor: "joe", verb: "greets", level: "info" });
      await publishSoon(`other-${session}`, "yours");
      await publishSoon(session, text);
      for (const tab of tabs) assert.equal(await tab.messages.next(), text);
      await publish(session, '{"mark_as_read":true}');
      for (const tab of tabs) assert.equal(await tab.messages.next(), '{"mark_as_read":true}');
      assert.equal(await stranger.messages.next(), "yours");
      await publish(`other-${session}`, "yours too");
      assert.equal(await stranger.messages.next(), "yours too");
    });

test("without a usable session there is no connection, and the reason is told", async () => {
  for (const cookie of ["", "other=1", "sessionid=", "sessionid=a/b", "sessionid=a%2Fb/", `sessionid=${"x".repeat(257)}`]) {
    const client = site.client({ ns: "/", extraHeaders: cookie ? { Cookie: cookie } : {} });
    await assert.rejects(client.connected, { message: "no usable 'sessionid' cookie: log in first" });
  }
});

test("the notifications of users work beside it, on the same connection", async () => {
  const [session, user] = [site.newUser(), site.newUser()];
  const inbox = await browser(`sessionid=${session}`);
  const socket = inbox.socket.io.socket("/io/user/notifications", {
    auth: { uuid: await site.redis.mint(user) },
  });
  const [answer] = await new Promise((resolve) => socket.once("internal", (...args) => resolve(args)));
  assert.equal(answer.code, "SUBSCRIPTION_OK");
  const received = new Promise((resolve) => socket.once("notification", resolve));
  await publishSoon(session, "for the session");
  await site.redis.publish(user, "for the user");
  assert.deepEqual(await received, { message: "for the user" });
  assert.equal(await inbox.messages.next(), "for the session");
});

test("a client of protocol 3 is in the main namespace without asking, and asking is joining twice", async () => {
  const headers = { Cookie: `sessionid=${site.newUser()}` };
  for (const again of ["40", "40/?uuid=x,"]) {
    const ws = await RawWebSocket.open(`${site.url()}/socket.io/?EIO=3&transport=websocket`, headers);
    assert.match(await ws.text(), /^0\{/);
    assert.equal(await ws.text(), "40");
    ws.send(again);
    assert.equal(await ws.closeCode(), 1002);
  }
});

test("after Redis was away each tab has to connect again, and so learns of the gap", async () => {
  const session = site.newUser();
  const tab = await browser(`sessionid=${session}`);
  await publishSoon(session, "before");
  assert.equal(await tab.messages.next(), "before");
  await site.redisServer.process.stop("SIGKILL");
  await site.redisServer.launch();
  site.redis = await RedisClient.connect(site.redisServer);
  await tab.disconnects.next();
  const back = await browser(`sessionid=${session}`);
  // Its shard need not be the first tab's, whose channel lingers: who receives says nothing of it.
  const arrives = async () => (await publish(session, "after")) > 0 && back.messages.all.length > 0;
  await until(arrives, "a message to the tab that is back");
  assert.equal(await back.messages.next(), "after");
  assert.deepEqual(tab.messages.all, ["before"]);
});
