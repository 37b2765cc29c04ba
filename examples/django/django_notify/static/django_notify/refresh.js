// SPDX-License-Identifier: MIT
//
// Asks the site what is unread, and adds what has arrived since the question. The page depends on the
// site's database, since what is published while it is offline, or while Redis is down, does not come later.
"use strict";

class NotifyRefresh {
  // onAnswer gets the site's answer, or null if nobody is logged in.
  constructor(url, { isLive, onAnswer }) {
    Object.assign(this, { url, isLive, onAnswer });
    this.timer = 0;
    this.due = 0;  // when the timer ends
    this.meanwhile = null;  // messages since the request was sent; null while none is under way
    this.again = false;
    this.generation = 0;
  }

  // Asks for a request in `wait` milliseconds. Several calls share one request, at the earliest time that
  // they named. Calls while a request is under way share the next one.
  wish(wait = 0) {
    const due = Date.now() + wait;
    if (this.meanwhile) this.again = true;
    else if (!this.timer || due < this.due) {
      clearTimeout(this.timer);
      this.due = due;
      this.timer = setTimeout(() => this.load(), wait);
    }
  }

  // Keeps a message to merge it with the answer to the request under way.
  note(message) {
    if (this.meanwhile) this.meanwhile.push(message);
  }

  // Discards the answer to the request under way: it may be about the user who was logged in before.
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
    const limit = new AbortController();  // a connection that broke unnoticed must not block the next try
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

  // Merges the answer with the messages that arrived meanwhile, which it may or may not include. Nothing is
  // lost or shown twice. The count may be wrong until the next answer: if it was "99+", only the site knows
  // how many are left.
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
