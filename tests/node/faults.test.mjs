// SPDX-License-Identifier: MIT
//
// Each read, write, descriptor and allocation of a gateway fails once, in turn, while a client goes its
// way; and at each look at the clock all its deadlines pass. That client is told, nobody else notices
// for longer than a moment, and nothing is left behind.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { FaultyGateway } from "./support/faults.mjs";
import { go, journeys } from "./support/journeys.mjs";
import { request } from "./support/raw.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();
let gateway;
let atFirst; // descriptors, before any client came

// A client goes as often as there are calls that can fail on its way. The clock is looked at for ever,
// whoever comes: there it goes slowly, and as often as this.
const clockRounds = 25;
const limits = ["--threads", 1, "--web-app-timeout", 1000, "--subscribe-timeout", 1000];

describe("a gateway of which one call fails", () => {
  before(async () => {
    const cookies = ["--subscribe-by-cookies-url", site.webApp.url];
    gateway = await FaultyGateway.start(site.redisServer, ...cookies, ...limits);
    await globalThis[Symbol.for("undici.globalDispatcher.1")]?.close();
    await until(async () => (await health()).connections === 1, "the end of the first question");
    atFirst = descriptors() + 1; // one to the web app is kept
  });
  after(() => gateway.stop());

  // Goes a journey as a user of its own; true if it was served to its end.
  function travel(journey, pace = 0) {
    const user = site.newUser();
    return go(journey, { url: gateway.url, redis: site.redis, user, cookie: site.logIn(user), pace });
  }

  const health = async () => JSON.parse((await request(`${gateway.url}/healthz`)).body);
  const descriptors = () => readdirSync(`/proc/${gateway.process.pid}/fd`).length;

  for (const [name, journey] of Object.entries(journeys))
    for (const kind of ["read", "write", "descriptor", "allocation", "clock"])
      test(`${kind}, ${name}`, async (t) => {
        let [served, rounds] = [0, 0];
        const isClock = kind === "clock";
        for (let fired = true; isClock ? rounds < clockRounds : fired; ) {
          gateway.arm(kind, ++rounds);
          try {
            if (await travel(journey, isClock ? 30 : 0)) ++served;
            fired = gateway.disarm();
            assert.equal(gateway.process.ended, null, "the gateway has ended");
            await until(() => travel(journeys["over WebSocket, by a uuid"]), "service for others");
          } catch (error) {
            error.message = `${kind} ${rounds}: ${error.message}\n${gateway.process.output.slice(-2000)}`;
            throw error;
          }
        }
        t.diagnostic(`${rounds} calls, of which ${served} clients noticed nothing`);
        assert.ok(rounds > 3 && served > 0);
      });

  test("and nothing is left of it", async () => {
    assert.equal(await travel(journeys["by polling, by cookies"]), true);
    // A clock that has just jumped may cut this off, too.
    const sessions = () => health().then((h) => h.sessions, () => -1);
    await until(async () => (await sessions()) === 0, "the end of the sessions");
    await until(async () => (await health()).channels === 0, "the end of the channels");
    const subscribed = () => site.redis.channels();
    await until(async () => (await subscribed()).length === 0, "the end of the subscriptions");
    await until(async () => (await health()).connections === 1, "the end of the connections"); // but this
    await until(() => descriptors() <= atFirst, "the end of the descriptors");
  });
});
