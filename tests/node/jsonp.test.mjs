// SPDX-License-Identifier: MIT
//
// Clients that poll by scripts and forms, as browsers without CORS do (docs/protocol.md). Any site's page
// can be one, so that their cookies are nobody's word.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import io2 from "socket.io-client-2";
import { Polling, versions } from "./conformance/support/engine.mjs";
import { Jsonp } from "./conformance/support/socket_io.mjs";
import { soon } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { RawWebSocket, request } from "./support/raw.mjs";
import { ScriptPage } from "./support/script_page.mjs";
import { Site, namespace as ns } from "./support/site.mjs";

const limit = 2000; // bytes of a form
const site = Site.forThisFile({ gateway: ["--max-payload", limit] });
const [v4] = versions;
const texts =
  ["Hey", "", "Grüße 🎉🎉", '"quotes" \\ \\n \\\\n \n \u0000', "</script>\u2028\u2029", "é".repeat(100_000)];

// The next packet of this socket's that holds the word.
async function packetWith(session, word) {
  for (let packet; (packet = await soon(session.next(), word)); ) if (packet.includes(word)) return packet;
}

async function joined(version, packet = `40${ns},`, gateway = site.gateway) {
  const session = await Jsonp.open(`${gateway.url}/socket.io/`, version);
  await session.send(packet);
  return session;
}

const internal = (session) => packetWith(session, '"internal"').then((p) => JSON.parse(p.slice(p.indexOf("[")))[1]);

describe("a session by scripts and forms is served:", () => {
  for (const version of versions) {
    const inConnect = (uuid) => (version === v4 ? `40${ns},{"uuid":"${uuid}"}` : `40${ns}?uuid=${uuid},`);
    const ways = {
      "an event": async (uuid) => {
        const session = await joined(version);
        await session.send(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);
        return session;
      },
      "its CONNECT": (uuid) => joined(version, inConnect(uuid)),
    };
    for (const [way, subscribe] of Object.entries(ways))
      test(`EIO=${version.EIO}, a uuid in ${way}`, async () => {
        const [user, other] = [site.newUser(), site.newUser()];
        const session = await subscribe(await site.redis.mint(user));
        const stranger = await subscribe(await site.redis.mint(other));
        for (const s of [session, stranger]) assert.equal((await internal(s)).code, "SUBSCRIPTION_OK");
        for (const text of texts) await site.redis.publish(user, text);
        await site.redis.publish(other, "yours");
        const got = [];
        while (got.length < texts.length)
          got.push(JSON.parse((await packetWith(session, '"notification"')).replace(/^[^[]*/, ""))[1].message);
        assert.deepEqual(got, texts);
        assert.match(await packetWith(stranger, '"notification"'), /"yours"/);
      });
  }
});

describe("a session by scripts and forms keeps no cookies:", () => {
  const byEvent = `42${ns},["subscribe-to-notifications-by-cookies"]`;

  // All requests of such a session have the cookie of a user who is logged in, as those of a browser do.
  async function withCookies(version, Kind, Cookie, packets) {
    const post = (session, body) => request(session.url, { method: "POST", body, headers: { Cookie } });
    const query = Kind === Jsonp ? "&j=7" : "";
    const url = `${site.url()}/socket.io/?EIO=${version.EIO}&transport=polling${query}`;
    const { body } = await request(url, { headers: { Cookie } });
    const [sid] = body.match(/(?<=sid\\?":\\?")[\w-]{20}/);
    const upgradeUrl = `${url.replace("polling", "websocket").replace(query, "")}&sid=${sid}`;
    const session = { url: `${url}&sid=${sid}`, upgradeUrl };
    const payload = version.write(packets);
    const sent = await post(session, Kind === Jsonp ? new URLSearchParams({ d: payload }).toString() : payload);
    assert.deepEqual([sent.status, sent.body], [200, "ok"]);
    session.until = async (word) => {
      for (;;) {
        const answer = await request(session.url, { headers: { Cookie } });
        assert.equal(answer.status, 200);
        if (answer.body.includes(word)) return answer.body;
      }
    };
    return session;
  }

  for (const version of versions) {
    const asks = { "an event that asks by cookies": [`40${ns},`, byEvent] };
    if (version === v4) asks["auth that asks by cookies"] = [`40${ns},{"cookies":true}`];
    for (const [what, packets] of Object.entries(asks))
      test(`EIO=${version.EIO}, ${what} is refused, and the web app is not asked`, async () => {
        const user = site.newUser();
        const cookie = site.logIn(user);
        const page = await withCookies(version, Polling, cookie, packets);
        await page.until("SUBSCRIPTION_OK"); // of a page that may read its answers
        const asked = site.webApp.asked.length;
        const session = await withCookies(version, Jsonp, cookie, packets);
        assert.match(await session.until("internal"), /SUBSCRIBE_BY_COOKIES_ERROR.*the browser sent no cookies/);
        assert.equal(site.webApp.asked.length, asked);
      });
  }

  test("not even those of a WebSocket that it goes on with", async () => {
    const cookie = site.logIn(site.newUser());
    const session = await withCookies(v4, Jsonp, cookie, [`40${ns},`]);
    await session.until(`40${ns},`);
    const ws = await RawWebSocket.open(session.upgradeUrl, { Cookie: cookie });
    for (const text of ["2probe", "5", byEvent]) ws.send(text);
    assert.equal(await ws.text(), "3probe");
    assert.match(await ws.text(), /SUBSCRIBE_BY_COOKIES_ERROR/);
    assert.equal(site.webApp.asked.includes(cookie), false);
    ws.end();
  });

  test("in the session mode it follows no session", async () => {
    const gateway = await Gateway.start(
      site.redisServer, "--session-cookie", "sessionid", "--session-channel", "notifications.{session}");
    try {
      const headers = { Cookie: "sessionid=abc" };
      const url = `${gateway.url}/socket.io/?EIO=3&transport=polling`;
      // Clients of protocol 3 are in the main namespace at once, or are told why not.
      const first = async (query) => {
        const [sid] = (await request(url + query, { headers })).body.match(/(?<=sid\\?":\\?")[\w-]{20}/);
        return (await request(`${url}${query}&sid=${sid}`, { headers })).body;
      };
      assert.equal(await first(""), "2:40");
      assert.match(await first("&j=0"), /no usable 'sessionid' cookie/);
      const channel = "notifications.abc";
      assert.deepEqual(await site.redis.command("PUBSUB", "CHANNELS", channel), [channel]); // of the former
    } finally {
      await gateway.stop();
    }
  });
});

test("a form may be as long as --max-payload, and one past it costs the request, not the session", async () => {
  const session = await joined(v4);
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const form = (size, start = `d=42${ns},["`) => `${start}${"x".repeat(size - start.length - 2)}"]`;
  const post = (size) => request(session.url, { method: "POST", headers, body: form(size) });
  assert.deepEqual([(await post(limit)).status, (await post(limit + 1)).status], [200, 413]);
  assert.deepEqual([(await post(limit + 1)).status, (await post(limit)).status], [413, 200]);
  await session.send(`42${ns},["subscribe-to-notifications",{"uuid":"unknown"}]`);
  assert.equal((await internal(session)).code, "USERID_IS_NULL");
});

describe("socket.io-client 2 with forceJSONP, in what it takes for a page,", () => {
  const page = new ScriptPage().install();
  const options = { library: io2, transports: ["polling"], forceJSONP: true };

  test("is served by a uuid", async () => {
    const user = site.newUser();
    const client = await site.connect(options);
    assert.equal((await client.byUuid("two\nlines \\n")).code, "USERID_IS_NULL");
    assert.equal((await client.byUuid(await site.redis.mint(user))).code, "SUBSCRIPTION_OK");
    for (const text of texts) await site.redis.publish(user, text);
    assert.deepEqual(await site.flush(client, user), texts);
    assert.ok(page.scripts > 2 && page.forms >= 3, `${page.scripts} scripts, ${page.forms} forms`);
  });

  test("is refused by its cookies, and served by a uuid then", async () => {
    page.cookie = site.logIn(site.newUser());
    const before = page.forms;
    try {
      const client = await site.connect(options);
      assert.equal((await client.byCookies()).code, "SUBSCRIBE_BY_COOKIES_ERROR");
      assert.equal(site.webApp.asked.includes(page.cookie), false);
      assert.equal((await client.byUuid(await site.redis.mint(site.newUser()))).code, "SUBSCRIPTION_OK");
      assert.ok(page.forms > before); // or it went another way
    } finally {
      page.cookie = "";
    }
  });
});
