// SPDX-License-Identifier: MIT
//
// Streams of events, by curl and by Node, directly and through Nginx: what arrives, at once; what
// was missed; and what becomes of clients that do not read.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { pause, soon, until } from "./support/await.mjs";
import { EventStream, eventsPath } from "./support/event_stream.mjs";
import { Gateway, Process } from "./support/processes.mjs";
import { request } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true, gateway: ["--recovery-window", "4s", "--threads", 2] });
const routes = ["direct", "nginx"];

const streams = [];
afterEach(() => Promise.all(streams.splice(0).map((stream) => stream.close())));

async function open(options, url = site.gateway.url) {
  const stream = await EventStream.open(url, options);
  streams.push(stream);
  return stream;
}

// A stream that has heard that it is subscribed as this user.
async function follow(user, options = {}, url = undefined) {
  const stream = await open({ query: `uuid=${await site.redis.mint(user)}`, ...options }, url);
  assert.equal(await stream.next(), "SUBSCRIPTION_OK");
  return stream;
}

const health = async (url = site.gateway.url) => (await fetch(`${url}/healthz`)).json();
const texts = (count, from = 0) => Array.from({ length: count }, (_, i) => `text ${from + i}`);
const storeAll = async (user, messages) => {
  for (const message of messages) await site.redis.store(user, { message });
};

for (const route of routes)
  test(`curl -N is a client (${route})`, async () => {
    const user = site.newUser();
    const url = `${site.url(route)}${eventsPath}`;
    const bearer = `Authorization: Bearer ${await site.redis.mint(user)}`;
    const curl = new Process("curl", ["-sN", "-H", "Accept: application/x-ndjson", "-H", bearer, url]);
    await curl.untilSaid(/SUBSCRIPTION_OK.*\n/);
    await site.redis.store(user, { message: "Hey", title: "From a shell" });
    await site.redis.publish(user, "live");
    await curl.untilSaid(/"live"/);
    const lines = curl.output.trim().split("\n").map(JSON.parse);
    const [stored, live] = lines.filter(({ event }) => event === "notification");
    assert.equal(stored.data.message, "Hey");
    assert.equal(stored.data.title, "From a shell");
    assert.equal(stored.id.split(".")[0], `${stored.data.id}-${stored.data.at}`);
    assert.deepEqual(live, { event: "notification", data: { message: "live" } });
    await curl.stop();
  });

for (const route of routes)
  for (const accept of ["text/event-stream", "application/x-ndjson"])
    test(`${accept}: what comes goes on at once, and a client comes back with its newest id (${route})`, async () => {
      const user = site.newUser();
      const first = await follow(user, { accept }, site.url(route));
      assert.equal(first.response.headers["content-type"], accept);
      assert.equal(first.response.headers["cache-control"], "no-store");
      await storeAll(user, texts(20));
      assert.deepEqual(await first.take(20), texts(20));
      await first.close();
      await storeAll(user, texts(20, 20));
      const second = await open({ accept, headers: { "Last-Event-ID": first.id } }, site.url(route));
      assert.deepEqual(await second.take(20), texts(20, 20));
      assert.equal(await second.next(), "SUBSCRIPTION_OK");
      await storeAll(user, ["live"]);
      assert.equal(await second.next(), "live");
    });

test("a stream that has received nothing comes back too", async () => {
  const user = site.newUser();
  const first = await follow(user);
  const { recovery } = first.events.all[0].data;
  await first.close();
  await storeAll(user, texts(3));
  const position = first.id.split(".")[0];
  const second = await open({ query: `recovery=${recovery}&last_event_id=${position}` });
  assert.deepEqual(await second.take(4), [...texts(3), "SUBSCRIPTION_OK"]);
});

test("heartbeats renew the token, which is good until the window after the cut is over", async () => {
  const user = site.newUser();
  const stream = await follow(user, { accept: "text/event-stream" });
  const first = stream.id;
  await until(() => stream.id !== first, "a new token");
  const [position, token] = [stream.id.slice(0, stream.id.indexOf(".")), stream.id.slice(stream.id.indexOf(".") + 1)];
  assert.ok(first.startsWith(`${position}.`));
  const [until_] = token.split(".");
  assert.ok(Number(until_) * 1000 - Date.now() > 4_000, "good for a window from now");
  await stream.close();
  await until(() => Date.now() > (Number(until_) + 1) * 1000, "the end of the window");
  const refused = await request(`${site.gateway.url}${eventsPath}?recovery=${token}`);
  assert.equal(refused.status, 401);
  assert.equal(JSON.parse(refused.body).message, "this recovery token has expired: come with a new uuid");
});

test("a uuid opens one stream", async () => {
  const uuid = await site.redis.mint(site.newUser());
  await (await open({ query: `uuid=${uuid}` })).next();
  const second = await request(`${site.gateway.url}${eventsPath}?uuid=${uuid}`);
  assert.equal(second.status, 401);
  assert.equal(second.headers["www-authenticate"], "Bearer");
  assert.equal(JSON.parse(second.body).code, "USERID_IS_NULL");
});

test("by cookies: as the web app says, and 503 while it cannot be asked", async () => {
  const user = site.newUser();
  const headers = { Cookie: site.logIn(user) };
  const stream = await open({ headers });
  assert.equal(await stream.next(), "SUBSCRIPTION_OK");
  assert.equal(stream.events.all[0].data.recovery, undefined);
  await storeAll(user, ["Hey"]);
  assert.equal(await stream.next(), "Hey");
  const url = site.gateway.url + eventsPath;
  const stranger = await request(url, { headers: { Cookie: "sessionid=other" } });
  assert.equal(stranger.status, 401);
  assert.match(JSON.parse(stranger.body).message, /^nobody is logged in/);
  site.webApp.behave = (_, response) => response.writeHead(500).end();
  const failed = await request(url, { headers: { Cookie: "sessionid=another" } });
  site.webApp.behave = null;
  assert.equal(failed.status, 503);
  assert.equal(failed.headers["retry-after"], "5");
  assert.equal(JSON.parse(failed.body).code, "SUBSCRIBE_BY_COOKIES_ERROR");
});

test("gateways that are killed and replaced: clients come back, and nothing is lost or doubled", async () => {
  let gateway = await Gateway.start(site.redisServer, "--recovery-window", "60s");
  const { port } = new URL(gateway.url);
  const users = Array.from({ length: 20 }, () => site.newUser());
  const heard = new Map(users.map((user) => [user, []]));
  let over = false;
  // Comes back as soon as it can, with its newest id.
  const listen = async (user) => {
    let query = `uuid=${await site.redis.mint(user)}`;
    let id = "";
    while (!over) {
      const stream = await EventStream.open(gateway.url, { query, headers: id ? { "Last-Event-ID": id } : {} }).catch(() => null);
      if (!stream) {
        await pause(20);
        continue;
      }
      assert.equal(stream.status, 200);
      streams.push(stream);
      await stream.ended;
      for (const { data, event } of stream.events.all) if (event === "notification") heard.get(user).push(data.message);
      assert.ok(stream.events.all.every(({ data }) => data?.code !== "GAP"));
      id = stream.id;
      query = "";
    }
  };
  const listening = users.map(listen);
  await until(() => streams.length === 20 && streams.every(({ id }) => id), "all being subscribed");
  const sent = texts(300);
  const sending = (async () => {
    for (const message of sent) {
      await Promise.all(users.map((user) => site.redis.store(user, { message })));
      await pause(5);
    }
  })();
  for (let kill = 0; kill < 3; ++kill) {
    await pause(300);
    await gateway.process.stop("SIGKILL");
    gateway = await Gateway.start(site.redisServer, "--recovery-window", "60s", "--port", port);
  }
  await sending;
  // The last one has come to all.
  await until(() => {
    const at = new Set(streams.filter(({ events }) => events.all.some(({ data }) => data?.message === sent.at(-1))));
    return at.size >= users.length;
  }, "the last message");
  over = true;
  await gateway.stop();
  await soon(Promise.all(listening), "the end of all");
  for (const user of users) assert.deepEqual(heard.get(user), sent);
});

test("1,000 streams of 100 users: each event to each, once, and all of them count as sessions", async () => {
  const before = (await health()).sessions;
  const users = Array.from({ length: 100 }, () => site.newUser());
  const all = await Promise.all(users.flatMap((user) => Array.from({ length: 10 }, () => follow(user))));
  assert.equal((await health()).sessions, before + 1_000);
  for (let i = 0; i < 5; ++i) await Promise.all(users.map((user) => site.redis.store(user, { message: `${user} ${i}` })));
  for (const [n, stream] of all.entries())
    assert.deepEqual(await stream.take(5), Array.from({ length: 5 }, (_, i) => `${users[Math.floor(n / 10)]} ${i}`));
  await Promise.all(streams.splice(0).map((stream) => stream.close()));
  await until(async () => (await health()).sessions === before, "the end of all");
});

test("a client that does not read is cut and counted, and nobody else waits for it", async () => {
  const user = site.newUser();
  const slow = await follow(user);
  const other = await follow(user);
  slow.response.pause();
  const large = "x".repeat(500_000);
  const cut = async () => ((await health()).refused.answer_timeout ?? 0) > 0;
  let sent = 0;
  for (; sent < 100 && !(await cut()); ++sent) {
    await site.redis.publish(user, large);
    assert.equal((await other.next()).length, large.length);
  }
  await until(cut, "the cut"); // it is counted once a second
  assert.ok(sent > 4, `cut after ${sent}`);
});

test("a client that comes back to much more than may wait for it reads all of it", async () => {
  const user = site.newUser();
  const first = await follow(user);
  await first.close();
  const large = (i) => `${i} ${"x".repeat(100_000)}`;
  for (let i = 0; i < 100; ++i) await site.redis.store(user, { message: large(i) });
  const second = await open({ headers: { "Last-Event-ID": first.id } });
  second.response.pause();
  await pause(200);
  second.response.resume();
  for (let i = 0; i < 100; ++i) assert.equal(await second.next(), large(i));
  assert.equal(await second.next(), "SUBSCRIPTION_OK");
});

test("a gateway that ends lets its streams end whole", async () => {
  const gateway = await Gateway.start(site.redisServer);
  const stream = await follow(site.newUser(), {}, gateway.url);
  const ended = new Promise((resolve) => stream.response.once("end", resolve));
  await gateway.stop();
  await soon(ended, "the end of the stream");
  assert.ok(stream.response.complete);
});
