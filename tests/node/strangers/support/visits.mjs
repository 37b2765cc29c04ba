// SPDX-License-Identifier: MIT
//
// Visits that end in a reset: each goes as far as its name says, and is gone without a goodbye.
import { randomBytes } from "node:crypto";
import { enginePath } from "../../support/raw.mjs";
import { namespace as ns } from "../../support/site.mjs";
import { bytes, frameHead, x } from "./bytes.mjs";

const websocket = (query = "") =>
  [`GET ${enginePath}websocket${query} HTTP/1.1`, "Host: x", "Connection: Upgrade", "Upgrade: websocket",
    "Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`, "", ""].join("\r\n");
const get = (query = "") => `GET ${enginePath}polling${query} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (query, body, length = body.length) =>
  `POST ${enginePath}polling${query} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

// A masked frame of at most 125 bytes; its mask is zeros.
const frame = (text, first = 0x81) => Buffer.concat([bytes(first, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
const subscribe = (uuid) => frame(`42${ns},["subscribe-to-notifications",{"uuid":"${uuid}"}]`);

// --- the steps that visits share; `dial` opens a connection, which is reset at the end ---

async function opened(dial) {
  const wire = dial();
  wire.send(websocket());
  await wire.until('"maxPayload"');
  return wire;
}

async function joined(dial) {
  const wire = await opened(dial);
  wire.send(frame(`40${ns},`));
  await wire.until(`40${ns},{"sid"`);
  return wire;
}

async function subscribed(dial, site) {
  const wire = await joined(dial);
  const { user, uuid } = await site.mint();
  wire.send(subscribe(uuid));
  await wire.until("SUBSCRIPTION_OK");
  return { wire, user };
}

async function polling(dial, body) {
  const wire = dial();
  wire.send(get());
  const { body: open } = await wire.answer();
  const sid = `&sid=${JSON.parse(open.slice(1)).sid}`;
  if (body) {
    wire.send(post(sid, body));
    await wire.answers(2);
  }
  return { wire, sid };
}

async function probing(dial) {
  const { sid } = await polling(dial, `40${ns},`);
  const wire = dial();
  wire.send(websocket(sid));
  await wire.until("\r\n\r\n");
  return { wire, sid };
}

async function probed(dial) {
  const { wire, sid } = await probing(dial);
  wire.send(frame("2probe"));
  await wire.until("3probe");
  return { wire, sid };
}

// --- where a visit may end; site is how to reach Redis ---

export const visits = {
  "before a word": async (dial) => dial().connected,
  "in a head": async (dial) => dial().send(get().slice(0, 30)),
  "in a head's last line": async (dial) => dial().send(websocket().slice(0, -1)),
  "with a request sent": async (dial) => dial().send(get("&t=1").replace("polling", "poling")),
  "with a script asked for and not read": async (dial) => {
    const wire = dial();
    wire.socket.pause();
    await wire.send("GET /socket.io/socket.io.js HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20));
  },
  "with a handshake sent": async (dial) => dial().send(websocket()),
  "with a WebSocket open": (dial) => opened(dial),
  "in a frame's head": async (dial) => (await opened(dial)).send(frameHead(1, 900_000n).subarray(0, 7)),
  "in a frame's payload": async (dial) => {
    const wire = await opened(dial);
    await wire.send(frameHead(1, 900_000n));
    await wire.send(`4${x(100_000)}`);
  },
  "between fragments": async (dial) => (await joined(dial)).send(frame("42[", 0x01)),
  "with a CONNECT sent": async (dial) => (await opened(dial)).send(frame(`40${ns},`)),
  "in the namespace": (dial) => joined(dial),
  "with an attachment due": async (dial) =>
    (await joined(dial)).send(frame(`451-${ns},["x",{"_placeholder":true,"num":0}]`)),
  "with a ping sent": async (dial) => (await joined(dial)).send(frame("x", 0x89)),
  "with a close sent": async (dial) => (await joined(dial)).send(frame("", 0x88)),
  "with a wrong frame sent": async (dial) => (await joined(dial)).send(frame("x", 0x83)),
  "with a subscription asked for": async (dial, site) => (await joined(dial)).send(subscribe((await site.mint()).uuid)),
  "with two subscriptions asked for": async (dial, site) => {
    const wire = await joined(dial);
    await wire.send(Buffer.concat([subscribe((await site.mint()).uuid), subscribe((await site.mint()).uuid)]));
  },
  "with a subscription asked for at once": async (dial, site) => {
    const auth = `40${ns},{"uuid":"${(await site.mint()).uuid}"}`;
    await dial().send(Buffer.concat([Buffer.from(websocket()), frame(auth)]));
  },
  "when it has subscribed": (dial, site) => subscribed(dial, site),
  "when it has left the namespace": async (dial, site) => {
    const { wire } = await subscribed(dial, site);
    await wire.send(frame(`41${ns},`));
  },
  "with messages on their way": async (dial, site) => {
    const { wire, user } = await subscribed(dial, site);
    wire.socket.pause();
    await Promise.all(Array.from({ length: 20 }, () => site.publish(user, x(10_000))));
  },
  "with messages on their way by polling": async (dial, site) => {
    const { user, uuid } = await site.mint();
    const { wire, sid } = await polling(dial, `40${ns},{"uuid":"${uuid}"}`);
    await wire.send(get(sid));
    await Promise.all(Array.from({ length: 20 }, () => site.publish(user, x(1000))));
  },
  "with a session that polls": (dial) => polling(dial),
  "in a GET that waits": async (dial) => {
    const { wire, sid } = await polling(dial, `40${ns},`);
    await wire.send(get(sid) + get(sid));
  },
  "in a POST's body": async (dial) => {
    const { wire, sid } = await polling(dial);
    await wire.send(post(sid, "4", 100_000));
  },
  "with a POST sent": async (dial) => {
    const { wire, sid } = await polling(dial);
    await wire.send(post(sid, `40${ns},`));
  },
  "with a subscription posted": async (dial, site) => {
    const { wire, sid } = await polling(dial);
    await wire.send(post(sid, `40${ns},{"uuid":"${(await site.mint()).uuid}"}`) + get(sid));
  },
  "with a probe's handshake sent": async (dial) => {
    const { sid } = await polling(dial);
    await dial().send(websocket(sid));
  },
  "with a probe open": (dial) => probing(dial),
  "with a probe's ping sent": async (dial) => (await probing(dial)).wire.send(frame("2probe")),
  "with a probe answered": (dial) => probed(dial),
  "with a probe answered and a GET that waits": async (dial) => {
    const { wire, sid } = await probed(dial);
    await dial().send(get(sid));
    await wire.send(frame("5"));
  },
  "with an upgrade sent": async (dial) => (await probed(dial)).wire.send(frame("5")),
  "when it has upgraded and subscribed": async (dial, site) => {
    const { wire } = await probed(dial);
    await wire.send(frame("5"));
    wire.send(subscribe((await site.mint()).uuid));
    await wire.until("SUBSCRIPTION_OK");
  },
};
