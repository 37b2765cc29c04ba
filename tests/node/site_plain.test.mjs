// SPDX-License-Identifier: MIT
//
// The example site in a browser in which JavaScript is off: all but real time works.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, logIn, sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);
const plain = { javaScriptEnabled: false };
const pathOf = (page) => new URL(page.url()).pathname;

async function openPlain(user) {
  return InboxPage.open(await visitors.browserOf(user, plain), site.url());
}

// The badge of the list itself; others, and the page's title, are the script's.
async function assertBadge(inbox, label) {
  const badge = inbox.page.locator("#notify-inbox [data-notify-count]");
  assert.equal((await badge.textContent()).trim(), label);
}

test("without JavaScript one logs in, sees what is unread, and logs out", async () => {
  const user = await site.newUser({ password: "a good password" });
  await site.send(user, "is unread");
  const inbox = await InboxPage.open(await visitors.anybody(plain), site.url());
  await logIn(inbox.page, user);
  await inbox.assertRows(["is unread"]);
  await assertBadge(inbox, "1");
  await inbox.page.getByRole("button", { name: "Log out" }).click();
  await inbox.page.goto(site.url());
  assert.equal(pathOf(inbox.page), "/login/");
});

test("without JavaScript the address of logging out shows a button, and only that logs out", async () => {
  const inbox = await openPlain(await site.newUser());
  await inbox.page.goto(`${site.url()}/logout/`);
  await inbox.page.goto(site.url());
  assert.equal(pathOf(inbox.page), "/");
  await inbox.page.goto(`${site.url()}/logout/`);
  await inbox.page.getByRole("main").getByRole("button", { name: "Log out" }).click();
  await inbox.page.goto(site.url());
  assert.equal(pathOf(inbox.page), "/login/");
});

test("without JavaScript one notification is marked as read, or all, and live pages hear of it", async () => {
  const user = await site.newUser();
  const live = await visitors.inboxOf(user);
  for (const verb of ["one", "two", "three"]) await site.send(user, verb);
  const inbox = await openPlain(user);
  await inbox.assertRows(["three", "two", "one"]);
  await inbox.markAsRead("two");
  await inbox.assertRows(["three", "one"]);
  await live.assertRows(["three", "one"]);
  assert.equal(pathOf(inbox.page), "/");
  await inbox.markAllAsRead();
  await inbox.assertRows([]);
  await live.assertRows([]);
  await assertBadge(inbox, "");
});

test("without JavaScript one sees 99+ for very many, and goes from page to page", async () => {
  const user = await site.newUser();
  await site.console.call("fill", { name: user.name, count: 150 });
  const inbox = await openPlain(user);
  await assertBadge(inbox, "99+");
  await inbox.assertRows(Array.from({ length: 20 }, (_, i) => `old ${149 - i}`));
  await inbox.page.getByRole("link", { name: "Older" }).click();
  await inbox.assertRows(Array.from({ length: 20 }, (_, i) => `old ${129 - i}`));
  await inbox.page.getByRole("link", { name: "Newer" }).click();
  await inbox.assertRows(Array.from({ length: 20 }, (_, i) => `old ${149 - i}`));
});

test("without JavaScript one reads a whole notification and marks it as read there", async () => {
  const user = await site.newUser();
  const description = "lorem ipsum ".repeat(100) + "and the end";
  await site.send(user, "writes a lot", { description });
  const inbox = await openPlain(user);
  await inbox.rows.getByRole("link").first().click();
  await inbox.page.waitForURL(/\/notifications\//);
  assert.match(await inbox.page.innerText("main"), /and the end/);
  await inbox.page.getByRole("button", { name: "Mark as read" }).click();
  await site.untilUnread(user, 0);
});

test("without JavaScript one sends to a user and to all, and they get it live", async () => {
  const [ann, joe] = [await site.newUser(), await site.newUser()];
  const live = await visitors.inboxOf(joe);
  const { page } = await openPlain(ann);
  await sendByForm(page, site.url(), { to: joe.name, verb: "greets one" });
  await live.assertRows(["greets one"]);
  await sendByForm(page, site.url(), { everyone: true, verb: "greets all" });
  await live.assertRows(["greets all", "greets one"]);
  assert.equal(await site.unread(ann), 1);
});
