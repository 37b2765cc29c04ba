// SPDX-License-Identifier: MIT
//
// What a page of another origin can try in a real browser whose user is logged in at the site. The
// stranger is a neighbour: to a browser both hosts are of one site, so that it sends the one's cookies
// with requests of the other's pages. To the gateway they are strangers. What the stranger tries, the
// site's own page does too, and is served.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { soon, until } from "./support/await.mjs";
import { Browser, follow, texts } from "./support/browser.mjs";
import { Gateway } from "./support/processes.mjs";
import { enginePath, textsIn } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";
import { Witness } from "./support/witness.mjs";

const site = Site.forThisFile({ nginx: true, gateway: ["--threads", 2] });
const browser = Browser.forThisFile(site);
const front = {}; // what the browser says to Nginx, and to the gateway itself

const at = (host, url) => `http://${host}.app.localhost:${new URL(url).port}`;
const victim = () => at("site", front.nginx.url);
const handshake = () => `${victim()}${enginePath}polling`;
const question = "subscribe-to-notifications-by-cookies";
const event = (...args) => `42${namespace},${JSON.stringify(args)}`;

// What a page can do with a URL. Each resolves to what its script learns of the answer.
const script = `
  // An element of the page, until it is there or cannot be.
  add = (tag, attributes) => new Promise((resolve) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = element.onerror = ({ type }) => resolve(type);
    document.body.append(element);
  });
  ___eio = [];
  tricks = {
    fetch: (url, options) =>
      fetch(url, options).then(async (answer) => [answer.type, await answer.text()], ({ name }) => [name, ""]),
    jsonp: async (url) => {
      let learned = null;
      const number = ___eio.push((payload) => (learned = payload)) - 1;
      await add("script", { src: url + "&j=" + number });
      return learned;
    },
    // The answer opens in a frame, as that to a form of JSONP does.
    form: (url, d) => {
      document.body.insertAdjacentHTML("beforeend",
        '<iframe name="answer"></iframe><form method="post" target="answer"><input name="d"></form>');
      const form = document.forms[0];
      form.action = url + "&j=0";
      form.d.value = d;
      form.submit();
    },
    beacon: (url, text) => navigator.sendBeacon(url, text),
    image: (src) => add("img", { src }),
    corsImage: (src) => add("img", { crossOrigin: "use-credentials", src }),
    script: (src) => new Promise((resolve) => {
      onerror = resolve;
      add("script", { src }).then(resolve); // it has run by then
    }),
    frame: async (src) => {
      await add("iframe", { src });
      return document.querySelector("iframe").contentDocument?.body.innerText ?? "nothing";
    },
    eventSource: (url) => new Promise((resolve) => {
      const source = new EventSource(url, { withCredentials: true });
      source.onopen = source.onerror = ({ type }) => resolve(type);
    }),
    // From now on the page says nowhere where it is: its forms have the origin null.
    hide: () => document.head.insertAdjacentHTML("beforeend", '<meta name="referrer" content="no-referrer">'),
    webSocket: (url) => new Promise((resolve) => {
      const socket = new WebSocket(url.replace(/^http/, "ws").replace("=polling", "=websocket"));
      socket.onopen = socket.onerror = ({ type }) => resolve(type);
    }),
  };`;

const run = (page, trick, ...args) =>
  soon(page.evaluate(([trick, args]) => tricks[trick](...args), [trick, args]), `the end of ${trick}`);

// A page of this host, in a browser whose user has logged in at the site.
async function pageOf(host, user, url = front.nginx.url, path = undefined) {
  const page = await browser.open(await browser.profileOf(user, victim()), at(host, url), path);
  assert.equal(await page.evaluate("origin"), at(host, url));
  await page.addScriptTag({ content: script });
  return page;
}

// A session that a page has begun by JSONP, which any page may, and what it has read there.
class JsonpSession {
  packets = [];

  static async begin(page) {
    const session = new JsonpSession();
    session.page = page;
    const { sid } = JSON.parse((await run(page, "jsonp", handshake())).slice(1));
    session.url = `${handshake()}&sid=${sid}`;
    await session.post(`40${namespace},`);
    return session;
  }

  // As the library's form does; the & keeps what follows the body apart for the witness.
  post(packet) {
    const body = `d=${encodeURIComponent(packet)}&`;
    return run(this.page, "fetch", `${this.url}&j=0`, { method: "POST", mode: "no-cors", credentials: "omit", body });
  }

  // Reads on until so many have come of what look() finds in the packets.
  async read(look, count) {
    while (look(this.packets).length < count)
      this.packets.push(...(await run(this.page, "jsonp", this.url)).split("\x1e"));
  }
}

const codesIn = (packets) =>
  packets
    .filter((p) => p.startsWith(`42${namespace},["internal"`))
    .map((p) => JSON.parse(p.slice(p.indexOf(",") + 1))[1].code);

// Nobody has asked whose cookies the user's are since then, and nobody listens for the user; until a
// page of the site does.
async function assertServesOnlyTheSite(user, asked) {
  assert.equal(await site.redis.publish(user, "secret"), 0);
  assert.deepEqual(site.webApp.asked.slice(asked), []);
  const own = await pageOf("site", user);
  assert.equal(await follow(own, { auth: { cookies: true } }), "SUBSCRIPTION_OK");
  assert.deepEqual(site.webApp.asked.slice(asked), [site.logIn(user)]);
  await site.redis.publish(user, "Hey");
  await browser.assertTexts(user, [own], ["Hey"]);
}

describe("a page of a neighbouring host", () => {
  before(async () => {
    front.nginx = await Witness.start(site.nginx.url);
    front.gateway = await Witness.start(site.gateway.url);
  });
  after(() => Promise.all(Object.values(front).map((witness) => witness.stop())));

  const options = (transport) => ({ transports: [transport], withCredentials: true, auth: { cookies: true } });

  for (const transport of ["websocket", "polling"])
    test(`gets nothing with its visitor's cookies: ${transport}`, async () => {
      const user = site.newUser();
      const own = await pageOf("site", user);
      assert.equal(await follow(own, options(transport)), "SUBSCRIPTION_OK"); // the site itself may
      const asked = site.webApp.asked.length;
      const page = await pageOf("evil", user);
      assert.match(await follow(page, options(transport), null, victim()), /error/);
      assert.equal(site.webApp.asked.length, asked);
      await site.redis.publish(user, "secret");
      await browser.assertTexts(user, [own], ["secret"]);
      assert.deepEqual(await texts(page), []);
    });

  for (const transport of ["websocket", "polling"])
    test(`is served if its origin is allowed: ${transport}`, async () => {
      const gateway = await Gateway.start(site.redisServer, "--subscribe-by-cookies-url", site.webApp.url,
        "--allow-origin", at("evil", front.nginx.url));
      try {
        const user = site.newUser();
        const page = await pageOf("evil", user);
        assert.equal(await follow(page, options(transport), null, at("site", gateway.url)), "SUBSCRIPTION_OK");
        await site.redis.publish(user, "Hey");
        await browser.assertTexts(user, [page], ["Hey"]);
      } finally {
        await browser.closeProfiles();
        await gateway.stop();
      }
    });

  // All that fetch() can be told; JSON needs a preflight, if it is sent to another origin.
  const modes = ["cors", "no-cors", "same-origin"];
  const credentials = ["include", "same-origin", "omit"];
  const bodies = [{}, ...["text/plain", "application/json"].map((type) => ({
    method: "POST", headers: { "Content-Type": type }, body: event(question) }))];
  const fetches = modes.flatMap((mode) =>
    credentials.flatMap((credentials) => bodies.map((body) => ({ mode, credentials, ...body }))));

  // Where it goes, and what the site's own page reads there.
  const targets = {
    "the handshake": {
      url: async () => handshake(), witness: "nginx", GET: /^0\{"sid":/, POST: /Bad handshake method/, refuses: true },
    "a session of its own": {
      url: async (page) => (await JsonpSession.begin(page)).url, witness: "nginx", GET: /^40/, POST: /^ok$/,
      refuses: true },
    "the gateway's health": {
      url: async () => `${at("site", front.gateway.url)}/healthz`, witness: "gateway", path: "/healthz",
      GET: /"redis":"up"/, POST: /bad_method/ },
  };

  for (const [target, { url, witness, path, refuses, ...answers }] of Object.entries(targets))
    test(`reads nothing by fetch, whatever its mode, of ${target}`, async () => {
      const user = site.newUser();
      const asked = site.webApp.asked.length;
      const own = await pageOf("site", user, front[witness].url, path);
      for (const how of fetches) {
        const [type, text] = await run(own, "fetch", await url(own), how);
        assert.equal(type, "basic", JSON.stringify(how));
        assert.match(text, answers[how.method ?? "GET"], JSON.stringify(how));
      }

      const page = await pageOf("evil", user);
      const before = front[witness].seen.length;
      for (const how of fetches) {
        const learned = await run(page, "fetch", await url(page), how);
        assert.deepEqual(learned, [how.mode === "no-cors" ? "opaque" : "TypeError", ""], JSON.stringify(how));
      }
      const seen = front[witness].seen.slice(before);
      assert.ok(seen.some(({ method }) => method === "OPTIONS"));
      assert.ok(!seen.some(({ type }) => type === "application/json"));
      const withCookies = seen.filter(({ origin, cookie }) => origin && cookie);
      assert.ok(withCookies.length > 0);
      for (const { cookie, status } of withCookies) {
        assert.equal(cookie, site.logIn(user));
        if (refuses) assert.equal(status, 403);
      }
      await assertServesOnlyTheSite(user, asked);
    });

  // Without CORS a browser sends a GET with the cookies and without its origin, but says that it is for
  // another site's page: no session begins. What the site's own page learns, what the stranger does,
  // and with which status.
  const loads = {
    image: [/^error$/, /^error$/, 403],
    corsImage: [/^error$/, /^error$/, 403],
    script: [/SyntaxError/, /^error$/, 403],
    frame: [/^0\{"sid":/, /^nothing$/, 403],
    eventSource: [/^error$/, /^error$/, 403],
  };

  for (const [trick, [toOwn, toEvil, status]] of Object.entries(loads))
    test(`learns nothing of a session that its visitor's cookies begin: ${trick}`, async () => {
      const user = site.newUser();
      const asked = site.webApp.asked.length;
      for (const [host, learned, expected] of [["site", toOwn, 200], ["evil", toEvil, status]]) {
        const page = await pageOf(host, user);
        const url = `${handshake()}&from=${host}-${user}`;
        assert.match(await run(page, trick, url), learned, host);
        const request = await front.nginx.answered(({ path }) => url.endsWith(path), "the request");
        assert.deepEqual([request.cookie, request.status], [site.logIn(user), expected], host);
      }
      await assertServesOnlyTheSite(user, asked);
    });

  // A session by JSONP can be read by any page, and asks in nobody's name. Each way to say something
  // in it, and whether the browser adds the cookies when a stranger does.
  const post = (credentials) => (page, url, body) =>
    run(page, "fetch", url, { method: "POST", mode: "no-cors", credentials, body });
  const senders = {
    "a form": [(page, url, text) => run(page, "form", url, text), true],
    "a form of null": [async (page, url, text) => [await run(page, "hide"), await run(page, "form", url, text)], true],
    "a beacon": [(page, url, text) => run(page, "beacon", url, text), true],
    "fetch with cookies": [post("include"), true],
    "fetch with its own cookies": [post("same-origin"), false],
    "fetch without cookies": [post("omit"), false],
  };

  // Asks by cookies, then by the uuid of another user, who is served: all that was asked has been
  // answered then. Returns the request that asked by cookies, and how both went.
  async function askByJsonp(page, send) {
    const session = await JsonpSession.begin(page);
    await send(page, session.url, event(question));
    const [sid] = session.url.match(/sid=.*/);
    const posts = () => front.nginx.seen.filter(({ method, path }) => method === "POST" && path.includes(sid));
    await until(() => posts()[1]?.status, "the answer to what was asked"); // the first has connected
    const [, request] = posts();
    if (request.status === 200) await session.read(codesIn, 1);
    const other = site.newUser();
    await session.post(event("subscribe-to-notifications", { uuid: await site.redis.mint(other) }));
    await session.read((packets) => codesIn(packets).filter((code) => code === "SUBSCRIPTION_OK"), 1);
    assert.equal(await site.redis.publish(other, "Hey"), 1);
    await session.read(textsIn, 1);
    assert.deepEqual(textsIn(session.packets), ["Hey"]);
    return { ...request, codes: codesIn(session.packets) };
  }

  for (const [sender, [send, sendsCookies]] of Object.entries(senders))
    test(`has no cookies in a session by JSONP: ${sender}`, async () => {
      const user = site.newUser();
      const asked = site.webApp.asked.length;
      const isNull = sender === "a form of null"; // which is nobody's, even to its own site
      const served = ["SUBSCRIBE_BY_COOKIES_ERROR", "SUBSCRIPTION_OK"];
      const refused = served.slice(1);
      const own = await askByJsonp(await pageOf("site", user), send);
      assert.deepEqual([own.status, own.codes], isNull ? [403, refused] : [200, served]);
      const evil = await askByJsonp(await pageOf("evil", user), send);
      assert.equal(evil.cookie, sendsCookies ? site.logIn(user) : undefined);
      assert.equal(evil.origin, isNull ? "null" : at("evil", front.nginx.url));
      assert.deepEqual([evil.status, evil.codes], [403, refused]); // with cookies or without
      await assertServesOnlyTheSite(user, asked);
    });

  test("cannot make a WebSocket of a session by JSONP", async () => {
    const user = site.newUser();
    const opens = async (page) => run(page, "webSocket", (await JsonpSession.begin(page)).url);
    assert.equal(await opens(await pageOf("site", user)), "open");
    assert.equal(await opens(await pageOf("evil", user)), "error");
    const refused = front.nginx.seen.at(-1);
    assert.deepEqual([refused.cookie, refused.status], [site.logIn(user), 403]);
  });

  // An id is a secret; if it gets out all the same, the session is still the site's.
  const thefts = {
    "by JSONP": async (page, url) => assert.equal(await run(page, "jsonp", url), null),
    "by fetch with cookies": async (page, url) =>
      assert.deepEqual(await run(page, "fetch", url, { credentials: "include" }), ["TypeError", ""]),
    "by fetch without cookies": async (page, url) =>
      assert.deepEqual(await run(page, "fetch", url, { credentials: "omit" }), ["TypeError", ""]),
    "by a WebSocket": async (page, url) => assert.equal(await run(page, "webSocket", url), "error"),
  };

  for (const [how, steal] of Object.entries(thefts))
    test(`gets nothing of a session that began with cookies, though it knows the id: ${how}`, async () => {
      const user = site.newUser();
      const own = await pageOf("site", user);
      const [, opened] = await run(own, "fetch", handshake());
      const url = `${handshake()}&sid=${JSON.parse(opened.slice(1)).sid}`;
      const packets = [];
      const poll = async () => packets.push(...(await run(own, "fetch", url))[1].split("\x1e"));
      for (const body of [`40${namespace},`, event(question)])
        assert.deepEqual(await run(own, "fetch", url, { method: "POST", body }), ["basic", "ok"]);
      while (codesIn(packets).length === 0) await poll();
      assert.deepEqual(codesIn(packets), ["SUBSCRIPTION_OK"]);
      await site.redis.publish(user, "secret");
      await steal(await pageOf("evil", user), url);
      await poll();
      assert.deepEqual(textsIn(packets), ["secret"]);
    });
});
