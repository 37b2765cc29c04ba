// SPDX-License-Identifier: MIT
//
// examples/browser/notify-client.js on the desktop: each message is shown once for all tabs of a user,
// whichever of them comes, goes, or loses its connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { Browser } from "./support/browser.mjs";
import { ClientPage, assertStays } from "./support/client_page.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const browser = Browser.forThisFile(site);

const asTitle = `{ desktop: (text) => ({ title: text, body: "of a test" }) }`;

// The tabs of a user, and in `shown` what was shown, by which tab; the browser is asked for real too.
class Desk {
  shown = [];
  tabs = [];

  static async of(user, { permissions = ["notifications"] } = {}) {
    const desk = new Desk();
    desk.profile = await browser.profileOf(user);
    if (permissions.length) await desk.profile.grantPermissions(permissions, { origin: site.nginx.url });
    await desk.profile.exposeBinding("record", ({ page }, title, options) => {
      desk.shown.push({ tab: desk.tabs.find((tab) => tab.page === page), title, ...options });
    });
    await desk.profile.addInitScript(() => {
      window.Notification = class extends Notification {
        constructor(title, options) {
          super(title, options);
          record(title, options);
        }
      };
    });
    return desk;
  }

  async open(options = asTitle) {
    const tab = await ClientPage.open(browser, this.profile);
    this.tabs.push(tab);
    await tab.start(options);
    await tab.untilState("live");
    return tab;
  }

  get titles() {
    return this.shown.map(({ title }) => title);
  }

  async assertShown(expected) {
    await until(() => this.shown.length >= expected.length, `${expected.length} shown`);
    assert.deepEqual(this.titles, expected);
  }

  // The tab that leads; there is always one soon.
  async leader(user) {
    await site.redis.publish(user, "who leads?");
    await until(() => this.titles.includes("who leads?"), "somebody leading");
    const [{ tab }] = this.shown.splice(this.titles.indexOf("who leads?"), 1);
    return tab;
  }

  async close(tab) {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
    await tab.close();
  }
}

const untilHeard = (tab, text) =>
  until(async () => (await tab.run("texts")).includes(text), `${text} arriving`);

test("three tabs, one desktop notification; when the leader closes, the next leads", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  for (let i = 0; i < 3; ++i) await desk.open();
  const expected = [];
  for (let left = 3; left > 0; --left) {
    const leader = await desk.leader(user);
    for (const text of [`first of ${left}`, `second of ${left}`]) {
      await site.redis.publish(user, text);
      expected.push(text);
    }
    await desk.assertShown(expected);
    assert.ok(desk.shown.slice(-2).every(({ tab }) => tab === leader));
    assert.deepEqual(desk.shown.at(-1).body, "of a test");
    for (const tab of desk.tabs) await untilHeard(tab, expected.at(-1));
    if (left === 1) break;
    await desk.close(leader);
    // Nobody leads yet.
    const orphan = `while nobody leads, ${left}`;
    await site.redis.publish(user, orphan);
    expected.push(orphan);
    await desk.assertShown(expected);
  }
  await assertStays(() => desk.shown.length, "what is shown", 1000);
  assert.deepEqual(desk.titles, expected);
});

test("a leader that leaves in the midst of a stream: none is lost, none shown twice", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  for (let i = 0; i < 3; ++i) await desk.open();
  const sent = [];
  for (const leaves of ["client.retry()", "client.close()", "client.close()"]) {
    const leader = await desk.leader(user);
    const leaving = pause(20).then(() => leader.run(leaves));
    for (let i = 0; i < 40; ++i) {
      sent.push(`${leaves}, ${sent.length}`);
      await site.redis.publish(user, sent.at(-1));
      await pause(2);
    }
    await leaving;
    await desk.assertShown(sent);
  }
  await assertStays(() => desk.shown.length, "what is shown", 1000);
});

test("a tab that loses its connection does not lead", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  for (let i = 0; i < 2; ++i) await desk.open();
  const leader = await desk.leader(user);
  await leader.page.route("**/socket.io/**", (route) => route.abort());
  await leader.run(`const down = io; io = (url, options) => down(url, { ...options, transports: ["polling"] });
    dispatchEvent(new Event("offline"))`); // the library closes its connection
  await leader.untilState("offline");
  await site.redis.publish(user, "Hey");
  await desk.assertShown(["Hey"]);
  assert.notEqual(desk.shown[0].tab, leader);
  await leader.page.unroute("**/socket.io/**");
  await leader.untilState("live");
  await site.redis.publish(user, "Hey again");
  await desk.assertShown(["Hey", "Hey again"]);
  await assertStays(() => desk.shown.length, "what is shown", 1000);
});

test("equal texts are two notifications, and a tag is given on; null shows nothing", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  const options = `{ desktop: (text) => text === "quiet" ? null : { title: text, tag: text.slice(0, 3) } }`;
  for (let i = 0; i < 3; ++i) await desk.open(options);
  await desk.leader(user);
  for (const text of ["Hey", "Hey", "quiet", "Hello", "Hello"]) await site.redis.publish(user, text);
  await desk.assertShown(["Hey", "Hey", "Hello", "Hello"]);
  assert.deepEqual(desk.shown.map(({ tag }) => tag), ["Hey", "Hey", "Hel", "Hel"]);
  const leader = desk.shown[0].tab;
  for (const tab of desk.tabs) await untilHeard(tab, "Hello");
  await desk.close(leader);
  await desk.leader(user);
  assert.deepEqual(desk.titles, ["Hey", "Hey", "Hello", "Hello"]); // nothing of it again
});

test("a leader that dies between two equal texts: the next shows the second", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  for (let i = 0; i < 2; ++i) await desk.open();
  const leader = await desk.leader(user);
  await leader.run(`{
    const Real = Notification;
    let left = 1;
    Notification = function (...args) { if (left-- > 0) return new Real(...args); throw new Error("it is dead"); };
    Notification.permission = "granted";
    const tell = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = function (key) { lastWords = () => tell.call(this, key); };
  }`);
  for (let i = 0; i < 2; ++i) await site.redis.publish(user, "Hey");
  for (const tab of desk.tabs) await until(() => tab.run("texts.filter((t) => t === 'Hey').length === 2"), "both");
  await leader.run("lastWords()");
  await desk.close(leader);
  await desk.assertShown(["Hey", "Hey"]);
  await desk.leader(user);
  assert.deepEqual(desk.titles, ["Hey", "Hey"]);
});

test("what was kept for too long is not shown late", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  const [first, second] = [await desk.open(), await desk.open()];
  await desk.leader(user);
  await first.run(`Notification = class { static permission = "granted"; };
    BroadcastChannel.prototype.postMessage = () => {}`); // it shows nothing, and says nothing of it
  await site.redis.publish(user, "old");
  await untilHeard(second, "old");
  await second.run("const now = Date.now; Date.now = () => now() + 11_000");
  await desk.close(first);
  await desk.leader(user);
  assert.deepEqual(desk.titles, []);
});

test("askForDesktop() says how it is, and without permission nothing is shown", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user, { permissions: [] });
  const tab = await desk.open();
  await site.redis.publish(user, "not allowed");
  await untilHeard(tab, "not allowed");
  assert.match(await tab.run("client.askForDesktop()"), /denied|default/);
  await desk.profile.grantPermissions(["notifications"], { origin: site.nginx.url });
  assert.equal(await tab.run("client.askForDesktop()"), "granted");
  await desk.leader(user);
  assert.deepEqual(desk.shown, []);
});

test("where a browser has no Web Locks, all works but the desktop", async () => {
  const user = site.newUser();
  const desk = await Desk.of(user);
  await desk.profile.addInitScript("delete Navigator.prototype.locks");
  const tab = await desk.open();
  await site.redis.publish(user, "Hey");
  await tab.assertTexts(["Hey"]);
  assert.equal(await tab.run("client.askForDesktop()"), "unsupported");
  assert.deepEqual([desk.shown, await tab.run("errors")], [[], []]);
});
