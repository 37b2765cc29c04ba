// SPDX-License-Identifier: MIT
//
// The page of --dev, which is made with notify-client.js, in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser } from "./support/browser.mjs";
import { restartGateway } from "./support/client_page.mjs";
import { Site } from "./support/site.mjs";

const options = ["--dev", "--sample-userid", "4711"];
const site = Site.forThisFile({ gateway: options });
const browser = Browser.forThisFile(site);

// The page, and in `troubles` what no script caught or its policy forbade.
async function open() {
  const profile = await browser.profileOf(site.newUser(), site.gateway.url);
  const page = await profile.newPage();
  page.troubles = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) page.troubles.push(message.text());
  });
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  await page.goto(site.gateway.url);
  return page;
}

const says = (page, id, text) => page.locator(`#${id}`).filter({ hasText: text }).waitFor();
const rows = (page) => page.locator("#list > li").allTextContents();

async function send(page, text) {
  await page.getByLabel("Message to this user").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("#list > li").filter({ hasText: text }).waitFor();
}

test("it is live as its user, sends to it, and shows what arrives as text, by keyboard alone", async () => {
  const page = await open();
  await says(page, "state", "live as user 4711");
  await send(page, "<b>Hey</b>");
  await says(page, "sent", "sent");
  await site.redis.publish("4711", "from elsewhere");
  await page.locator("#list > li").filter({ hasText: "from elsewhere" }).waitFor();
  const texts = await rows(page);
  assert.match(texts[0], /from elsewhere$/);
  assert.match(texts[1], /<b>Hey<\/b>$/);

  await page.getByLabel("User id").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("bob");
  await page.keyboard.press("Enter");
  await says(page, "state", "live as user bob");
  assert.match(await page.locator("#command").textContent(), /^notify-send --user bob --redis \S+ "Hey"$/);
  await site.redis.publish("4711", "to whom this page was before");
  await send(page, "to bob");
  assert.equal((await rows(page)).length, 3);
  assert.deepEqual(page.troubles, []);
});

test("who cannot be a user is told why, and the gateway's end and return are seen", async () => {
  const page = await open();
  await says(page, "state", "live as user 4711");
  await page.getByLabel("User id").fill("a/b");
  await page.getByRole("button", { name: "Connect" }).click();
  await says(page, "state", /offline: no uuid: .*user id/);
  await page.getByLabel("User id").fill("4711");
  await page.getByRole("button", { name: "Connect" }).click();
  await says(page, "state", "live as user 4711");
  await restartGateway(site, options, "SIGTERM", () => says(page, "state", "offline: the connection was lost"));
  await says(page, "state", "live as user 4711");
  await send(page, "after it came back");
});
