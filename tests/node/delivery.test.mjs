// SPDX-License-Identifier: MIT
//
// One user, several tabs; and the channels in Redis that come and go with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", "1"] });

test("each tab of a user gets each notification once, in order", async () => {
  const user = site.newUser();
  const tabs = await Promise.all(
    ["websocket", "polling", "websocket", "polling"].map((t) => site.follow(user, { transports: [t] })));
  const texts = Array.from({ length: 500 }, (_, i) => String(i));
  for (const text of texts) site.redis.publish(user, text);
  for (const tab of tabs) assert.deepEqual(await tab.notifications.take(500), texts);
  assert.equal(await site.redis.subscribers(channelOf(user)), 1);
});

test("a tab that goes leaves the others what is theirs", async () => {
  const user = site.newUser();
  const [stays, goes] = [await site.follow(user), await site.follow(user)];
  goes.socket.disconnect();
  await site.redis.publish(user, "Hey");
  assert.deepEqual(await site.flush(stays, user), ["Hey"]);
});

test("the channel is given up some seconds after the last tab left, not at once", async () => {
  const user = site.newUser();
  const channel = channelOf(user);
  (await site.follow(user)).socket.disconnect();
  await pause(200); // for the gateway to see it
  assert.equal(await site.redis.subscribers(channel), 1);
  const began = Date.now();
  await until(async () => (await site.redis.subscribers(channel)) === 0, "the channel being given up");
  assert.ok(Date.now() - began > 3000, `given up after ${Date.now() - began} ms`);

  const again = await site.follow(user);
  await site.redis.publish(user, "Hey");
  assert.equal(await again.notifications.next(), "Hey");
});

test("who leaves the namespace and stays connected gets nothing more", async () => {
  const user = site.newUser();
  const leaves = await site.follow(user);
  const stays = await site.follow(user);
  leaves.socket.disconnect();
  await site.redis.publish(user, "Hey");
  await site.flush(stays, user);
  assert.deepEqual(leaves.notifications.all, []);
});

test("a message of a megabyte arrives, over each transport", async () => {
  const user = site.newUser();
  const text = "ä".repeat(500_000);
  for (const transport of ["websocket", "polling"]) {
    const client = await site.follow(user, { transports: [transport] });
    await site.redis.publish(user, text);
    assert.equal(await client.notifications.next(), text);
  }
});

test("a message that is not UTF-8 harms nobody", async () => {
  const user = site.newUser();
  const client = await site.follow(user);
  await site.redis.command("EVAL", `return redis.call('PUBLISH', KEYS[1], 'a\\255\\254b')`, 1, channelOf(user));
  const [text] = await site.flush(client, user);
  assert.match(text, /^a\ufffd+b$/);
});
