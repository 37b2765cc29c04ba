// SPDX-License-Identifier: MIT
//
// Desktop notifications of the example site. A browser without a desktop shows none, so a stand-in for
// its Notification notes what would be shown; which tab shows it is decided as ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { Visitors } from "./support/visitors.mjs";

const site = DjangoSite.forThisFile();
const visitors = Visitors.forThisFile(site);

function standIn(permission) {
  window.Notification = class extends EventTarget {
    static permission = permission;

    static async requestPermission() {
      return (this.permission = "granted");
    }

    constructor(title, { body = "" } = {}) {
      super();
      noteShown(`${title} ${body}`);
    }

    close() {}
  };
}

// A browser whose desktop shows what is in `shown`.
async function browserWithDesktop(user, permission) {
  const browser = await visitors.browserOf(user);
  const shown = [];
  await browser.exposeFunction("noteShown", (text) => void shown.push(text));
  await browser.addInitScript(standIn, permission);
  return { browser, shown };
}

// Each has one that stands on the desktop, once, and in this order.
async function assertShown(shown, words) {
  const same = () => shown.length === words.length && words.every((each, i) => shown[i].includes(each));
  await until(same, "what the desktop shows").catch(() => assert.deepEqual(shown, words));
}

test("three tabs of a user show one desktop notification for each, whichever of them closes", async () => {
  const user = await site.newUser();
  const { browser, shown } = await browserWithDesktop(user, "granted");
  const tabs = [];
  for (let i = 0; i < 3; ++i) tabs.push(await visitors.openInbox(browser));
  await site.send(user, "the first");
  await assertShown(shown, ["the first"]);
  await site.send(user, "the second");
  await assertShown(shown, ["the first", "the second"]);
  await tabs[0].page.close();
  await site.send(user, "the third");
  await assertShown(shown, ["the first", "the second", "the third"]);
  for (const tab of tabs.slice(1)) await tab.assertRows(["the third", "the second", "the first"]);
});

test("nothing stands on the desktop before the user has asked for it by the button", async () => {
  const user = await site.newUser();
  const { browser, shown } = await browserWithDesktop(user, "default");
  const inbox = await visitors.openInbox(browser);
  await site.send(user, "too early");
  await inbox.assertRows(["too early"]);
  const button = inbox.page.getByRole("button", { name: /desktop notifications/i });
  await button.click();
  await button.waitFor({ state: "hidden" });
  assert.equal(await inbox.page.evaluate(() => document.activeElement.id), "notify-heading");
  await site.send(user, "in time");
  await assertShown(shown, ["in time"]);
});
