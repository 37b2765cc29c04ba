// SPDX-License-Identifier: MIT
//
// python-socketio as Debian has it, sync and async: each transport with each identity, to the
// gateway itself and through the real Nginx. Messages are published all the while.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { pause, soon, until } from "./support/await.mjs";
import { Process } from "./support/processes.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile({ nginx: true });
const script = fileURLToPath(new URL("support/python_client.py", import.meta.url));

const ways = {
  "auth.uuid": async (user) => ({ auth: { uuid: await site.redis.mint(user) } }),
  "a uuid in an event": async (user) => ({
    ask: ["subscribe-to-notifications", { uuid: await site.redis.mint(user) }],
  }),
  "auth.cookies": async (user) => ({ auth: { cookies: true }, headers: { Cookie: site.logIn(user) } }),
  "cookies, by an event": async (user) => ({
    ask: ["subscribe-to-notifications-by-cookies"],
    headers: { Cookie: site.logIn(user) },
  }),
};

// What it has printed so far, in whole lines. Libraries complain in others, of sessions left open.
const linesOf = (client) =>
  client.output.split("\n").slice(0, -1).filter((line) => line.startsWith("[")).map((line) => JSON.parse(line));

async function follow(kind, transports, how, url) {
  const user = site.newUser();
  // A uuid lasts 5 seconds; a machine that is busy takes some to start Python.
  const client = new Process("/usr/bin/python3", [script, kind, url, transports, JSON.stringify(await how(user))]);
  try {
    const sent = [];
    for (let after = 0; after < 20 && client.ended === null; await pause(1))
      if ((await site.redis.publish(user, `text ${sent.push(`text ${sent.length}`) - 1}`)) > 0 &&
          client.output.includes("SUBSCRIPTION_OK")) ++after;
    const last = JSON.stringify(["notification", sent.at(-1)]).replace(",", ", ");
    await until(() => client.output.includes(last) || client.ended !== null, "the last message");
    await site.redis.publish(user, "the end");
    assert.equal(await soon(client.closed, "its end"), 0, client.output);
    return { sent, said: linesOf(client) };
  } finally {
    await client.stop("SIGKILL");
  }
}

for (const kind of ["sync", "async"])
  for (const transports of ["websocket", "polling", "polling,websocket"])
    for (const [way, how] of Object.entries(ways))
      for (const route of way.startsWith("auth") ? ["direct", "nginx"] : ["direct"])
        test(`${kind}, ${transports}, ${way}, ${route}`, async () => {
          const { sent, said } = await follow(kind, transports, how, site.url(route));
          const texts = said.filter(([what]) => what === "notification").map(([, text]) => text);
          // The sync client handles each message in a thread of its own.
          const place = (text) => [...sent, "the end"].indexOf(text);
          if (kind === "sync") texts.sort((a, b) => place(a) - place(b));
          assert.deepEqual(texts, [...sent.slice(1 - texts.length), "the end"]);
          assert.ok(texts.length > 20);
          const rest = said.filter(([what]) => what !== "notification");
          assert.deepEqual(rest, [["internal", "SUBSCRIPTION_OK"], ["transport", transports.split(",").at(-1)], ["left"]]);
        });
