// SPDX-License-Identifier: MIT
//
// Clients' ways from the first byte to a notification, by hand, for a gateway that may fail at any
// step. A client must be served, or be told that it is not: by a refusal, an error, or the end of its
// connection. A journey fails if the client hears nothing.
import { pause, soon } from "./await.mjs";
import { Polling, RawWebSocket, enginePath } from "./raw.mjs";
import { namespace as ns } from "./site.mjs";

// A client's side of a session. next() is the next packet, or null for the end.
class SocketLine {
  static async open(url, headers) {
    const line = new SocketLine();
    line.ws = await RawWebSocket.open(url, headers);
    return line;
  }

  async next() {
    for (let frame; (frame = await this.ws.frames.next()); )
      if (frame.opcode === 8) return null;
      else if (frame.opcode === 1) return frame.payload.toString();
    return null;
  }

  send(...packets) {
    for (const packet of packets) this.ws.send(packet);
  }

  end() {
    this.ws.end();
  }
}

class PollingLine {
  #packets = [];
  #broken = false; // whether a POST has failed, after which every client library gives up the session

  static async open(url, headers) {
    const line = new PollingLine();
    line.polling = await Polling.open(url, { headers });
    return line;
  }

  async next() {
    if (this.#broken) return null;
    while (this.#packets.length === 0) {
      const packets = await this.polling.packets().catch(() => ["1"]);
      this.#packets.push(...packets.filter((packet) => packet !== "6"));
    }
    const packet = this.#packets.shift();
    return packet === "1" ? null : packet;
  }

  async send(...packets) {
    const { status } = await this.polling.post(...packets).catch(() => ({}));
    if (status !== 200) this.#broken = true;
  }

  end() {
    return this.send("1");
  }
}

// The packets of a line until its end; heartbeats are answered.
async function* packetsOf(line) {
  for (let packet; (packet = await soon(line.next(), "a packet or the end")) !== null; )
    if (packet === "2") await line.send("3");
    else yield packet;
}

// Subscribes. Returns true if that is confirmed, false if it is refused or the line has ended.
async function subscribe(line, auth, pace) {
  await pause(pace);
  await line.send(`40${ns},${JSON.stringify(auth)}`);
  for await (const packet of packetsOf(line)) {
    if (packet.includes("SUBSCRIPTION_OK")) return true;
    if (packet.includes('"error"')) return false;
  }
  return false;
}

// Publishes until the subscriber gets a message (returns true) or its line ends (false). It publishes again
// and again, since messages may be lost while the gateway reconnects to Redis.
async function hears(line, publish) {
  let [over, end] = [false];
  const ended = new Promise((resolve) => (end = resolve));
  const saying = (async () => {
    for (; !over; await Promise.race([ended, pause(100)])) await publish("Hey");
  })();
  try {
    for await (const packet of packetsOf(line)) if (packet.includes('["notification",{"message":"Hey"}]')) return true;
    return false;
  } finally {
    over = true;
    end();
    await saying;
  }
}

async function upgrade(line, url, pace) {
  await pause(pace);
  const ws = await SocketLine.open(`${url}${enginePath}websocket&sid=${line.polling.sid}`);
  const waiting = line.polling.packets().catch(() => ["1"]); // a GET, which the probe ends
  await pause(pace);
  ws.send("2probe");
  if ((await soon(ws.next(), "the probe's answer or its end")) !== "3probe") return null;
  const packets = await waiting;
  if (packets.includes("1")) return null;
  await pause(pace);
  ws.send("5");
  return ws;
}

// Each journey runs on a site {url, redis, user, cookie}, with pauses of site.pace ms. It returns an open line
// with a subscriber, or nothing if the client was told that it is not served.
export const journeys = {
  async "over WebSocket, by a uuid"({ url, redis, user, pace }) {
    const uuid = await redis.mint(user);
    const line = await SocketLine.open(`${url}${enginePath}websocket`);
    return (await subscribe(line, { uuid }, pace)) ? line : line.end();
  },

  async "by polling, by cookies"({ url, cookie, pace }) {
    const line = await PollingLine.open(url, { Cookie: cookie });
    return (await subscribe(line, { cookies: true }, pace)) ? line : line.end();
  },

  async "by polling, then an upgrade"({ url, redis, user, pace }) {
    const uuid = await redis.mint(user);
    const line = await PollingLine.open(url);
    if (!(await subscribe(line, { uuid }, pace))) return line.end();
    const ws = await upgrade(line, url, pace);
    return ws ?? line.end();
  },
};

// Runs a journey, then has its subscriber wait for a message. Returns whether it was served to the end.
export async function go(journey, site) {
  let line;
  try {
    line = await journey(site);
  } catch (error) {
    if (/did not come within/.test(error.message)) throw error;
    return false; // refused or cut, so the client knows
  }
  if (!line) return false;
  await pause(site.pace);
  const heard = await hears(line, (text) => site.redis.publish(site.user, text));
  await line.end();
  return heard;
}
