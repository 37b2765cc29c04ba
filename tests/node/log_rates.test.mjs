// SPDX-License-Identifier: MIT
//
// However often a stranger is refused, the log says so once a second at most, for each kind of refusal,
// and loses none in its counts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { health } from "./support/counts.mjs";
import { Polling, RawWebSocket, enginePath, request } from "./support/raw.mjs";
import { Site, namespace } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 1] });
const burst = 2500; // ms: enough for more than one line
const headers = { Cookie: "sessionid=x" };
const url = () => `${site.url()}${enginePath}`;

async function joined() {
  const ws = await RawWebSocket.open(`${url()}websocket`, headers);
  await ws.text();
  ws.send(`40${namespace},`);
  await ws.text();
  return ws;
}

const asks = (event) => async () => {
  const ws = await joined();
  return async () => {
    ws.send(`42${namespace},${JSON.stringify(event)}`);
    assert.match(await ws.text(), /"error"/);
  };
};

// What the log calls it, the count of /healthz and its name, and how to begin doing it, time and again.
const kinds = [
  ["requests refused", "refused", "nothing_here", () => () => request(`${site.url()}/nowhere`)],
  ["requests refused", "refused", "unknown_session", () => () => request(`${url()}polling&sid=x`)],
  ["sessions ended", "closed", "parse_error", () => async () => (await Polling.open(site.url())).post("nonsense")],
  ["not subscribed", "not_subscribed", "unknown_uuid", asks(["subscribe-to-notifications", { uuid: "unknown" }])],
  ["not subscribed", "not_subscribed", "cookies_refused", asks(["subscribe-to-notifications-by-cookies"])],
];

describe("in a burst there are few lines for", () => {
  for (const [words, what, name, begin] of kinds)
    test(`${words}: ${name}`, async () => {
      site.webApp.behave = (_, response) => response.destroy(); // which would be worth a line each time
      const again = await begin();
      const log = site.gateway.process.output.length;
      const began = Date.now();
      let done = 0;
      for (; Date.now() - began < burst; ++done) await again();

      const line = new RegExp(`^(\\S+ \\S+) \\S+ +shard 0: (\\d+) ${words}: ${name}\\b`);
      const lines = () => site.gateway.process.output.slice(log).split("\n").filter((text) => line.test(text));
      const sum = () => lines().reduce((n, text) => n + Number(text.match(line)[2]), 0);
      await until(() => sum() >= done, "all being logged");
      const seconds = (Date.now() - began) / 1000;
      assert.equal(sum(), done);
      const count = lines().length;
      assert.ok(done > 50 && count >= 2 && count <= seconds + 1, `${count} lines for ${done} in ${seconds} s`);
      const times = lines().map((text) => Date.parse(text.match(line)[1]));
      for (let i = 1; i < times.length; ++i)
        assert.ok(times[i] - times[i - 1] >= 800, `${times[i] - times[i - 1]} ms between two lines`);
      assert.equal((await health(site.gateway))[what][name], done);

      // Nor is anything else said of them, but that the POST of nonsense was refused too.
      const others = site.gateway.process.output.slice(log).split("\n").filter((text) => text && !line.test(text));
      assert.deepEqual(others.filter((text) => !/ requests refused: bad_request$/.test(text)), []);
      assert.ok(others.length <= count + 1, `${others.length} other lines`);
    });
});
