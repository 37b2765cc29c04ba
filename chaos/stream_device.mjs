// SPDX-License-Identifier: MIT
//
// A client of the stream of events, which comes back as an EventSource does: with its newest id. Like a page, it
// makes a new one after a refusal.
import { get } from "node:http";
import { Device } from "./device.mjs";

const path = "/io/user/notifications/events";

export class StreamDevice extends Device {
  #lastId = "";
  #answer = null; // the stream that is open
  #closed = false;

  open() {
    this.#request().catch((e) => this.#ended(`cannot connect: ${e.message}`));
  }

  close() {
    this.#closed = true;
    this.wire.destroy();
  }

  retry() {
    if (this.#closed) return;
    const former = this.#answer;
    this.#answer = null;
    former?.destroy();
    this.open();
  }

  async #request() {
    const { uuid } = this.#lastId ? {} : await this.site.proof(this.user);
    const headers = { Accept: "text/event-stream", ...(this.#lastId ? { "Last-Event-ID": this.#lastId } : {}) };
    const url = `http://notify.invalid${path}${uuid ? `?uuid=${uuid}` : ""}`;
    const answer = await new Promise((resolve, reject) =>
      get(url, { agent: this.wire, headers }, resolve).on("error", reject));
    if (answer.statusCode !== 200) return this.#refused(answer);
    if (this.#lastId) this.tookRecovery(true);
    this.#read(answer);
  }

  #read(answer) {
    let text = "";
    this.#answer = answer;
    answer.setEncoding("utf8").on("data", (data) => {
      const blocks = (text + data).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) this.#take(block);
    });
    answer.on("error", () => {}).once("close", () => {
      if (this.#answer === answer) this.#ended("the stream ended");
    });
  }

  #take(block) {
    const value = (name) => block.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1];
    const id = value("id");
    if (id) this.#lastId = id;
    const [event, data] = [value("event"), value("data")];
    if (event === "notification") this.tookNotification(JSON.parse(data));
    if (event === "internal") this.tookInternal(JSON.parse(data));
  }

  #refused(answer) {
    answer.resume();
    if (answer.statusCode === 401 && this.#lastId) this.tookRecovery(false); // it comes back as somebody new
    if (answer.statusCode === 401) this.#lastId = "";
    this.#ended(`refused with ${answer.statusCode}`);
  }

  #ended(why) {
    this.note(why);
    if (!this.#closed) this.tookRefusal();
  }
}
