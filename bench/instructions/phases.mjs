// SPDX-License-Identifier: MIT
//
// The phases that are counted, by the name of their figure. A phase has users of its own. prepare() connects
// them and returns a function that does one turn: `each` things of the kind that the figure is about. No client
// leaves meanwhile, since the gateway would unsubscribe its channel later, in another phase.
import { sendScript } from "../../tests/node/support/redis_client.mjs";
import { Poller, Tab, publishAtOnce, storeAtOnce } from "./clients.mjs";

let published = 0;
const nextText = () => `notification ${++published} `.padEnd(32, "-");

const users = (name, count) => Array.from({ length: count }, (_, n) => `${name}-${1000 + n}`);
const open = async (Kind, { gateway, redis }, user) => Kind.open(gateway, await redis.mint(user));

async function openTabs(bed, them) {
  const tabs = [];
  for (const user of them) tabs.push(await open(Tab, bed, user));
  return tabs;
}

export const phases = {
  connect_uuid: {
    what: "a new user's client connects over WebSocket with a uuidCookie, to SUBSCRIPTION_OK",
    turns: 200,
    each: 1,
    async prepare(bed) {
      let count = 0;
      return () => open(Tab, bed, `comer-${1000 + ++count}`);
    },
  },

  delivery_one: {
    what: "a delivery, of one message at a time to one tab",
    turns: 1000,
    each: 1,
    async prepare(bed) {
      const tab = await open(Tab, bed, "alone");
      return async () => {
        const text = nextText();
        await bed.redis.publish("alone", text);
        await tab.hears(text);
      };
    },
  },

  delivery_burst: {
    what: "a delivery, of 100 published at once to as many users with a tab each",
    turns: 30,
    each: 100,
    async prepare(bed) {
      const them = users("many", 100);
      const tabs = await openTabs(bed, them);
      return async () => {
        const messages = them.map((user) => [user, nextText()]);
        await publishAtOnce(bed.redis, messages);
        await Promise.all(messages.map(([, text], n) => tabs[n].hears(text)));
      };
    },
  },

  delivery_stored_burst: {
    what: "a delivery of a stored notification, of 60 stored at once for as many users with a tab each",
    turns: 50,
    each: 60,
    async prepare(bed) {
      const them = users("stored", 60);
      const tabs = await openTabs(bed, them);
      const sha = await bed.redis.command("SCRIPT", "LOAD", sendScript);
      return async () => {
        const messages = them.map((user) => [user, nextText()]);
        await storeAtOnce(bed.redis, sha, messages);
        await Promise.all(messages.map(([, text], n) => tabs[n].hears(text)));
      };
    },
  },

  delivery_fan_out: {
    what: "a delivery, of 16 messages published at once to one user with 100 tabs",
    turns: 20,
    each: 1600,
    async prepare(bed) {
      const tabs = await openTabs(bed, Array(100).fill("tabbed"));
      const hearsAll = async (tab, texts) => {
        for (const text of texts) await tab.hears(text);
      };
      return async () => {
        const texts = Array.from({ length: 16 }, nextText);
        await publishAtOnce(bed.redis, texts.map((text) => ["tabbed", text]));
        await Promise.all(tabs.map((tab) => hearsAll(tab, texts)));
      };
    },
  },

  poll: {
    what: "a poll: a GET that waits for a notification, over a connection that is kept",
    turns: 200,
    each: 1,
    async prepare(bed) {
      const poller = await open(Poller, bed, "poller");
      return async () => {
        const text = nextText();
        await poller.hears(text, async () => {
          await bed.gateway.atRest(); // the GET has come, and waits
          await bed.redis.publish("poller", text);
        });
      };
    },
  },
};
