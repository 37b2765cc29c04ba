// SPDX-License-Identifier: MIT
//
// The list of the example site when the site's answers, or the messages of the gateway, are late, old, or
// no help: it shows what is so, and nothing that was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

// So that the gateway looks again whose the cookies are.
async function restartGateway() {
  await site.killGateway();
  await site.startGateway();
}

test("a list that comes after the page was logged out is shown to nobody", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  await site.send(user, "is private");
  const inbox = await visitors.openInbox(browser);
  await inbox.assertRows(["is private"]);
  const release = await inbox.holdList();
  await browser.clearCookies();
  await restartGateway();
  await inbox.untilLoggedOut();
  await release();
  await inbox.assertRows([]);
  await inbox.assertCount("");
});

test("who has logged in again is not logged out by an older answer", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const inbox = await visitors.openInbox(browser);
  await browser.clearCookies();
  const release = await inbox.holdList();
  await restartGateway();
  await inbox.untilLoggedOut();
  await visitors.logIn(browser, user);
  await inbox.lookAgain();
  await inbox.untilState("live");
  await release();
  await site.send(user, "goes on");
  await inbox.assertRows(["goes on"]);
});

for (const all of [false, true])
  test(`a message that comes after it was read${all ? ", with all," : ""} is not shown again`, async () => {
    const user = await site.newUser();
    const inbox = await visitors.inboxOf(user);
    const id = await site.send(user, "is read");
    await inbox.assertRows(["is read"]);
    await (all ? inbox.markAllAsRead() : inbox.markAsRead("is read"));
    await inbox.assertRows([]);
    await site.publish(user, JSON.stringify({ id, verb: "is read" }));
    await site.send(user, "the end");
    await inbox.row("the end").waitFor();
    assert.equal(await inbox.rows.count(), 1); // at once, and not only when the list has come again
    await inbox.assertCount("1");
  });

// The second page of a user, which is offline while the rest of the world does something.
async function openSecondPage(meanwhile) {
  const user = await site.newUser();
  await site.console.call("fill", { name: user.name, count: 25 });
  const browser = await visitors.browserOf(user);
  const inbox = await visitors.openInbox(browser, site.url(), "/?page=2");
  await inbox.assertRows(["old 4", "old 3", "old 2", "old 1", "old 0"]);
  const elsewhere = await visitors.openInbox(await visitors.browserOf(user), site.url(), "/?page=2");
  await browser.setOffline(true);
  await inbox.untilState("offline");
  await meanwhile(elsewhere);
  await browser.setOffline(false);
  await inbox.untilState("live");
  return inbox;
}

test("all is read while the second page is offline: it is empty then", async () => {
  const inbox = await openSecondPage(async (elsewhere) => {
    await elsewhere.markAllAsRead();
    await elsewhere.assertCount("");
  });
  await inbox.assertRows([]);
  await inbox.assertCount("");
  assert.equal(await inbox.page.locator("#notify-changed").isVisible(), false);
});

test("a row is read while the second page is offline: it offers to look again", async () => {
  const inbox = await openSecondPage(async (elsewhere) => {
    await elsewhere.markAsRead("old 3");
    await elsewhere.assertCount("24");
  });
  await inbox.page.getByRole("link", { name: /read elsewhere: reload/ }).click();
  await inbox.assertRows(["old 4", "old 2", "old 1", "old 0"]);
  assert.equal(await inbox.page.locator("#notify-changed").isVisible(), false);
});

test("one of 99+ is read while the list is on its way: it stays 99+", async () => {
  const user = await site.newUser();
  await site.console.call("fill", { name: user.name, count: 130 });
  const inbox = await visitors.inboxOf(user);
  await inbox.assertCount("99+");
  await inbox.page.evaluate(() => {
    window.titles = [];
    const note = () => titles.push(document.title);
    new MutationObserver(note).observe(document.querySelector("title"), { childList: true });
  });
  const release = await inbox.holdList();
  await inbox.markAsRead("old 129");
  await until(async () => (await inbox.row("old 129").count()) === 0, "the row being gone");
  await release();
  await inbox.row("old 109").waitFor(); // has moved up: the next answer is there
  assert.deepEqual((await inbox.page.evaluate("titles")).filter((title) => !title.startsWith("(99+)")), []);
});

test("the site fails to mark as read: the page says so, stays, and asks once", async () => {
  const user = await site.newUser();
  await site.send(user, "stays");
  const inbox = await visitors.inboxOf(user);
  let posts = 0;
  await inbox.page.route("**/python/read/", (route) => ++posts && route.fulfill({ status: 502 }));
  await inbox.markAsRead("stays");
  await inbox.page.getByRole("alert").filter({ hasText: "Not marked as read" }).waitFor();
  await inbox.assertRows(["stays"]);
  assert.equal(posts, 1);
  await inbox.page.unroute("**/python/read/");
  await inbox.markAsRead("stays");
  await inbox.assertRows([]);
});

test("a list that could not be loaded is asked for at once when there is a reason", async () => {
  const user = await site.newUser();
  await site.send(user, "is read");
  const inbox = await visitors.inboxOf(user);
  await inbox.assertRows(["is read"]);
  const failures = await inbox.failList();
  await inbox.lookAgain();
  await until(() => failures.length === 1, "the failure");
  await inbox.markAsRead("is read");
  const began = Date.now();
  await until(() => failures.length === 2, "the next try");
  assert.ok(failures[1] - began < 3000, `after ${failures[1] - began} ms`);
});
