// SPDX-License-Identifier: MIT
//
// An unmodified socket.io-client, each way of connecting with each way of saying who it is, to the
// gateway itself and through the real Nginx.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Site, transports } from "./support/site.mjs";

// Each returns a client that has asked for its user's notifications.
const ways = {
  "a uuid in an event": async (site, user, options, url) => {
    const client = await site.connect(options, url);
    client.socket.emit("subscribe-to-notifications", { uuid: await site.redis.mint(user) });
    return client;
  },
  "cookies, by an event": async (site, user, options, url) => {
    const client = await site.connect({ ...options, extraHeaders: { Cookie: site.logIn(user) } }, url);
    client.socket.emit("subscribe-to-notifications-by-cookies");
    return client;
  },
  "auth.uuid": async (site, user, options, url) =>
    site.connect({ ...options, auth: { uuid: await site.redis.mint(user) } }, url),
  "auth.cookies": async (site, user, options, url) => {
    const extraHeaders = { Cookie: site.logIn(user) };
    return site.connect({ ...options, extraHeaders, auth: { cookies: true } }, url);
  },
};

const site = Site.forThisFile({ nginx: true });

for (const route of ["direct", "nginx"])
  for (const [wire, names] of Object.entries(transports))
    for (const [way, ask] of Object.entries(ways))
      test(`${wire}, ${way}, ${route}`, async () => {
        const [user, other] = [site.newUser(), site.newUser()];
        const client = await ask(site, user, { transports: names }, site.url(route));
        const stranger = await ask(site, other, { transports: names }, site.url(route));
        for (const c of [client, stranger])
          assert.deepEqual(await c.internal.next(), {
            type: "success",
            code: "SUBSCRIPTION_OK",
            message: "subscribed",
          });
        if (names.length > 1) await client.upgraded();
        assert.equal(client.transport, names.at(-1));

        const texts = ["Hey", "", "Grüße 🎉", '"quotes" \\ \u0000 \u2028', "x".repeat(100_000)];
        for (const text of texts) await site.redis.publish(user, text);
        assert.deepEqual(await site.flush(client, user), texts);
        assert.deepEqual(await site.flush(stranger, other), []);
      });

for (const [wire, names] of Object.entries(transports))
  test(`${wire}, with \`protocols\`, of which the first is picked`, async () => {
    const user = site.newUser();
    const client = await site.follow(user, { transports: names, protocols: ["chat.v2", "chat.v1"] });
    if (names.length > 1) await client.upgraded();
    assert.equal(client.transport, names.at(-1));
    const { ws } = client.socket.io.engine.transport;
    if (ws) assert.equal(ws.protocol, "chat.v2");
    await site.redis.publish(user, "Hey");
    assert.equal(await client.notifications.next(), "Hey");
  });

test("half a pair of surrogates, which a page may send, ends nothing", async () => {
  for (const names of Object.values(transports)) {
    const client = await site.follow(site.newUser(), { transports: names });
    client.socket.emit("x", "\ud800", { "\udfff": "\ud83d" });
    client.socket.emit("subscribe-to-notifications", { uuid: "\ud83d" });
    assert.equal((await client.internal.next()).code, "USERID_IS_NULL");
    assert.deepEqual(client.disconnects.all, []);
  }
});

for (const route of ["direct", "nginx"])
  test(`cookies of 9 KB, as of sign-in chunks and analytics, say who it is, ${route}`, async () => {
    const user = site.newUser();
    const cookie = `auth.1=${"x".repeat(4000)}; auth.2=${"y".repeat(4000)}; seen=${"z".repeat(1000)}; id=${user}`;
    site.webApp.users.set(cookie, user);
    for (const names of Object.values(transports)) {
      const options = { transports: names, extraHeaders: { Cookie: cookie }, auth: { cookies: true } };
      const client = await site.connect(options, site.url(route));
      assert.equal((await client.internal.next()).code, "SUBSCRIPTION_OK");
    }
  });

test("all other requests reach the web app, with the host that the browser asked for", async () => {
  for (const path of ["/", "/python/uuidCookie/", "/ions", "/socket.ioo"]) {
    const response = await fetch(site.nginx.url + path);
    assert.equal(await response.text(), `web app: ${path}\n`);
  }
  site.webApp.behave = (request, response) => response.end(JSON.stringify(request.headers));
  const headers = await (await fetch(`${site.nginx.url}/python/currentUserId/`)).json();
  site.webApp.behave = null;
  assert.equal(headers.host, new URL(site.nginx.url).host);
  assert.equal(headers["x-forwarded-host"], new URL(site.nginx.url).host);
  assert.equal(headers["x-forwarded-for"], "127.0.0.1");
  assert.equal(headers["x-forwarded-proto"], "http");
});

test("the uWSGI site has the gateway too", async () => {
  const user = site.newUser();
  const client = await site.follow(user, {}, site.nginx.uwsgiUrl);
  await site.redis.publish(user, "Hey");
  assert.equal(await client.notifications.next(), "Hey");
  assert.equal((await fetch(site.nginx.uwsgiUrl)).status, 502); // nobody speaks uWSGI here
});

describe("two users never see each other's", () => {
  test("with many clients, and messages to all of them mixed", async () => {
    const users = Array.from({ length: 20 }, () => site.newUser());
    const clients = await Promise.all(
      users.map((user, i) => site.follow(user, { transports: [i % 2 ? "websocket" : "polling"] })),
    );
    for (let n = 0; n < 50; ++n) for (const user of users) site.redis.publish(user, `${n} for ${user}`);
    for (const [i, user] of users.entries())
      assert.deepEqual(
        await site.flush(clients[i], user),
        Array.from({ length: 50 }, (_, n) => `${n} for ${user}`),
      );
  });
});
