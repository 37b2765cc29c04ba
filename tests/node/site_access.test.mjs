// SPDX-License-Identifier: MIT
//
// The example site for everybody: with a keyboard alone, with a screen reader, and on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, logIn, sendByForm } from "./support/inbox_page.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

// Presses Tab until an element like this has the focus, and can be seen to have it.
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; ++presses) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) {
      assert.ok(await page.evaluate(focusShows), `${selector} has the focus, which nobody can see`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${selector}`);
}

function focusShows() {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none";
}

test("with the keyboard alone one logs in and marks as read, and keeps one's place in the page", async () => {
  const user = await site.newUser({ password: "a good password" });
  for (const verb of ["one", "two", "three"]) await site.send(user, verb);
  const inbox = await InboxPage.open(await visitors.anybody(), site.url());
  const { page } = inbox;
  await tabTo(page, "[name=username]");
  await page.keyboard.type(user.name);
  await tabTo(page, "[name=password]");
  await page.keyboard.type(user.password);
  await page.keyboard.press("Enter");
  await inbox.untilState("live");
  await tabTo(page, "#notify-list > li:nth-child(2) button");
  await page.keyboard.press("Enter");
  await inbox.assertRows(["three", "one"]);
  await page.waitForFunction(() => document.activeElement.closest("#notify-inbox") !== null);
  await tabTo(page, "#notify-list > li button");
  await page.keyboard.press("Space");
  await until(async () => (await inbox.rows.count()) === 1, "the second being gone");
  await site.untilUnread(user, 1);
});

test("a screen reader hears landmarks, headings, labels and buttons by their names", async () => {
  const user = await site.newUser();
  await site.send(user, "greets");
  const inbox = await visitors.inboxOf(user);
  const { page } = inbox;
  await page.getByRole("main").waitFor();
  await page.getByRole("navigation").first().waitFor();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("main").getByRole("listitem").filter({ hasText: "greets" }).waitFor();
  await page.getByRole("button", { name: /^Mark all as read/ }).waitFor();
  await inbox.row("greets").getByRole("button", { name: /^Mark as read/ }).waitFor();
  await page.getByRole("button", { name: "Log out" }).waitFor();
  assert.equal(await inbox.state.getAttribute("role"), "status");
  assert.match(await inbox.state.innerText(), /\w/);
  // A list that shows no numbers needs to say that it is one, and what appears, that it wants to be heard.
  for (const [id, role] of Object.entries({ list: "list", newer: "status", changed: "status" }))
    assert.equal(await page.locator(`#notify-${id}`).getAttribute("role"), role, id);

  await page.goto(`${site.url()}/send/`);
  for (const name of ["To", "What you did", "Target", "Description"])
    await page.getByRole("textbox", { name: new RegExp(`^${name}`, "i") }).waitFor();
  await page.getByRole("checkbox", { name: /all users|everyone/i }).waitFor();
  await page.getByRole("combobox", { name: /^level/i }).waitFor();
});

test("what arrives is told by a live region, once, and not the whole list again", async () => {
  const user = await site.newUser();
  for (const verb of ["was there", "was there too"]) await site.send(user, verb);
  const inbox = await visitors.inboxOf(user);
  const regions = inbox.page.locator("[aria-live=polite], [role=status], [role=log]");
  assert.doesNotMatch((await regions.allTextContents()).join(), /was there/);
  await site.send(user, "is new");
  await inbox.row("is new").waitFor();
  const said = async () => (await regions.allTextContents()).join();
  await until(async () => (await said()).includes("is new"), "the live region saying it");
  assert.doesNotMatch(await said(), /was there/);
});

test("each page says which language it is in and has a title, and each field has a label", async () => {
  const user = await site.newUser();
  const key = await site.send(user, "greets");
  const [browser, nobody] = [await visitors.browserOf(user), await visitors.anybody()];
  for (const path of [...pages(key), "/no-such-page/"]) {
    const { page } = await InboxPage.open(path === "/login/" ? nobody : browser, site.url() + path);
    assert.equal(await page.getAttribute("html", "lang"), "en", path);
    assert.match(await page.title(), /\w/, path);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
        .filter((field) => !field.labels.length && !field.ariaLabel)
        .map((field) => field.outerHTML));
    assert.deepEqual(unnamed, [], path);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, path);
  }
});

test("on a phone of 360 pixels no page is wider than the screen, whatever its words are", async () => {
  const narrow = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
  const description = `${"שלום".repeat(60)} https://example.org/${long}`;
  const words = { actor: long, target: "🎉".repeat(80), description };
  const user = await site.newUser({ name: "a".repeat(120) });
  for (const level of ["info", "success", "warning", "error"])
    await site.send(user, long, { ...words, level });
  const key = await site.send(user, "has", words);
  const [browser, nobody] = [await visitors.browserOf(user, narrow), await visitors.anybody(narrow)];
  const inbox = await visitors.openInbox(browser);
  await site.send(user, `${long} live`, words);
  await inbox.row("live").waitFor();
  await site.publish(user, long + long);
  await inbox.row(long + long).waitFor();
  await assertFits(inbox.page, "/, live");
  for (const path of pages(key)) {
    const { page } = await InboxPage.open(path === "/login/" ? nobody : browser, site.url() + path);
    await assertFits(page, path);
    if (path === "/login/") await logIn(page, { name: long, password: "wrong" });
    if (path === "/send/") await sendByForm(page, site.url(), { to: long, verb: long, target: long });
    if (path === "/python/notifications/") await untilTold(page, user, long);
    await assertFits(page, `${path} with long words`);
  }
  const { page } = await InboxPage.open(browser, site.url());
  await sendByForm(page, site.url(), { to: user.name, verb: long });
  await assertFits(page, "/send/, sent");
});

async function untilTold(page, user, text) {
  await page.locator('#state[data-state="live"]').waitFor();
  await site.publish(user, text);
  await page.locator("#messages > li").waitFor();
}

const pages = (key) =>
  ["/", "/login/", "/send/", `/notifications/${key}/`, "/python/notifications/", "/logout/"];

async function assertFits(page, path) {
  const [needed, there] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(there <= 360 && needed <= there, `${path} takes ${needed} of ${there} pixels`);
}
