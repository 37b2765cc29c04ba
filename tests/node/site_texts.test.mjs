// SPDX-License-Identifier: MIT
//
// What people write to each other on the example site: markup is shown as it was written, and nothing
// is too long, too many, or in the wrong script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

// A different one for each field. Whichever becomes an element, it would be found or heard of.
const markup = (name) =>
  `</script></textarea>"'><img class="intruder" src="/no" onerror="alert('${name}')">` +
  `<script class="intruder">alert("${name}")</script>{{ ${name} }}&lt;${name}`;
const fields = ["actor", "verb", "target", "description"].map((name) => [name, markup(name)]);
const intruders = (page) => page.locator(".intruder").count();

async function assertShowsMarkupAsText(inbox, user) {
  await inbox.assertRows([markup("verb")]);
  const text = await inbox.rows.textContent();
  for (const [name, value] of fields) assert.ok(text.includes(value), `${name} in ${text}`);
  assert.ok((await inbox.page.textContent("body")).includes(user.name));
  assert.equal(await intruders(inbox.page), 0);
}

test("HTML and script in every field are shown as text: live, reloaded, and on its own page", async () => {
  const user = await site.newUser({ name: `<img class="intruder" src=x onerror=alert(1)>` });
  const inbox = await visitors.inboxOf(user);
  const { verb, ...others } = Object.fromEntries(fields);
  const key = await site.send(user, verb, others);
  await assertShowsMarkupAsText(inbox, user);
  await inbox.page.reload();
  await inbox.untilState("live");
  await assertShowsMarkupAsText(inbox, user);

  const { page } = await InboxPage.open(inbox.page.context(), `${site.url()}/notifications/${key}/`);
  const text = await page.textContent("main");
  for (const [name, value] of fields) assert.ok(text.includes(value), `${name} in ${text}`);
  assert.equal(await intruders(page), 0);
});

test("HTML and script in the send form come back as text, and are sent as text", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  const form = await inbox.page.context().newPage();
  const texts = { verb: markup("verb"), target: markup("target"), description: markup("description") };
  await sendByForm(form, site.url(), { to: markup("to"), ...texts });
  assert.equal(await form.inputValue("[name=to]"), markup("to"));
  assert.equal(await form.inputValue("[name=description]"), markup("description"));
  assert.equal(await intruders(form), 0);
  await sendByForm(form, site.url(), { to: user.name, ...texts });
  await inbox.assertRows([markup("verb")]);
  assert.equal(await intruders(inbox.page), 0);
});

// Notifications but for one thing.
const almost = [
  { id: "1", verb: "" }, { id: "", verb: "greets" }, { id: "2", verb: 2 }, { id: 3, verb: "greets" },
  { id: "4", verb: "greets", description: 4 }, { id: "5", verb: "greets", actor: { name: "joe" } },
].map((message) => JSON.stringify(message));

test("a plain text from redis-cli is a row too, without a button and not counted", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  for (const text of [markup("plain"), "[1, 2", "null", '{"neither":"one nor the other"}', ...almost]) {
    await site.publish(user, text);
    await inbox.row(text).waitFor();
    assert.ok((await inbox.row(text).textContent()).includes(text));
    assert.equal(await inbox.row(text).getByRole("button").count(), 0);
    assert.equal(await inbox.row(text).getAttribute("data-key"), null);
  }
  await inbox.assertCount("");
  assert.equal(await intruders(inbox.page), 0);
  await site.send(user, "goes on");
  await inbox.row("goes on").waitFor();
  await inbox.assertCount("1");
});

test("a link leads to a page of the site, and to no other place", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  await inbox.failList(); // which would have none of these
  const here = site.url();
  const links = [
    ["/send/?a=1#b", `${here}/send/?a=1#b`],
    [`${here}/send/`, `${here}/send/`],
    ["/.//evil.example/", `${here}//evil.example/`],
    ...["/\t/evil.example/", "//evil.example/", "/\\evil.example/", "https://evil.example/", "http://[",
      "javascript:alert(1)", `blob:${here}/1`, "", null].map((url) => [url, null]),
  ];
  for (const [url, href] of links) {
    await site.publish(user, JSON.stringify({ id: `link to ${url}`, verb: `links to ${url}`, url }));
    const link = inbox.page.locator("#notify-list > li:first-child a").filter({ hasText: `links to ${url}` });
    assert.equal(await link.evaluate(({ href }) => href || null), href && href, JSON.stringify(url));
  }
});

test("100 KB with emoji and right-to-left text: its start is in the row, all on its page", async () => {
  const user = await site.newUser();
  const inbox = await visitors.inboxOf(user);
  const start = "🎉👩‍👩‍👧 שלום עולם مرحبا بالعالم ";
  const description = start + "lorem ipsum ".repeat(100_000 / 12) + "and the end";
  const form = await inbox.page.context().newPage();
  await sendByForm(form, site.url(), { to: user.name, verb: "writes a lot", description });
  await inbox.assertRows(["writes a lot"]);
  const row = await inbox.rows.textContent();
  assert.ok(row.includes(start) && row.length < 2000, row);
  await inbox.page.reload();
  await inbox.assertRows([start]);
  await inbox.rows.getByRole("link").first().click();
  await inbox.page.waitForURL(/\/notifications\//);
  assert.ok((await inbox.page.textContent("main")).includes(description));
});

test("10,000 unread: 20 on a page, 99+ on the badge, a way to older ones, one click for all", async () => {
  const user = await site.newUser();
  await site.console.call("fill", { name: user.name, count: 10_000 });
  const inbox = await visitors.inboxOf(user);
  const newest = Array.from({ length: 20 }, (_, i) => `old ${9999 - i}`);
  await inbox.assertRows(newest);
  await inbox.assertCount("99+");
  assert.ok((await inbox.page.content()).length < 100_000);
  await site.send(user, "one more");
  await inbox.row("one more").waitFor();
  await inbox.assertCount("99+");

  const older = await InboxPage.open(inbox.page.context(), `${site.url()}/?page=2`);
  await older.row("old 9970").waitFor();
  assert.equal(await older.row("old 9999").count(), 0);
  await older.assertCount("99+");
  await older.page.close();

  await inbox.markAllAsRead();
  await inbox.assertRows([]);
  await inbox.assertCount("");
  await site.untilUnread(user, 0);
});
