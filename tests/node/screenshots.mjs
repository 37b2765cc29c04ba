// SPDX-License-Identifier: MIT
//
// Takes pictures of the example site's main pages (scripts/screenshots). Texts and times are always the
// same, so that a picture changes only when the site does.
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium } from "./support/browser.mjs";
import { DjangoSite } from "./support/django_site.mjs";
import { InboxPage, logIn } from "./support/inbox_page.mjs";
import { Gateway } from "./support/processes.mjs";

const wide = { width: 1000, height: 760 };
const phone = { width: 390, height: 844 };
const scale = 1.5; // sharp enough to read, and small enough to keep

// Oldest first.
const notifications = [
  {
    level: "info", actor: "Calendar", verb: "reminds you of", target: "Planning for spring",
    description: "Tomorrow at 10:00, room 204.", timestamp: "2026-03-02T07:30:00Z",
  },
  {
    level: "success", actor: "Billing", verb: "received your payment for", target: "invoice 1042",
    description: "", timestamp: "2026-03-02T08:05:00Z",
  },
  {
    level: "warning", actor: "Storage", verb: "is almost full on", target: "the team drive",
    description: "12 of 120 GB are left. Exports that nobody has opened for a year take 31 GB.",
    timestamp: "2026-03-02T08:47:00Z",
  },
  {
    level: "error", actor: "Build server", verb: "could not finish", target: "nightly build 318",
    description: "2 of 1,204 tests failed. Both read a date that has a two-digit year.",
    timestamp: "2026-03-02T09:12:00Z",
  },
  {
    level: "info", actor: "Maya", verb: "commented on", target: "Release notes",
    description: "This reads much better now. Could we add a sentence on search before Thursday?",
    timestamp: "2026-03-02T09:41:00Z",
  },
];

// Each by the name of its file. What is not named here is an option of the browser: user, path,
// prepare(page), dev: the page of `notify-gateway --dev`, and fullPage: below the screen's end, too.
const pictures = {
  "inbox": {},
  "inbox-dark": { colorScheme: "dark" },
  "inbox-phone": { viewport: phone, fullPage: false },
  "inbox-phone-whole": { viewport: phone, colorScheme: "dark" },
  "inbox-empty": { user: "jonas" },
  "inbox-offline": { prepare: goOffline },
  "inbox-logged-out": { prepare: (page) => page.evaluate(logOutElsewhere) },
  "notification": { prepare: (page) => page.locator("#notify-list a").first().click() },
  "send": { path: "/send/", prepare: fillIn },
  "send-dark": { path: "/send/", prepare: fillIn, colorScheme: "dark" },
  "send-phone": { path: "/send/", prepare: fillIn, viewport: phone },
  "send-errors": { path: "/send/", prepare: sendToNobody },
  "login": { user: null, path: "/login/" },
  "login-error": { user: null, path: "/login/", prepare: guess },
  "login-phone": { user: null, path: "/login/", viewport: phone },
  "log-out": { path: "/logout/" },
  "classic": { path: "/python/notifications/", prepare: postTexts },
  "classic-phone": { path: "/python/notifications/", prepare: postTexts, viewport: phone },
  "not-found": { path: "/no-such-page/" },
  "dev": { user: null, dev: true, prepare: sendByDevPage },
};

async function goOffline(page) {
  await page.context().setOffline(true);
  await page.locator('#notify-state[data-state="offline"]').waitFor();
}

async function logOutElsewhere() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  await fetch("/logout/", { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) });
}

async function guess(page) {
  await logIn(page, { name: "maya", password: "a guess" });
}

async function fillIn(page) {
  await page.fill("[name=to]", "jonas");
  await page.fill("[name=verb]", "invites you to");
  await page.fill("[name=target]", "a tour of the new office");
  await page.fill("[name=description]", "Friday at 15:00. We meet at the front door.");
}

async function sendToNobody(page) {
  await fillIn(page);
  await page.fill("[name=to]", "jonathan");
  await page.locator("form:has([name=verb]) [type=submit]").click();
  await page.locator("[aria-invalid=true]").waitFor();
}

async function postTexts(page) {
  await page.locator('#state[data-state="live"]').waitFor();
  for (const text of ["The printer on the second floor works again.", "Lunch is at noon."]) {
    await page.fill("[name=message-text]", text);
    await page.locator("#post [type=submit]").click();
    await page.locator("#messages > li").filter({ hasText: text }).waitFor();
  }
}

async function sendByDevPage(page) {
  await page.locator("#state.live").waitFor();
  await page.fill("#message", "Lunch is at noon.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("#list > li").waitFor();
}

class Photographer {
  static async start(folder) {
    const photographer = new Photographer();
    photographer.folder = folder;
    await mkdir(folder, { recursive: true });
    const site = (photographer.site = new DjangoSite());
    await site.start();
    for (const name of ["maya", "jonas", "priya"]) await site.newUser({ name });
    photographer.dev = await Gateway.launch(site.redisServer, "--dev", "--sample-userid", "12345");
    photographer.chromium = await launchChromium();
    return photographer;
  }

  async take(name) {
    const { user = "priya", path = "/", prepare, dev, fullPage = true, ...options } = pictures[name];
    const browser = await this.chromium.newContext({
      viewport: wide, deviceScaleFactor: scale, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce",
      ...options,
    });
    if (user) await this.#logIn(browser, user);
    const { page } = await InboxPage.open(browser, (dev ? this.dev.url : this.site.url()) + path);
    if (user && path === "/") await page.locator('#notify-state[data-state="live"]').waitFor();
    await prepare?.(page);
    await page.waitForLoadState();
    const file = join(this.folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage, animations: "disabled", caret: "hide" });
    await browser.close();
    console.log(`${file}  ${Math.ceil((await stat(file)).size / 1024)} KB`);
  }

  async #logIn(browser, name) {
    const rows = name === "priya" ? notifications : [];
    await this.site.console.call("arrange", { name, rows });
    const value = await this.site.console.call("log_in", { name });
    await browser.addCookies([{ name: "sessionid", value, url: this.site.url(), sameSite: "Lax" }]);
  }

  async stop() {
    await this.chromium?.close();
    await this.dev?.stop();
    await this.site.stop();
  }
}

const [folder, ...names] = process.argv.slice(2);
const unknown = names.find((name) => !(name in pictures));
if (!folder || unknown) {
  console.error(unknown ? `screenshots: no picture is called '${unknown}'` : "screenshots: in which folder?");
  console.error(`There are: ${Object.keys(pictures).join(" ")}`);
  process.exit(2);
}
const photographer = await Photographer.start(folder);
try {
  for (const name of names.length ? names : Object.keys(pictures)) await photographer.take(name);
} finally {
  await photographer.stop();
}
