// SPDX-License-Identifier: MIT
//
// The parts of a page's `document` that a JSONP client needs: it fetches and runs each script that is
// inserted, and posts each form into a frame, which then loads.
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
  scripts = 0; // how many were run
  forms = 0; // how many were posted and answered with 200
  cookie = ""; // the Cookie header of all requests

  // Installs this as the document of all clients in this process.
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
    return []; // the page has no scripts yet
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

  // Browsers send a field's line ends as CR LF, and load an error page into the frame if nobody answers.
  async post(form) {
    const [area] = form.children;
    const fields = new URLSearchParams({ [area.name]: area.value.replace(/\r\n|\r|\n/g, "\r\n") });
    const headers = { "Content-Type": "application/x-www-form-urlencoded", ...this.#headers };
    const sent = request(form.action, { method: form.method, headers, body: fields.toString() });
    if (await sent.then(({ status }) => status === 200, () => false)) ++this.forms;
    form.children.find(({ tag }) => tag === "iframe")?.onload?.();
  }
}
