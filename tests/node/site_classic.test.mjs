// SPDX-License-Identifier: MIT
//
// The page of the first contract, /python/notifications/: live texts, and a form that posts them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile({ uwsgi: true });
const visitors = Visitors.forThisFile(site);

async function open(browser, port = "http") {
  const page = await browser.newPage();
  await page.goto(`${site.url(port)}/python/notifications/`);
  await page.locator('#state[data-state="live"]').waitFor();
  return page;
}

const classicOf = async (user, port) => open(await visitors.browserOf(user), port);

async function post(page, user, text) {
  // Whoever means harm doesn't mind that the field is read-only.
  await page.locator("#post [name=user-id]").evaluate((field) => field.removeAttribute("readonly"));
  await page.fill("#post [name=user-id]", user.id);
  await page.fill("#post [name=message-text]", text);
  await page.locator("#post [type=submit]").click();
}

const untilResult = (page, pattern) => page.locator("#post-result").filter({ hasText: pattern }).waitFor();

// In whatever order the page has them.
async function assertTexts(page, expected) {
  let texts;
  const same = async () => {
    texts = await page.locator("#messages > li").allTextContents();
    const isThere = (each) => texts.some((text) => text.includes(each));
    return texts.length === expected.length && expected.every(isThere);
  };
  await until(same, "the messages").catch(() => assert.deepEqual(texts, expected));
}

for (const port of ["http", "uwsgi"])
  test(`${port}: what one posts to oneself shows as text in each tab, and the form says so`, async () => {
    const user = await site.newUser();
    const browser = await visitors.browserOf(user);
    const tabs = [await open(browser, port), await open(browser, port)];
    const text = `<img class="intruder" src=x onerror=alert(1)> שלום 🎉 {"not":"a notification"}`;
    await post(tabs[0], user, text);
    await untilResult(tabs[0], /[12] subscribers? follow/); // shards of the gateway
    for (const tab of tabs) {
      await assertTexts(tab, [text]);
      assert.equal(await tab.locator(".intruder").count(), 0);
    }
    await site.publish(user, "by redis-cli");
    for (const tab of tabs) await assertTexts(tab, [text, "by redis-cli"]);
  });

test("a post to another user is refused, says why, and reaches nobody", async () => {
  const [ann, joe] = [await site.newUser(), await site.newUser()];
  const [page, other] = [await classicOf(ann), await classicOf(joe)];
  const answered = page.waitForResponse(/postMessage/);
  await post(page, joe, "from ann");
  assert.equal((await answered).status(), 403);
  await untilResult(page, /\w+ \w+/);
  await site.publish(joe, "the end");
  await assertTexts(other, ["the end"]);
});

test("one of the staff may post to anyone, and only that user sees it", async () => {
  const [boss, joe] = [await site.newUser({ staff: true }), await site.newUser()];
  const [page, other] = [await classicOf(boss), await classicOf(joe)];
  await post(page, joe, "from the boss");
  await assertTexts(other, ["from the boss"]);
  await site.publish(boss, "the end");
  await assertTexts(page, ["the end"]);
});

test("a post that is empty, or to nobody, is refused and says what is wrong", async () => {
  const user = await site.newUser({ staff: true });
  const page = await classicOf(user);
  // A browser would refuse it itself.
  await page.locator("#post").evaluate((form) => (form.noValidate = true));
  for (const [to, text] of [[user, ""], [{ id: "" }, "Hey"]]) {
    const answered = page.waitForResponse(/postMessage/);
    await post(page, to, text);
    assert.equal((await answered).status(), 400);
    await untilResult(page, /\w+ \w+/);
  }
});

test("the page is led back by the gateway's restart, without the way by cookies too", async (t) => {
  t.after(async () => {
    await site.gateway.stop();
    await site.startGateway(); // as it was
  });
  const user = await site.newUser();
  const page = await classicOf(user);
  await site.killGateway();
  await page.locator('#state[data-state="offline"]').waitFor();
  await site.startGateway({ cookies: "" });
  await page.locator('#state[data-state="live"]').waitFor();
  await site.publish(user, "by uuidCookie");
  await assertTexts(page, ["by uuidCookie"]);
});

test("what is meant for the inbox shows as a sentence, or not at all, and a log out ends the page", async () => {
  const user = await site.newUser();
  const browser = await visitors.browserOf(user);
  const page = await open(browser);
  await site.send(user, "was here");
  const sentence = await page.locator("#messages > li", { hasText: "was here" }).textContent();
  assert.doesNotMatch(sentence, /[{}"]/);
  const inbox = await visitors.openInbox(browser);
  await inbox.markAsRead("was here");
  await site.publish(user, "the end");
  await assertTexts(page, ["was here", "the end"]);
  await inbox.page.getByRole("button", { name: "Log out" }).click();
  await page.locator('#state[data-state="not logged in"]').waitFor();
  await assertTexts(page, ["was here", "the end"]);
});
