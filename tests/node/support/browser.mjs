// SPDX-License-Identifier: MIT
//
// A real browser, Debian's Chromium, with pages that load the script that the gateway serves. A profile is
// a user's cookies and all tabs that share them.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";
import { soon, until } from "./await.mjs";
import { namespace } from "./site.mjs";

const flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync";

// follow() subscribes by uuid or by the browser's cookies, and returns the outcome. `texts` are the
// notifications that arrived, `codes` those of all `internal` events.
const html = `<!doctype html><title>A site</title><script src="/socket.io/socket.io.js"></script><script>
  texts = [];
  codes = [];
  follow = (url, options, question) => new Promise((resolve) => {
    socket = io(url + "${namespace}", { reconnectionDelay: 100, ...options });
    socket.on("notification", ({ message }) => texts.push(message));
    socket.on("internal", ({ code }) => resolve(codes[codes.push(code) - 1]));
    socket.on("connect_error", ({ message }) => resolve(message));
    if (question) socket.on("connect", () => socket.emit(...question));
  });
</script>`;

// Switches off the two pages that each headless window loads for its address bar: they take more time than
// the tests do. The other features are those that the driver switches off: Chromium uses only the last list
// of several.
const off = "WebUIOmniboxPopup,WebUIOmniboxAimPopup," +
  "DestroyProfileOnBrowserClose,PaintHolding,AvoidUnnecessaryBeforeUnloadCheckSync,HttpsUpgrades";

export function launchChromium() {
  const args = [...flags.split(" "), `--disable-features=${off}`];
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args });
}

export class Browser {
  #chromium;
  #profiles = [];

  // Call it once in a file: its tests share the browser. Profiles and pages end with their test. The site must
  // have an Nginx.
  static forThisFile(site) {
    const browser = new Browser();
    browser.site = site;
    before(async () => (browser.#chromium = await launchChromium()));
    afterEach(() => browser.closeProfiles());
    after(() => browser.#chromium?.close());
    return browser;
  }

  // A profile in which this user has logged in, at this URL.
  async profileOf(user, url = this.site.nginx.url) {
    const profile = await this.#chromium.newContext();
    this.#profiles.push(profile);
    const [name, value] = this.site.logIn(user).split("=");
    await profile.addCookies([{ name, value, url }]);
    return profile;
  }

  async open(profile, url = this.site.nginx.url, path = "/page") {
    this.site.webApp.pages.set("/page", html);
    const page = await profile.newPage();
    await page.goto(url + path);
    return page;
  }

  closeProfiles() {
    return Promise.all(this.#profiles.splice(0).map((profile) => profile.close()));
  }

  // Asserts that each page of the user has received exactly these texts since the last call.
  async assertTexts(user, pages, expected) {
    await this.site.redis.publish(user, "the end");
    for (const page of pages) {
      await until(async () => (await texts(page)).at(-1) === "the end", "the messages");
      assert.deepEqual(await page.evaluate("texts.splice(0)"), [...expected, "the end"]);
    }
  }
}

export const follow = (page, options, question, url = "") =>
  soon(page.evaluate((args) => follow(...args), [url, options, question]), "the answer");
export const texts = (page) => page.evaluate("texts");
