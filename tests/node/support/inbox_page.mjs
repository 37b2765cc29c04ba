// SPDX-License-Identifier: MIT
//
// A tab with an inbox: what its user sees in it and can do.
import assert from "node:assert/strict";
import { until } from "./await.mjs";

const list = "**/python/unread/";

export class InboxPage {
  static async open(browser, url) {
    const inbox = new InboxPage(await browser.newPage());
    await inbox.page.goto(url);
    return inbox;
  }

  constructor(page) {
    this.page = page;
    this.rows = page.locator("#notify-list > li");
    this.state = page.locator("#notify-state");
  }

  row(words) {
    return this.rows.filter({ hasText: words });
  }

  // Waits until the page says that it is "live", "offline" or "not logged in".
  untilState(state) {
    return this.page.locator(`#notify-state[data-state="${state}"]`).waitFor();
  }

  // Waits until it says that nobody is logged in any more, with a link to the login form.
  async untilLoggedOut() {
    await this.untilState("not logged in");
    await this.page.locator("#notify-inbox").getByRole("link", { name: "Log in" }).waitFor();
  }

  // Has the page notice that the user comes back to the tab.
  lookAgain() {
    return this.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  }

  // Has the page ask the site for the list, and holds the answer back. Returns a function that lets it through.
  async holdList() {
    let held, release;
    const released = new Promise((resolve) => (release = resolve));
    await this.page.route(list, async (route) => {
      held = await route.fetch();
      await released;
      await route.fulfill({ response: held });
    });
    await this.lookAgain();
    await until(() => held, "the answer");
    return async () => {
      const arrived = this.page.waitForEvent("requestfinished");
      release();
      await arrived;
      await this.page.evaluate(() => new Promise((seen) => setTimeout(seen, 100)));
    };
  }

  // Has the site answer with this status when the page asks for the list. Returns an array that gets the time
  // of each such request.
  async failList(status = 500) {
    const times = [];
    await this.page.route(list, (route) => times.push(Date.now()) && route.fulfill({ status }));
    return times;
  }

  // Waits until there are exactly these rows, newest first. A row is given by words that it contains.
  async assertRows(words) {
    const same = (words) => {
      const rows = [...document.querySelectorAll("#notify-list > li")];
      return rows.length === words.length && words.every((each, i) => rows[i].textContent.includes(each));
    };
    await this.#until(same, words).catch(() => this.#fail({ rows: words }));
  }

  // Waits until each badge and the title show this count; "" for none.
  async assertCount(label) {
    const same = (label) => {
      const badges = [...document.querySelectorAll("[data-notify-count]")];
      const inTitle = document.title.match(/^\((.*?)\) /)?.[1] ?? "";
      return badges.length > 0 && [inTitle, ...badges.map((badge) => badge.textContent.trim())]
        .every((each) => each === label);
    };
    await this.#until(same, label).catch(() => this.#fail({ badges: [label], title: label }));
  }

  // Waits within the page, which is faster than asking it again and again from here.
  #until(condition, argument) {
    return this.page.waitForFunction(condition, argument, { polling: 20 });
  }

  async #seen() {
    const texts = async (locator) => (await locator.allTextContents()).map(trim);
    return {
      badges: await texts(this.page.locator("[data-notify-count]")),
      title: await this.page.title(),
      rows: await texts(this.rows),
      state: await texts(this.state),
    };
  }

  // The error has all that the page shows, since one part often explains another.
  async #fail(expected) {
    assert.deepEqual(await this.#seen(), expected);
  }

  markAsRead(words) {
    return this.row(words).getByRole("button", { name: "Mark as read" }).click();
  }

  markAllAsRead() {
    return this.page.locator("#notify-read-all").click();
  }
}

const trim = (text) => text.replaceAll(/\s+/g, " ").trim();

// Fill in and send the forms, with or without JavaScript. Each resolves when the answer is there, and throws
// if that is an error.
export async function logIn(page, { name, password }) {
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", password);
  await submit(page, "password");
}

export async function sendByForm(page, url, fields) {
  await page.goto(`${url}/send/`);
  const { everyone, level, ...texts } = fields;
  if (everyone) await page.check("[name=everyone]");
  if (level) await page.selectOption("[name=level]", level);
  for (const [name, text] of Object.entries(texts)) await page.fill(`[name=${name}]`, text);
  await submit(page, "verb");
}

// Sends the form that has this field; a page may have several forms.
async function submit(page, field) {
  const posted = page.waitForResponse((answer) => answer.request().method() === "POST");
  const shown = page.waitForEvent("domcontentloaded");
  await page.locator(`form:has([name=${field}]) [type=submit]`).click();
  const [answer] = await Promise.all([posted, shown]);
  assert.ok(answer.status() < 400, `${answer.url()} answered with ${answer.status()}`);
}
