// SPDX-License-Identifier: MIT
//
// Pages of a real browser that use notify-client.js, on a site whose web app also gives out uuidCookies.
import assert from "node:assert/strict";
import { pause, until } from "./await.mjs";
import { Gateway } from "./processes.mjs";

// start() makes the client. `texts` and `states` are the arguments of its callbacks.
const html = `<!doctype html><title>A page</title>
<script src="/socket.io/socket.io.min.js"></script><script src="/socket.io/notify-client.js"></script>
<ul></ul><script>
  texts = [];
  states = [];
  errors = [];
  addEventListener("error", ({ message }) => errors.push(message));
  start = (options = {}) => client = notifyClient({
    onNotification: (text) => texts.push(text),
    onState: (state, detail) => states.push([state, detail]),
    ...options,
  });
</script>`;

export const uuidPath = "/python/uuidCookie/";

// Has the web app give a uuid to users who are logged in, and 403 to others. Returns the uuids that it gives.
export function offerUuids(site) {
  const given = [];
  site.webApp.answers.set(uuidPath, async (request, response) => {
    const user = site.webApp.users.get(request.headers.cookie);
    const uuid = user ? await site.redis.mint(user).catch(() => null) : null;
    if (uuid) given.push(uuid);
    response.statusCode = uuid ? 200 : user ? 503 : 403;
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ ok: Boolean(uuid), uuid }));
  });
  return given;
}

// Ends the gateway by SIGTERM or by a crash, and starts it again on the same port.
export async function restartGateway(site, options = [], signal = "SIGTERM", meanwhile = () => {}) {
  const { port } = new URL(site.gateway.url);
  await site.gateway.process.stop(signal);
  const cookiePath = options.includes("--subscribe-by-cookies-url")
    ? [] : ["--subscribe-by-cookies-url", site.webApp.url];
  try {
    await meanwhile();
  } finally {
    site.gateway = await Gateway.start(site.redisServer, "--port", port, ...cookiePath, ...options);
  }
}

export const sessionsOf = async (site) => (await (await fetch(`${site.gateway.url}/healthz`)).json()).sessions;

export class ClientPage {
  // A tab of this profile. With options, its client is started. Functions cannot be passed to a page: give
  // the text of an expression for such options.
  static async open(browser, profile, options) {
    browser.site.webApp.pages.set("/client", html);
    const tab = new ClientPage();
    tab.page = await profile.newPage();
    await tab.page.goto(`${browser.site.nginx.url}/client`);
    if (options !== undefined) await tab.start(options);
    return tab;
  }

  start(options = {}) {
    const made = typeof options === "string" ? options : JSON.stringify(options);
    return this.page.evaluate(`void start(${made})`);
  }

  run(script) {
    return this.page.evaluate(script);
  }

  get states() {
    return this.run("states.map(([state]) => state)");
  }

  get details() {
    return this.run("states.map(([, detail]) => detail)");
  }

  async untilState(state) {
    await until(async () => (await this.run("client.state")) === state, `the state "${state}"`);
    return this.run("states.at(-1)[1]");
  }

  // Asserts that exactly these texts have arrived since the last call.
  async assertTexts(expected) {
    await until(async () => (await this.run("texts.length")) >= expected.length, "the messages");
    assert.deepEqual(await this.run("texts.splice(0)"), expected);
  }

  close() {
    return this.page.close();
  }
}

// Asserts that count() does not change for this time, which is long enough for several tries.
export async function assertStays(count, what, ms = 2500) {
  const before = await count();
  await pause(ms);
  assert.equal(await count(), before, what);
}
