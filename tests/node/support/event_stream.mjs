// SPDX-License-Identifier: MIT
//
// A client of a stream of events (docs/protocol.md, Streams of events), by Node's HTTP alone.
import { request } from "node:http";
import { Mailbox, soon } from "./await.mjs";

export const eventsPath = "/io/user/notifications/events";

const forms = {
  "application/x-ndjson": { end: "\n", read: JSON.parse },
  "text/event-stream": { end: "\n\n", read: readBlock },
};

// Reads a block as a browser does: {id, event, data, retry}, with what is there.
function readBlock(block) {
  const read = {};
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^(\w*): ?(.*)$/);
    if (name) read[name] = name === "data" ? JSON.parse(value) : value;
  }
  return read;
}

// `events` has all that came but heartbeats without an id; `id` is the newest.
export class EventStream {
  events = new Mailbox("an event");
  id = "";

  // Resolves when the answer has begun. options: query as text, headers, the form as Accept.
  static async open(url, { query = "", headers = {}, accept = "application/x-ndjson" } = {}) {
    const stream = new EventStream();
    const sent = request(`${url}${eventsPath}?${query}`, { headers: { Accept: accept, ...headers }, agent: false });
    stream.request = sent;
    stream.ended = new Promise((resolve) => sent.once("close", resolve));
    const answered = new Promise((resolve, reject) => sent.once("response", resolve).once("error", reject));
    sent.end();
    stream.response = await soon(answered, "the stream");
    sent.on("error", () => {});
    stream.#read(forms[accept]);
    return stream;
  }

  get status() {
    return this.response.statusCode;
  }

  #read({ end, read }) {
    let rest = "";
    this.response.on("error", () => {});
    this.response.setEncoding("utf8").on("data", (text) => {
      rest += text;
      for (let at; (at = rest.indexOf(end)) >= 0; rest = rest.slice(at + end.length)) this.#take(read(rest.slice(0, at)));
    });
  }

  #take(event) {
    if (event.id) this.id = event.id;
    if (event.id || event.data) this.events.put(event);
  }

  // The next notification's message, or the next internal event's code.
  async next() {
    for (;;) {
      const { event, data } = await this.events.next();
      if (data) return event === "internal" ? data.code : data.message;
    }
  }

  async take(count) {
    const told = [];
    while (told.length < count) told.push(await this.next());
    return told;
  }

  close() {
    this.request.destroy();
    return this.ended;
  }
}
