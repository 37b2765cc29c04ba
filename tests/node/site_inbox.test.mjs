// SPDX-License-Identifier: MIT
//
// The inbox of the example site: each user sees their own, in all tabs and browsers the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

// Two tabs of one browser, and one of another: everywhere where a user may be.
async function tabsOf(user) {
  const browser = await visitors.browserOf(user);
  const tabs = [await visitors.openInbox(browser), await visitors.openInbox(browser)];
  return [...tabs, await visitors.inboxOf(user)];
}

test("two users in two browsers: each sees only what was sent to them", async () => {
  const users = [await site.newUser(), await site.newUser()];
  const inboxes = [];
  for (const user of users) inboxes.push(await visitors.inboxOf(user));
  for (const round of [1, 2, 3])
    for (const user of users) await site.send(user, `${round} for ${user.name}.`);
  for (const [i, inbox] of inboxes.entries()) {
    const expected = [3, 2, 1].map((round) => `${round} for ${users[i].name}.`);
    await inbox.assertRows(expected);
    await inbox.page.reload();
    await inbox.assertRows(expected);
    await inbox.assertCount("3");
  }
});

test("marked as read in one tab: it goes from all tabs and browsers of the user, the rest stays", async () => {
  const user = await site.newUser();
  const tabs = await tabsOf(user);
  await site.send(user, "is kept");
  await site.send(user, "is read");
  for (const tab of tabs) await tab.assertRows(["is read", "is kept"]);
  await tabs[0].markAsRead("is read");
  for (const tab of tabs) {
    await tab.assertRows(["is kept"]);
    await tab.assertCount("1");
    assert.equal(new URL(tab.page.url()).pathname, "/"); // without leaving the page
  }
  await site.untilUnread(user, 1);
});

test("all marked as read in one tab: every tab and browser is empty, and takes what comes", async () => {
  const user = await site.newUser();
  const tabs = await tabsOf(user);
  for (const verb of ["one", "two", "three"]) await site.send(user, verb);
  for (const tab of tabs) await tab.assertCount("3");
  await tabs[2].markAllAsRead();
  for (const tab of tabs) {
    await tab.assertRows([]);
    await tab.assertCount("");
  }
  await site.untilUnread(user, 0);
  await site.send(user, "four");
  for (const tab of tabs) await tab.assertRows(["four"]);
});

test("another user's notification can't be read or marked, even by who knows its key", async () => {
  const [ann, joe] = [await site.newUser(), await site.newUser()];
  const key = await site.send(ann, "for ann alone");
  const inbox = await visitors.inboxOf(joe);
  const answer = await inbox.page.goto(`${site.url()}/notifications/${key}/`);
  assert.equal(answer.status(), 404);
  assert.doesNotMatch(await inbox.page.innerText("body"), /for ann alone/);
  await inbox.page.goto(site.url());
  const read = await inbox.page.evaluate(async (key) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const body = new URLSearchParams({ key });
    return (await fetch("/python/read/", { method: "POST", headers, body })).json();
  }, key);
  assert.deepEqual(read, { ok: true, read: 0 });
  assert.equal(await site.unread(ann), 1);
});

test("one sends to all users by the form: everyone sees it at once, the sender too", async () => {
  const users = [await site.newUser(), await site.newUser(), await site.newUser()];
  const inboxes = [];
  for (const user of users) inboxes.push(await visitors.inboxOf(user));
  const form = await inboxes[0].page.context().newPage();
  await sendByForm(form, site.url(), { everyone: true, verb: "tells all", description: "There is cake" });
  for (const inbox of inboxes) await inbox.assertRows(["There is cake"]);
  for (const user of users) assert.equal(await site.unread(user), 1);
});

test("a notification to nobody is refused beside the field, and nothing written is lost", async () => {
  const page = await (await visitors.browserOf(await site.newUser())).newPage();
  const fields = { to: "nobody-of-this-name", verb: "greets", description: "A long text" };
  await sendByForm(page, site.url(), fields);
  assert.equal(new URL(page.url()).pathname, "/send/");
  assert.equal(await page.inputValue("[name=description]"), "A long text");
  const described = await page.getAttribute("[name=to]", "aria-describedby");
  assert.equal(await page.getAttribute("[name=to]", "aria-invalid"), "true");
  const said = await Promise.all(described.split(" ").map((id) => page.locator(`#${id}`).innerText()));
  assert.match(said.join(" "), /nobody-of-this-name/);
});
