// SPDX-License-Identifier: MIT
//
// Debian's Chromium, and a page as a site would write it: what the page hears arrives in mailboxes.
import { rm } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";
import { Mailbox, until } from "./await.mjs";
import { privateFolder } from "./processes.mjs";
import { namespace } from "./site.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// Follows as its query says, in JSON: io()'s options, the event to emit once connected, if any, and
// where the gateway is, if not where the page is from.
const html = `<!doctype html>
<title>Notifications</title>
<link rel="icon" href="data:,">
<script src="/socket.io/socket.io.js"></script>
<script>
  const { at, options, ask } = JSON.parse(decodeURIComponent(location.search.slice(1)));
  const socket = io(at + "${namespace}", options);
  socket.on("connect", () => {
    tell("connects", socket.id);
    if (ask) socket.emit(...ask);
  });
  socket.on("connect_error", (error) => tell("errors", error.message));
  socket.on("disconnect", (reason) => tell("disconnects", reason));
  socket.on("internal", (event) => tell("internal", event));
  socket.on("notification", (event) => tell("notifications", event.message));
</script>
`;
const path = "/page";

// One page in one tab.
export class Tab {
  connects = new Mailbox("a connection");
  errors = new Mailbox("a refusal of the connection");
  disconnects = new Mailbox("the end");
  internal = new Mailbox("an internal event");
  notifications = new Mailbox("a notification");

  static async open(context, url, { at = "", options = {}, ask } = {}) {
    const tab = new Tab();
    tab.page = await context.newPage();
    await tab.page.exposeFunction("tell", (kind, value) => tab[kind].put(value));
    await tab.page.goto(`${url}${path}?${encodeURIComponent(JSON.stringify({ at, options, ask }))}`);
    return tab;
  }

  transport() {
    return this.page.evaluate("socket.io.engine.transport.name");
  }

  async upgraded() {
    await until(async () => (await this.transport()) === "websocket", "the upgrade");
  }
}

export class Browser {
  // One for all tests of a file; each test has its own contexts, which know nothing of each other.
  static forThisFile(site) {
    const browser = new Browser();
    browser.site = site;
    before(() => browser.#start());
    afterEach(() => browser.#closeContexts());
    after(() => browser.#stop());
    return browser;
  }

  async #start() {
    this.folder = await privateFolder(); // all it keeps is here, or in a folder that playwright removes
    const env = { PATH: process.env.PATH, HOME: this.folder, TMPDIR: this.folder };
    this.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags, env });
  }

  // A browser of its own, as far as sites can tell; `cookie`, if any, is what this site has set in it.
  async context(url, cookie) {
    this.site.webApp.pages.set(path, html);
    const context = await this.chromium.newContext();
    if (cookie) {
      const [name, value] = cookie.split("=");
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Lax" }]);
    }
    return context;
  }

  async #closeContexts() {
    for (const context of this.chromium.contexts()) await context.close();
  }

  async #stop() {
    await this.chromium?.close();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
