// SPDX-License-Identifier: MIT
//
// The connections to the web app: --web-app-requests is how many there are, however many ask, and each
// asker gets the answer to its own question.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause, until } from "./support/await.mjs";
import { RawWebApp, loggedIn } from "./support/raw_web_app.mjs";
import { Site } from "./support/site.mjs";

const most = 3;
const site = Site.forThisFile({ webApp: RawWebApp, gateway: ["--threads", 1, "--web-app-requests", most] });

// So many browsers, each with cookies of its own, ask at once; returns [client, user] of each.
async function askAtOnce(count) {
  const users = Array.from({ length: count }, () => site.newUser());
  const clients = await Promise.all(users.map((user) => site.connect({ extraHeaders: { Cookie: `user=${user}` } })));
  const answers = await Promise.all(clients.map((client) => client.byCookies()));
  for (const { code } of answers) assert.equal(code, "SUBSCRIPTION_OK");
  return clients.map((client, i) => [client, users[i]]);
}

describe(`50 who ask at once use ${most} connections,`, () => {
  const ways = {
    "which are kept": (socket, head, cookie) => socket.write(loggedIn(cookie)),
    "also if it takes a while": (socket, head, cookie) => setTimeout(() => socket.write(loggedIn(cookie)), 5),
  };
  for (const [name, behave] of Object.entries(ways))
    test(name, async () => {
      const { webApp } = site;
      webApp.hangUp();
      await until(() => webApp.open === 0, "the end of those before");
      Object.assign(webApp, { behave, mostOpen: 0, connects: 0, heads: [] });
      const all = await askAtOnce(50);
      assert.equal(webApp.heads.length, 50);
      assert.deepEqual([webApp.mostOpen, webApp.connects], [most, most]);
      assert.ok(webApp.open <= most);
      await Promise.all(all.map(async ([client, user]) => assert.deepEqual(await site.flush(client, user), [])));

      await askAtOnce(10); // over the same ones
      assert.deepEqual([webApp.connects, webApp.open], [most, most]);
    });
});

test(`of 50 who ask at once ${most} are on their way while the web app is silent, and no more`, async () => {
  const holding = [];
  site.webApp.behave = (socket, head, cookie) => holding.push(() => socket.write(loggedIn(cookie)));
  const asked = askAtOnce(50);
  for (let done = 0; done < 50; ) {
    await until(() => holding.length === Math.min(most, 50 - done), "the next");
    await pause(10); // in which another could come
    assert.ok(holding.length <= most, `${holding.length} at a time`);
    for (const answerNow of holding.splice(0)) answerNow(++done);
  }
  await asked;
  assert.ok(site.webApp.open <= most);
});
