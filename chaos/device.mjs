// SPDX-License-Identifier: MIT
//
// What every kind of client has: a user, a wire, and an account of what it received. A kind starts with open() and
// ends with close(); it calls the took…() functions.
import { Wire } from "./wire.mjs";

const notesKept = 40;

export class Device {
  received = []; // the numbers of notifications, in order
  places = []; // where each of them is in the log: "<id>-<at>"
  gaps = []; // when it was told of a gap, in ms
  notes = []; // the last things that happened to it: { at, what }
  subscribed = false;
  recovered = 0; // times that it was taken back with what it missed
  anew = 0; // times that it came back as a new session
  #again = null; // the timer of the next try

  // site.uuid(user) resolves to a fresh uuidCookie. site.calm, if there is one, takes latencies.
  constructor(site, user) {
    this.site = site;
    this.user = user;
    this.wire = new Wire(site.gateways);
  }

  note(what) {
    this.notes.push({ at: performance.now(), what });
    if (this.notes.length > notesKept) this.notes.shift();
  }

  // A notification has come. Its text is "<kind> <number> <ms of sending>".
  tookNotification({ id, at, message }) {
    const [kind, number, sent] = message.split(" ");
    this.site.calm?.[kind]?.push(performance.now() - Number(sent));
    if (kind === "live") return;
    this.received.push(Number(number));
    this.places.push(`${id}-${at}`);
  }

  tookInternal({ type, code, message }) {
    if (code === "SUBSCRIPTION_OK") this.subscribed = true;
    if (code === "GAP") this.gaps.push(performance.now());
    this.note(`${type} ${code}: ${message}`);
    if (type === "error" && code !== "GAP") this.tookRefusal();
  }

  // Something was refused, such as a uuid that was lost with a Redis. A page tries again after a moment.
  tookRefusal() {
    this.subscribed = false;
    this.#again ??= setTimeout(() => {
      this.#again = null;
      this.retry();
    }, 300).unref();
  }

  tookRecovery(was) {
    was ? ++this.recovered : ++this.anew;
    if (!was && this.site.contestant.newSessionTells) this.gaps.push(performance.now());
    this.note(was ? "recovered" : "came back as a new session");
  }

  cut() {
    this.note("cut");
    this.wire.cut();
  }
}
