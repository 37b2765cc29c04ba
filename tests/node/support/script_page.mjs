// SPDX-License-Identifier: MIT
//
// As much of a page's `document` as a client needs that polls by scripts and forms: a script that is
// put into it is fetched and run, a form is posted into a frame, which then loads.
import { runInThisContext } from "node:vm";
import { request } from "./raw.mjs";

class Element {
  style = {};
  children = [];

  constructor(page, tag) {
    this.page = page;
    this.tag = tag;
  }

  setAttribute() {}

  appendChild(child) {
    child.parentNode = this;
    this.children.push(child);
    if (child.tag === "script") this.page.run(child);
  }

  removeChild(child) {
    this.children.splice(this.children.indexOf(child), 1);
    child.parentNode = null;
  }

  submit() {
    this.page.post(this);
  }
}

export class ScriptPage {
  scripts = 0; // that were run
  forms = 0; // that were posted, and taken
  cookie = ""; // what the browser sends along, whatever page this is

  // Makes this the document of all clients in this process.
  install() {
    this.body = new Element(this, "body");
    globalThis.document = this;
    return this;
  }

  createElement(tag) {
    if (tag.startsWith("<")) throw new Error(`${tag} is no tag's name`);
    return new Element(this, tag);
  }

  getElementsByTagName() {
    return []; // no script stands there already
  }

  get #headers() {
    return this.cookie ? { Cookie: this.cookie } : {};
  }

  async run(script) {
    try {
      const { status, body } = await request(script.src, { headers: this.#headers });
      if (status !== 200) return script.onerror(`${status}: ${body}`);
      ++this.scripts;
      if (script.parentNode) runInThisContext(body);
    } catch (error) {
      script.onerror(error);
    }
  }

  // Browsers write the ends of a field's lines as CR LF, and load a page of their own if nobody answers.
  async post(form) {
    const [area] = form.children;
    const fields = new URLSearchParams({ [area.name]: area.value.replace(/\r\n|\r|\n/g, "\r\n") });
    const headers = { "Content-Type": "application/x-www-form-urlencoded", ...this.#headers };
    const sent = request(form.action, { method: form.method, headers, body: fields.toString() });
    if (await sent.then(({ status }) => status === 200, () => false)) ++this.forms;
    form.children.find(({ tag }) => tag === "iframe")?.onload?.();
  }
}
