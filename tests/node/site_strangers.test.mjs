// SPDX-License-Identifier: MIT
//
// A page of another origin, in a browser whose user is logged in at the example site. Its host is a
// neighbour's, so that the browser sends the site's cookies along with all that the page tries.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { soon } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { namespace } from "./support/site.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);
const at = (host, port) => `http://${host}.app.localhost:${port}`;
const siteUrl = () => at("site", new URL(site.url()).port);
const json = ["/python/unread/", "/python/currentUserId/", "/python/uuidCookie/"];
let stranger; // a server with nothing but an empty page

before(async () => {
  stranger = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=UTF-8");
    response.end("<!doctype html><title>A stranger</title>");
  });
  await new Promise((resolve) => stranger.listen(0, "127.0.0.1", resolve));
});
after(() => {
  stranger.closeAllConnections();
  stranger.close();
});

// The user's own inbox, and the stranger's page beside it.
async function visitBoth() {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user, { url: siteUrl() });
  const page = await inbox.page.context().newPage();
  await page.goto(at("evil", stranger.address().port));
  return { user, inbox, page };
}

// Follows with the browser's cookies; resolves to how that went. What arrives is in `texts`.
async function follow(page, ns, transport) {
  if (!(await page.evaluate("'io' in window")))
    await page.addScriptTag({ url: `${siteUrl()}/socket.io/socket.io.js` });
  const following = page.evaluate(([url, transports]) => new Promise((resolve) => {
    globalThis.texts ??= [];
    const socket = io(url, { transports, withCredentials: true, forceNew: true, auth: { cookies: true } });
    for (const event of ["notification", "message"]) socket.on(event, (message) => texts.push(message));
    socket.on("internal", ({ code }) => resolve(code));
    socket.on("connect", () => url.endsWith("/") && resolve("connected"));
    socket.on("connect_error", ({ message }) => resolve(message));
  }), [siteUrl() + ns, [transport]]);
  return soon(following, "the answer");
}

for (const transport of ["websocket", "polling"])
  test(`a page of another origin can't follow its visitor's notifications: ${transport}`, async () => {
    const { user, inbox, page } = await visitBoth();
    for (const ns of [namespace, "/"]) assert.match(await follow(page, ns, transport), /error/);
    assert.equal(await site.redis.subscribers(channelOf(user.id)), 1); // the inbox itself
    await site.send(user, "secret");
    await inbox.assertRows(["secret"]);
    assert.deepEqual(await page.evaluate("texts"), []);
  });

test("what the other origin is refused, a page of the site may do", async () => {
  const user = await site.newUser();
  const page = await (await visitors.browserOf(user, { url: siteUrl() })).newPage();
  await page.goto(`${siteUrl()}/python/currentUserId/`);
  assert.equal(await follow(page, namespace, "websocket"), "SUBSCRIPTION_OK");
  await site.send(user, "public");
  await page.waitForFunction(() => texts.length === 1);
  for (const path of json) assert.equal(await page.evaluate(read, siteUrl() + path), "read");
});

// Whether a page may read the answer to a request with its visitor's cookies.
const read = (url) =>
  fetch(url, { credentials: "include" })
    .then((answer) => answer.json())
    .then(() => "read", ({ name }) => name);

test("a page of another origin can neither read what the site says of its visitor nor frame it", async () => {
  const { user, page } = await visitBoth();
  await site.send(user, "secret");
  for (const path of ["/", ...json]) assert.equal(await page.evaluate(read, siteUrl() + path), "TypeError");
  for (const path of ["/", "/login/", "/python/notifications/"]) {
    await page.evaluate((src) => new Promise((resolve) => {
      const frame = Object.assign(document.createElement("iframe"), { src, onload: resolve });
      document.body.replaceChildren(frame);
    }), siteUrl() + path);
    const [, frame] = page.frames();
    assert.match(frame.url(), /^chrome-error:/, path);
  }
});

test("a form of another origin neither marks as read, nor posts, nor sends, nor logs out", async () => {
  const { user, inbox, page } = await visitBoth();
  await site.send(user, "stays");
  await inbox.assertRows(["stays"]);
  const forms = {
    "/python/read/": { all: "1" },
    "/python/postMessage/": { "user-id": user.id, "message-text": "forged" },
    "/send/": { to: user.name, verb: "forged", level: "info" },
    "/logout/": {},
  };
  for (const [path, fields] of Object.entries(forms)) {
    const answered = page.waitForResponse(siteUrl() + path);
    await page.evaluate(([action, fields]) => {
      const form = Object.assign(document.createElement("form"), { action, method: "post" });
      for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement("input"), { name, value }));
      document.body.append(form);
      form.submit();
    }, [siteUrl() + path, fields]);
    assert.equal((await answered).status(), 403, path);
    await page.waitForURL(siteUrl() + path);
    assert.match(await page.innerText("body"), /reload/i);
    await page.goto(at("evil", stranger.address().port));
  }
  await site.send(user, "the end");
  await inbox.assertRows(["the end", "stays"]);
  await inbox.page.reload();
  await inbox.assertRows(["the end", "stays"]);
});
