// SPDX-License-Identifier: MIT
//
// The example site, on the port by HTTP and on that by uWSGI: who logs in by the form sees what is sent
// to them at once, and nobody else gets in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, logIn, sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile({ uwsgi: true });
const visitors = Visitors.forThisFile(site);

for (const port of ["http", "uwsgi"]) {
  test(`${port}: after the login form the inbox is live, and what is sent shows in both tabs`, async () => {
    const user = await site.newUser({ password: "a good password" });
    const browser = await visitors.anybody();
    const first = await InboxPage.open(browser, site.url(port));
    await logIn(first.page, user);
    assert.equal(new URL(first.page.url()).pathname, "/");
    await first.untilState("live");
    const second = await visitors.openInbox(browser, site.url(port));
    await site.send(user, "arrives first");
    await site.send(user, "arrives second");
    for (const tab of [first, second]) {
      await tab.assertRows(["arrives second", "arrives first"]);
      await tab.assertCount("2");
    }
    assert.equal(await site.unread(user), 2);
  });

  test(`${port}: one user sends another a notification by the form, and only the other gets it`, async () => {
    const [joe, ann] = [await site.newUser(), await site.newUser()];
    const url = site.url(port);
    const [sender, receiver] = [await visitors.inboxOf(joe, { url }), await visitors.inboxOf(ann, { url })];
    const form = await sender.page.context().newPage();
    await sendByForm(form, url, {
      to: ann.name, verb: "greets", target: "the team", description: "Lunch at noon", level: "warning",
    });
    await receiver.assertRows(["greets"]);
    for (const part of [joe.name, "the team", "Lunch at noon"]) await receiver.assertRows([part]);
    assert.equal(await receiver.rows.getAttribute("data-level"), "warning");
    await site.send(joe, "the end");
    await sender.assertRows(["the end"]);
  });

  test(`${port}: a wrong password is told beside a form for another try, and nobody gets in`, async () => {
    const user = await site.newUser({ password: "a good password" });
    const page = await (await visitors.anybody()).newPage();
    await page.goto(`${site.url(port)}/login/`);
    await logIn(page, { ...user, password: "a bad password" });
    assert.equal(new URL(page.url()).pathname, "/login/");
    await page.getByRole("alert").filter({ hasText: /password/i }).first().waitFor();
    assert.equal(await page.inputValue("[name=username]"), user.name);
    assert.equal(await page.inputValue("[name=password]"), "");
    await page.goto(site.url(port));
    assert.equal(new URL(page.url()).pathname, "/login/");
    await logIn(page, user);
    assert.equal(new URL(page.url()).pathname, "/");
  });
}

test("who is not logged in comes to the login form, and from there to the page asked for", async () => {
  const user = await site.newUser({ password: "a good password" });
  for (const path of ["/send/", "/python/notifications/"]) {
    const page = await (await visitors.anybody()).newPage();
    await page.goto(site.url() + path);
    assert.equal(new URL(page.url()).pathname, "/login/");
    await logIn(page, user);
    assert.equal(new URL(page.url()).pathname, path);
  }
});

test("the login form leads to no other site, whatever the link to it says", async () => {
  const user = await site.newUser({ password: "a good password" });
  const page = await (await visitors.anybody()).newPage();
  await page.goto(`${site.url()}/login/?next=//other.example/`);
  await logIn(page, user);
  assert.equal(page.url(), `${site.url()}/`);
});
