// SPDX-License-Identifier: MIT
//
// Visitors of the example site: browser profiles with cookies of their own, in one Chromium for all tests of a
// file. Three things fail the test if they happen in any page: an uncaught error, a dialog, and a violation of
// the page's Content-Security-Policy (except being framed, which is another page's doing).
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launchChromium } from "./browser.mjs";
import { InboxPage } from "./inbox_page.mjs";

export class Visitors {
  #chromium;
  #browsers = [];
  #troubles = [];

  // Browsers and their pages end with their test.
  static forThisFile(site) {
    const visitors = new Visitors();
    visitors.site = site;
    before(async () => (visitors.#chromium = await launchChromium()));
    afterEach(() => visitors.#endTest());
    after(() => visitors.#chromium?.close());
    return visitors;
  }

  // A browser in which nobody is logged in.
  async anybody(options = {}) {
    const browser = await this.#chromium.newContext(options);
    this.#browsers.push(browser);
    browser.on("weberror", (error) => this.#troubles.push(String(error.error())));
    browser.on("dialog", (dialog) => {
      this.#troubles.push(`the page asks: ${dialog.message()}`);
      dialog.dismiss();
    });
    browser.on("console", (message) => {
      if (/^(?!Framing).*Content Security Policy/.test(message.text())) this.#troubles.push(message.text());
    });
    return browser;
  }

  // A browser in which this user is logged in, at this URL.
  async browserOf(user, { url = this.site.url(), ...options } = {}) {
    const browser = await this.anybody(options);
    await this.logIn(browser, user, url);
    return browser;
  }

  // Logs a user in, in a new session, whoever was logged in before. Returns the cookie's value.
  async logIn(browser, user, url = this.site.url()) {
    const value = await this.site.console.call("log_in", { name: user.name });
    await browser.addCookies([{ name: "sessionid", value, url, sameSite: "Lax" }]);
    return value;
  }

  // A tab with the user's inbox, which is live.
  async openInbox(browser, url = this.site.url(), path = "/") {
    const inbox = await InboxPage.open(browser, url + path);
    await inbox.untilState("live");
    return inbox;
  }

  async inboxOf(user, options = {}) {
    return this.openInbox(await this.browserOf(user, options), options.url);
  }

  async #endTest() {
    await Promise.all(this.#browsers.splice(0).map((browser) => browser.close()));
    assert.deepEqual(this.#troubles.splice(0), []);
  }
}
