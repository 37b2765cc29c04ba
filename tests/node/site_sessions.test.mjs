// SPDX-License-Identifier: MIT
//
// The example site when a session ends under an open page, or the user does: the page says so, and
// shows nothing that comes afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { logIn } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

async function logOut(page) {
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/\/log(in|out)\//);
}

test("logged out in one tab: the other tab says so, and the user's other browser goes on", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const [first, second] = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  const elsewhere = await visitors.inboxOf(user);
  await logOut(first.page);
  await second.untilLoggedOut();
  await site.send(user, "for those who are logged in");
  await elsewhere.assertRows(["for those who are logged in"]);
  await second.assertRows([]);
  assert.equal(await elsewhere.state.getAttribute("data-state"), "live");
});

test("the page that was logged out leads to the login form, and is live again afterwards", async () => {
  const user = await site.newUser({ password: "a good password" });
  const browser = await visitors.browserOf(user);
  const [first, second] = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  await logOut(first.page);
  await second.untilLoggedOut();
  await second.page.locator("#notify-inbox").getByRole("link", { name: "Log in" }).click();
  await second.page.waitForURL(/\/login\//);
  await logIn(second.page, user);
  await second.untilState("live");
  await site.send(user, "welcome back");
  await second.assertRows(["welcome back"]);
});

test("a session has expired: marking as read changes nothing and leads to the login form", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await site.send(user, "too late");
  await inbox.assertRows(["too late"]);
  await site.console.call("end_sessions", { name: user.name });
  await inbox.markAsRead("too late");
  await inbox.untilLoggedOut();
  assert.equal(await site.unread(user), 1);
  await inbox.page.reload();
  assert.equal(new URL(inbox.page.url()).pathname, "/login/");
});

test("another user logs in in the same browser: the first one's tab shows nothing more", async () => {
  const [ann, joe] = [await site.newUser(), await site.newUser()];
  const browser = await visitors.browserOf(ann);
  await site.send(ann, "for ann");
  const first = await visitors.openInbox(browser);
  await first.assertRows(["for ann"]);
  await visitors.logIn(browser, joe);
  const second = await visitors.openInbox(browser);
  await first.untilLoggedOut();
  assert.equal(await first.state.textContent(), "Somebody else is logged in now.");
  await site.send(ann, "for ann again");
  await site.send(joe, "for joe");
  await second.assertRows(["for joe"]);
  await first.assertRows([]);
});

test("logged out in a session that is newer than the tab, as after a new password: it says so", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const first = await visitors.openInbox(browser);
  await visitors.logIn(browser, user);
  const asked = first.page.waitForResponse("**/python/unread/");
  const second = await visitors.openInbox(browser);
  await (await asked).finished();
  await logOut(second.page);
  await first.untilLoggedOut();
});

test("a session expires while nobody does anything: in the end its page says so", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  await browser.addInitScript(() => {
    const wait = setTimeout;
    const minutes = (pause) => pause >= 60_000;
    window.setTimeout = (act, pause, ...more) => wait(act, minutes(pause) ? 500 : pause, ...more);
  });
  const listed = browser.waitForEvent("response", (answer) => answer.url().endsWith("/python/unread/"));
  const inbox = await visitors.openInbox(browser);
  await (await listed).finished();
  await site.console.call("end_sessions", { name: user.name });
  await inbox.untilLoggedOut();
});

for (const [done, how] of Object.entries({ deleted: "delete_user", deactivated: "deactivate" }))
  test(`a user is ${done}: all open pages say that they are logged out, and get nothing more`, async () => {
    const user = await site.newUser();
    const tabs = [await visitors.inboxOf(user), await visitors.inboxOf(user)];
    const other = await site.newUser();
    const bystander = await visitors.inboxOf(other);
    await site.console.call(how, { name: user.name });
    for (const tab of tabs) await tab.untilLoggedOut();
    await site.publish(user, "for nobody");
    await site.send(other, "the end");
    await bystander.assertRows(["the end"]);
    for (const tab of tabs) {
      await tab.assertRows([]);
      await tab.page.reload();
      assert.equal(new URL(tab.page.url()).pathname, "/login/");
    }
  });
