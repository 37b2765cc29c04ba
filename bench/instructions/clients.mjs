// SPDX-License-Identifier: MIT
//
// Clients that take the same steps in each run, one after the other, so that counts repeat; and a publisher.
import { Agent } from "node:http";
import { Polling, RawWebSocket, enginePath, request } from "../../tests/node/support/raw.mjs";
import { channelOf } from "../../tests/node/support/redis_client.mjs";

const namespace = "/io/user/notifications";
const joining = (uuid) => `40${namespace},${JSON.stringify({ uuid })}`;

function assertHas(packet, text) {
  if (!packet.includes(text)) throw new Error(`not a packet with ${JSON.stringify(text)}: ${packet}`);
}

// A subscribed client over WebSocket.
export class Tab {
  static async open(gateway, uuid) {
    const tab = new Tab();
    tab.ws = await RawWebSocket.open(`${gateway.url}${enginePath}websocket`);
    await tab.hears('"sid"');
    await gateway.atRest();
    tab.ws.send(joining(uuid));
    await tab.hears('"sid"'); // in the namespace
    await tab.hears("SUBSCRIPTION_OK");
    return tab;
  }

  async hears(text) {
    assertHas(await this.ws.text(), text);
  }
}

// A subscribed client over long-polling, with one kept connection, as browsers have.
export class Poller {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  static async open(gateway, uuid) {
    const poller = new Poller();
    const polling = await Polling.open(gateway.url, { agent: poller.#agent });
    poller.url = polling.url;
    await polling.post(joining(uuid));
    while (!(await polling.packets()).some((packet) => packet.includes("SUBSCRIPTION_OK")));
    return poller;
  }

  // Sends a GET, calls onSent() when it is sent, and reads the answer with what was published meanwhile.
  async hears(text, onSent) {
    const { body } = await request(this.url, { agent: this.#agent, onSent });
    assertHas(body, text);
  }
}

// Publishes messages [user, text] in one write. Redis handles them in one turn and passes them on in one
// write of up to 16 KiB, so that the gateway's reads never end at a random place.
export function publishAtOnce(redis, messages) {
  return atOnce(redis, messages.map(([user, text]) => ["PUBLISH", channelOf(user), text]));
}

// The same for stored notifications. sha: by which Redis knows the script that stores them.
export function storeAtOnce(redis, sha, messages) {
  return atOnce(redis, messages.map(([user, text]) =>
    ["EVALSHA", sha, 1, channelOf(user), JSON.stringify({ message: text })]));
}

async function atOnce(redis, commands) {
  redis.socket.cork();
  const replies = [redis.command("MULTI")];
  for (const words of commands) replies.push(redis.command(...words));
  replies.push(redis.command("EXEC"));
  redis.socket.uncork();
  await Promise.all(replies);
}
