// SPDX-License-Identifier: MIT
//
// Asks the site what is unread, and adds what has come since it was asked. The site's database is the
// truth: what is published while a page is offline, or while Redis is away, does not come later.
"use strict";

class NotifyRefresh {
  // onAnswer gets the site's answer, or null if nobody is logged in.
  constructor(url, { isLive, onAnswer }) {
    Object.assign(this, { url, isLive, onAnswer });
    this.timer = 0;
    this.due = 0;  // when the timer ends
    this.meanwhile = null;  // what has come since the site was asked; null: it is not being asked
    this.again = false;
    this.generation = 0;
  }

  // Several wishes become one request, at the earliest of their times; those that come while the site is
  // being asked, another one.
  wish(wait = 0) {
    const due = Date.now() + wait;
    if (this.meanwhile) this.again = true;
    else if (!this.timer || due < this.due) {
      clearTimeout(this.timer);
      this.due = due;
      this.timer = setTimeout(() => this.load(), wait);
    }
  }

  // Keeps a message for the answer that is on its way.
  note(message) {
    if (this.meanwhile) this.meanwhile.push(message);
  }

  // What was asked until now is of no use to anybody: its answer may be about who was here before.
  forget() {
    ++this.generation;
  }

  async load() {
    const { generation } = this;
    this.timer = 0;
    this.again = false;
    this.meanwhile = [];
    let pause = 1000;
    try {
      const answer = await this.ask();
      if (generation === this.generation) this.onAnswer(answer && this.merge(answer));
    } catch (error) {
      console.warn(`The notifications could not be loaded; another try follows: ${error.message}`);
      this.again = true;
      pause = 5000 + Math.random() * 5000;
    } finally {
      this.meanwhile = null;
      if (this.again && this.isLive()) this.wish(pause);
    }
  }

  async ask() {
    const limit = new AbortController();  // a connection that broke in silence must not block the next try
    const timeout = setTimeout(() => limit.abort(), 15000);
    const headers = { Accept: "application/json" };
    try {
      const response = await fetch(this.url, { headers, cache: "no-store", signal: limit.signal });
      if (response.status === 401) return null;
      if (!response.ok) throw new Error(`${this.url} answered with status ${response.status}`);
      return await response.json();
    } finally {
      clearTimeout(timeout);
    }
  }

  // The answer may be older than what came meanwhile, or newer. Nothing is lost or there twice, and the
  // next answer makes the count exact: of "99+" nobody knows how many are left, but the site.
  merge({ notifications: items, unread, ...rest }) {
    for (const { mark_as_read: keys, ...item } of this.meanwhile) {
      const before = items.length;
      if (!keys) items = items.some(({ id }) => id === item.id) ? items : [item, ...items];
      else items = keys === true ? [] : items.filter(({ id }) => !keys.includes(id));
      this.again = this.again || Boolean(keys) || items.length !== before;
      if (keys === true) unread = 0;
      else if (unread < NotifyList.mostCounted) unread += items.length - before;
    }
    return { ...rest, unread, notifications: items };
  }
}
