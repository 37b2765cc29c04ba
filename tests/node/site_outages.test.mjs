// SPDX-License-Identifier: MIT
//
// The example site when something between it and its pages fails: a page says so, comes back by itself,
// and then shows what was sent meanwhile, once.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { until } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);
const gatewayIsUp = () => site.gateway.process.ended === null;

afterEach(async () => {
  if (gatewayIsUp()) await site.gateway.stop();
  await site.startGateway(); // as it was, for the next test
});

// What comes now comes live: it is on top of what is there, and nothing is twice.
async function assertTakes(inbox, user, before) {
  await inbox.untilState("live");
  await inbox.assertRows(before);
  await site.send(user, "the end");
  await inbox.assertRows(["the end", ...before]);
  await inbox.assertCount(String(before.length + 1));
}

// How a WebSocket may be blocked before any script of the page has run.
const blockades = {
  "the browser has none": (browser) => browser.addInitScript("delete window.WebSocket"),
  "each is cut": (browser) => browser.routeWebSocket(/./, (socket) => socket.close()),
};

for (const [why, block] of Object.entries(blockades))
  test(`without WebSocket (${why}) notifications arrive and are marked as read by polling`, async () => {
    const user = await site.newUser();
    const browser = await visitors.browserOf(user);
    await block(browser);
    const polls = [];
    browser.on("request", (request) => request.url().includes("transport=polling") && polls.push(request));
    const tabs = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
    await site.send(user, "by polling");
    for (const tab of tabs) await tab.assertRows(["by polling"]);
    const before = polls.length;
    await tabs[0].markAsRead("by polling");
    for (const tab of tabs) await tab.assertRows([]);
    assert.ok(polls.length > before, "an answer has come, and the next is waited for");
    await assertTakes(tabs[1], user, []);
  });

test("a tab goes offline and comes back: what was sent meanwhile is there, once", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const inbox = await visitors.openInbox(browser);
  await site.send(user, "before");
  await site.send(user, "is read elsewhere");
  await inbox.assertRows(["is read elsewhere", "before"]);
  const elsewhere = await visitors.inboxOf(user);
  await browser.setOffline(true);
  await inbox.untilState("offline");
  await elsewhere.markAsRead("is read elsewhere");
  await site.send(user, "meanwhile");
  await elsewhere.assertRows(["meanwhile", "before"]);
  await inbox.assertRows(["is read elsewhere", "before"]); // as it was
  await browser.setOffline(false);
  await assertTakes(inbox, user, ["meanwhile", "before"]);
});

test("the gateway is killed and started again: tabs say offline, then show what they missed", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const tabs = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  await site.send(user, "before");
  for (const tab of tabs) await tab.assertRows(["before"]);
  await site.killGateway();
  for (const tab of tabs) await tab.untilState("offline");
  await site.send(user, "meanwhile");
  await site.startGateway();
  for (const tab of tabs) await tab.untilState("live");
  for (const tab of tabs) await tab.assertRows(["meanwhile", "before"]);
  await assertTakes(tabs[0], user, ["meanwhile", "before"]);
  await tabs[1].assertRows(["the end", "meanwhile", "before"]);
});

test("a page that is opened while the gateway is away shows what there is, and goes live by itself", async () => {
  const user = await site.newUser();
  await site.send(user, "before");
  await site.killGateway();
  const inbox = await InboxPage.open(await visitors.browserOf(user), site.url());
  await inbox.untilState("offline");
  await inbox.assertRows(["before"]);
  await site.send(user, "meanwhile");
  await site.startGateway();
  await assertTakes(inbox, user, ["meanwhile", "before"]);
});

test("while the gateway is away one can send and mark as read, as on any site", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await site.send(user, "before");
  await inbox.assertRows(["before"]);
  await site.killGateway();
  await inbox.untilState("offline");
  await inbox.markAsRead("before");
  await inbox.assertRows([]);
  await site.untilUnread(user, 0);
  const form = await inbox.page.context().newPage();
  await sendByForm(form, site.url(), { to: user.name, verb: "still works" });
  await form.goto(site.url());
  assert.match(await form.innerText("#notify-list"), /still works/);
});

test("Redis is killed and started again: sending works all the time, and pages go on", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await site.redisServer.process.stop("SIGKILL");
  const form = await inbox.page.context().newPage();
  await sendByForm(form, site.url(), { to: user.name, verb: "is kept" });
  await form.goto(site.url());
  assert.match(await form.innerText("#notify-list"), /is kept/);
  await form.close();
  await until(() => /Not pushed: .*Redis/.test(site.http.output), "the site's log saying so");

  await site.startRedis();
  await inbox.assertRows(["is kept"]); // by itself
  await site.send(user, "is pushed");
  await assertTakes(inbox, user, ["is pushed", "is kept"]);
});

test("who looks at the page again sees what could not be pushed", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await site.console.call("fill", { name: user.name, count: 1 });
  await inbox.lookAgain();
  await inbox.assertRows(["old 0"]);
});

test("logged out while Redis is away: the other tab says so when Redis is back", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const [first, second] = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  await site.redisServer.process.stop("SIGKILL");
  await first.page.getByRole("button", { name: "Log out" }).click();
  await first.page.waitForURL(/\/log(in|out)\//);
  await site.startRedis();
  await second.untilLoggedOut();
});

test("after a restart of the gateway not all pages ask for their list at the same moment", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  await browser.addInitScript(() => (Math.random = () => 0.99));
  const inbox = await visitors.openInbox(browser);
  await inbox.state.evaluate((state) => {
    const note = () => state.dataset.state === "live" && (window.liveAt ??= performance.now());
    new MutationObserver(note).observe(state, { attributes: true });
  });
  await site.killGateway();
  await inbox.untilState("offline");
  await site.send(user, "meanwhile");
  await site.startGateway();
  await inbox.assertRows(["meanwhile"]);
  const waited = await inbox.page.evaluate(() =>
    performance.getEntriesByName(`${location.origin}/python/unread/`).at(-1).startTime - liveAt);
  assert.ok(waited > 900, `it waited for ${waited} ms`);
});

test("without the way by cookies a page follows by a uuidCookie, each time by a fresh one", async () => {
  await site.gateway.stop();
  await site.startGateway({ cookies: "" });
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const asked = [];
  browser.on("response", async (response) => {
    if (response.url().endsWith("/python/uuidCookie/")) asked.push((await response.json()).uuid);
  });
  const inbox = await visitors.openInbox(browser);
  await site.send(user, "by uuid");
  await inbox.assertRows(["by uuid"]);
  assert.equal(asked.length, 1);
  await site.killGateway();
  await inbox.untilState("offline");
  await site.startGateway({ cookies: "" });
  await assertTakes(inbox, user, ["by uuid"]);
  assert.ok(asked.length > 1 && new Set(asked).size === asked.length, `${asked.length} uuids`);
});
