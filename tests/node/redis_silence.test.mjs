// SPDX-License-Identifier: MIT
//
// A Redis that keeps its connections and says nothing, or accepts them and says nonsense, for long:
// the gateway notices, tries again and again but not too often, and finds the real one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./support/await.mjs";
import { assertBack, behindNonsense, resp } from "./support/nonsense_redis.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();
const health = async (gateway) => (await (await fetch(`${gateway.url}/healthz`)).json()).redis;
const failed = "USER_ID_RETRIEVAL_RETURNED_ERROR";

test("a server of nonsense that stays: the tries are spaced, and Redis is found when it is back", () =>
  behindNonsense(site, async (its) => {
    const { front, gateway, client } = its;
    const greetings = ["?\r\n", "-NOAUTH\r\n".repeat(5), "-LOADING\r\n", "+PONG\r\n".repeat(100), ":1\r\n:1\r\n",
      resp(["message", its.channel, "x"]).repeat(50), "*1\r\n".repeat(20_000), "$-3\r\n", ""];
    let met = 0;
    front.instead = (socket) => socket.end(greetings[met++ % greetings.length]);
    const memory = gateway.rss;
    const began = Date.now();
    front.hangUp();
    await until(() => met >= 2 * greetings.length, "each of them being met");
    const took = Date.now() - began;
    // Pauses double from 50 ms to a second, the half of each by lot: two connections, nine tries each.
    assert.ok(took > 2000, `${met} tries in ${took} ms`);
    assert.equal(await health(gateway), "down");
    assert.equal(client.notifications.all.length, 0);
    const other = await site.connect({}, gateway.url);
    assert.equal((await other.byUuid("any")).code, failed);
    front.instead = null;
    const back = Date.now();
    await assertBack(site, its);
    assert.ok(Date.now() - back < 4000, `back after ${Date.now() - back} ms`);
    assert.ok(gateway.rss - memory < 32 * 1024, `grew by ${gateway.rss - memory} KiB`);
  }));

test("a Redis that falls silent, its connections open: noticed, and found again when it speaks", () =>
  behindNonsense(site, async (its) => {
    const { front, gateway } = its;
    front.change = () => null;
    front.instead = () => {}; // accepts, and is silent too
    const other = await site.connect({}, gateway.url);
    const began = Date.now();
    assert.equal((await other.byUuid(await site.redis.mint(site.newUser()))).code, failed);
    assert.ok(Date.now() - began < 3000, `told after ${Date.now() - began} ms`);
    await until(async () => (await health(gateway)) === "down", "the silence being noticed");
    await until(() => !front.link("messages"), "both connections being given up");
    assert.ok(Date.now() - began < 10_000, `noticed after ${Date.now() - began} ms`);
    front.change = (bytes) => bytes;
    front.instead = null;
    front.hangUp();
    await assertBack(site, its);
  }));
