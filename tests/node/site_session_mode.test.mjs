// SPDX-License-Identifier: MIT
//
// The example site when its pages follow sessions (NOTIFY_FOLLOW=session) instead of users.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, logIn } from "./support/inbox_page.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile({ follow: "session" });
const visitors = Visitors.forThisFile(site);

test("by session: who is logged in in two browsers sees it in both, and nobody else does", async () => {
  const [ann, joe] = [await site.newUser({ password: "a good password" }), await site.newUser()];
  const first = await visitors.inboxOf(ann);
  const second = await InboxPage.open(await visitors.anybody(), site.url());
  await logIn(second.page, ann);
  await second.untilState("live");
  const other = await visitors.inboxOf(joe);
  await site.send(ann, "for ann");
  for (const inbox of [first, second]) {
    await inbox.assertRows(["for ann"]);
    await inbox.assertCount("1");
  }
  await site.send(joe, "for joe");
  await other.assertRows(["for joe"]);
  assert.equal(await site.redis.subscribers(channelOf(ann.id)), 0); // it was the sessions
});

test("by session: marked as read in one browser, it is gone from the other, and from each tab", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const tabs = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  tabs.push(await visitors.inboxOf(user));
  for (const verb of ["is kept", "is read"]) await site.send(user, verb);
  for (const tab of tabs) await tab.assertRows(["is read", "is kept"]);
  await tabs[2].markAsRead("is read");
  for (const tab of tabs) await tab.assertRows(["is kept"]);
  await tabs[0].markAllAsRead();
  for (const tab of tabs) await tab.assertRows([]);
});

test("by session: logged out in one tab, the other tab says so, and the other browser goes on", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const [first, second] = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  const elsewhere = await visitors.inboxOf(user);
  await first.page.getByRole("button", { name: "Log out" }).click();
  await second.untilLoggedOut();
  await site.send(user, "for those who are logged in");
  await elsewhere.assertRows(["for those who are logged in"]);
  await second.assertRows([]);
});

test("by session: a page follows the session that has taken its session's place", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const first = await visitors.openInbox(browser);
  await first.page.waitForLoadState("networkidle"); // it has asked the site, which would sign it out below
  await site.console.call("end_sessions", { name: user.name });
  await visitors.logIn(browser, user);
  const connected = first.page.waitForEvent("websocket");
  const second = await visitors.openInbox(browser);
  await connected; // anew
  await first.untilState("live");
  await site.send(user, "for both");
  for (const tab of [first, second]) await tab.assertRows(["for both"]);
});

test("by session: a page comes back after the gateway's restart and shows what it missed, once", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await site.killGateway();
  await inbox.untilState("offline");
  await site.send(user, "meanwhile");
  await site.startGateway();
  await inbox.untilState("live");
  await inbox.assertRows(["meanwhile"]);
  await site.send(user, "the end");
  await inbox.assertRows(["the end", "meanwhile"]);
});
