// SPDX-License-Identifier: MIT
//
// Socket.IO 5 and 4 by hand on the sessions of engine.mjs (docs/protocol.md), and JSONP, which old browsers
// use. Binary values in a packet's data are Buffers.
import assert from "node:assert/strict";
import { request } from "../../support/raw.mjs";
import { Polling } from "./engine.mjs";

export const types =
  { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4, BINARY_EVENT: 5, BINARY_ACK: 6 };

export const prefix = (ns) => (ns === "/" ? "" : `${ns},`);
export const placeholder = (num) => ({ _placeholder: true, num });

// Returns a copy of data in which each value that `chosen` accepts is replaced.
function replaced(data, chosen, replacement) {
  const copy = (value) => {
    if (chosen(value)) return replacement(value);
    if (Array.isArray(value)) return value.map(copy);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
  };
  return copy(data);
}

// Returns the Engine.IO packets of an event or acknowledgement: the text, and its attachments.
export function encode({ type, ns = "/", id = "", data }) {
  const attachments = [];
  const json = replaced(data, Buffer.isBuffer, (value) => placeholder(attachments.push(value) - 1));
  const binary = attachments.length > 0;
  const head = binary ? `${type + 3}${attachments.length}-` : `${type}`;
  return [`4${head.replace(/^-/, "")}${prefix(ns)}${id}${JSON.stringify(json)}`, ...attachments];
}

// Returns the next packet with its attachments: {type, ns, id, data}. id and data may be undefined.
export async function receive(session) {
  const text = await session.next();
  assert.equal(typeof text, "string", `a packet begins with text, not ${text}`);
  const parts = text.match(/^4([0-6])(?:(\d+)-)?(?:(\/[^,]*),)?(\d+)?(.*)$/s);
  assert.ok(parts, `${text} is no packet`);
  const [, type, count, ns = "/", id, json] = parts;
  const attachments = await session.take(Number(count ?? 0));
  assert.ok(attachments.every(Buffer.isBuffer), "attachments are binary");
  const places = new Set();
  const data = json && replaced(JSON.parse(json), (value) => value?._placeholder === true, ({ num }) => {
    places.add(num);
    return attachments[num];
  });
  assert.deepEqual([...places].sort((a, b) => a - b), attachments.map((_, i) => i), "each attachment has its place");
  return { type: Number(type), ns, id: id && Number(id), data: json ? data : undefined };
}

// Joins a namespace, if the version needs that, and reads the answer and the echo server's `auth` event.
export async function join(session, ns = "/", auth) {
  const implied = session.version.EIO === 3 && ns === "/";
  if (!implied) await session.send(`40${prefix(ns)}${auth ? JSON.stringify(auth) : ""}`);
  const answer = await receive(session);
  assert.deepEqual([answer.type, answer.ns], [types.CONNECT, ns]);
  assert.deepEqual(await receive(session), event(ns, ["auth", auth ?? {}]));
  return answer.data;
}

export const event = (ns, data, id) => ({ type: data.some(holdsBinary) ? 5 : 2, ns, id, data });
export const ack = (ns, data, id) => ({ type: data.some(holdsBinary) ? 6 : 3, ns, id, data });

const holdsBinary = (value) =>
  Buffer.isBuffer(value) || (value !== null && typeof value === "object" && Object.values(value).some(holdsBinary));

// Escapes line feeds as engine.io-client does: browsers would change them in a form's field.
const escaped = (text) => text.replaceAll("\\n", "\\\n").replaceAll("\n", "\\n");

// A session that polls with scripts and forms. Binary is base64, which `b64` in the handshake asks for.
export const Jsonp = {
  async open(url, version, query = "") {
    const asScript = ({ headers, body }) => {
      assert.equal(headers["content-type"], "text/javascript; charset=UTF-8");
      const [, json] = body.match(/^___eio\[7\]\((".*")\);$/s);
      return version.read({ headers: {}, body: JSON.parse(json) });
    };
    const session = await Polling.open(url, { ...version, read: asScript }, `${query}&j=7&b64=1`);
    session.url = session.url.replace("&b64=1", "");
    session.postBody = (body) =>
      request(session.url, {
        method: "POST",
        body: new URLSearchParams({ d: escaped(body) }).toString(),
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
    return session;
  },
};
