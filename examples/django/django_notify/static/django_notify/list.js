// SPDX-License-Identifier: MIT
//
// The list of {% notify_inbox %} in the page: its rows, the count in badges and title, where the focus goes
// when a row disappears, and what a screen reader says. inbox.js calls it. Messages are inserted as text,
// never as HTML.
"use strict";

class NotifyList {
  constructor(section) {
    this.title = document.title;
    this.firstPage = section.dataset.page === "1";
    for (const name of ["list", "news", "empty", "older", "heading", "read-all", "row"])
      this[name] = document.getElementById(`notify-${name}`);
    this.unsaid = [];
    this.list.querySelectorAll("time").forEach((time) => this.showTime(time, time.dateTime));
    this.count(Number(section.dataset.unread));
  }

  // The rows of notifications, without those of texts that are not stored.
  get rows() {
    return [...this.list.children].filter((row) => row.dataset.key);
  }

  has(key) {
    return this.rows.some((row) => row.dataset.key === key);
  }

  count(number) {
    this.unread = Math.max(0, Math.min(NotifyList.mostCounted, number));
    const most = this.unread === NotifyList.mostCounted;
    const label = most ? "99+" : String(this.unread || "");
    for (const badge of document.querySelectorAll("[data-notify-count]")) badge.textContent = label;
    document.title = label ? `(${label}) ${this.title}` : this.title;
    const button = this["read-all"];
    if (!this.unread && document.activeElement === button) this.heading.focus();
    button.form.hidden = !this.unread;
    this.empty.hidden = this.list.childElementCount > 0;
    if (this.older && this.firstPage) this.older.hidden = this.unread <= NotifyList.pageSize;
  }

  // Adds a row on top. Rows beyond the page's size are removed: they are on the next page.
  add(item) {
    const row = this.make(item);
    row.classList.add("notify-fresh");
    this.list.prepend(row);
    const kind = item.id ? "key" : "live";
    [...this.list.children].filter((other) => kind in other.dataset).slice(NotifyList.pageSize)
      .forEach((other) => this.remove(other));
    this.announce(item);
  }

  // Shows exactly these items. Rows that stay are not touched, so that they keep focus and selection. New
  // rows below them are older items that have moved up from the next page.
  show(items) {
    const ids = items.map((item) => item.id);
    this.rows.filter((row) => !ids.includes(row.dataset.key)).forEach((row) => this.remove(row));
    const old = new Map(this.rows.map((row) => [row.dataset.key, row]));
    let next = this.rows[0] || null;
    let fresh = true;
    for (const item of items) {
      const row = old.get(item.id) || this.make(item);
      if (row === next) next = this.rows[this.rows.indexOf(row) + 1] || null;
      else this.list.insertBefore(row, next);
      fresh = fresh && !old.has(item.id);
      if (fresh) this.announce(item);
    }
  }

  // Removes the rows with these keys, or all (true); returns the keys of those that were there.
  removeKeys(keys) {
    const gone = this.rows.filter((row) => keys === true || keys.includes(row.dataset.key));
    gone.forEach((row) => this.remove(row));
    return gone.map((row) => row.dataset.key);
  }

  // If the focus is in a row that disappears, it moves to the next button, the one before, or the heading.
  remove(row) {
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.findIndex((button) => row.contains(button));
    const focused = row.contains(document.activeElement);
    row.remove();
    if (focused) (buttons[at + 1] || buttons[at - 1] || this.heading).focus();
  }

  // If the focus is in what disappears, it moves to the heading.
  hide(element) {
    if (element.contains(document.activeElement)) this.heading.focus();
    element.hidden = true;
  }

  clear() {
    if (this.list.contains(document.activeElement)) this.heading.focus();
    this.list.textContent = "";
    this.count(0);
    this.empty.hidden = true;
  }

  // An item without an id is a text that is not stored: it cannot be marked as read.
  make(item) {
    const row = document.importNode(this.row.content, true).firstElementChild;
    const part = (name) => row.querySelector(`.notify-${name}`);
    const level = ["info", "success", "warning", "error"].includes(item.level) ? item.level : "info";
    row.dataset.level = level;
    part("level").textContent = item.id ? level[0].toUpperCase() + level.slice(1) : "Message";
    for (const name of ["actor", "verb", "target"]) part(name).textContent = item[name];
    part("what").hidden = !item.verb;
    part("text").textContent = item.truncated ? `${item.description}…` : item.description;
    part("text").hidden = !item.description;
    this.showTime(row.querySelector("time"), item.timestamp);
    const link = this.linkTo(item.url);
    if (link) row.querySelector("a").href = link;
    if (item.id) {
      row.dataset.key = row.querySelector("[name=key]").value = item.id;
      part("what").id = `notify-${item.id}`;
      part("button").setAttribute("aria-describedby", part("what").id);
    } else {
      row.dataset.live = "";
      row.querySelector("form").remove();
      part("text").tabIndex = 0;  // a long one scrolls, with the keyboard too
    }
    return row;
  }

  // Links only to pages of this site: whoever may publish must not put another site's address or a
  // javascript: link into this page. It is a whole URL, since a path with "//" in front names another host.
  linkTo(url) {
    try {
      const { protocol, origin, pathname, search, hash } = new URL(url || "javascript:", location.href);
      const ours = origin === location.origin && /^https?:$/.test(protocol);
      return ours ? origin + pathname + search + hash : "";
    } catch {
      return "";
    }
  }

  showTime(time, stamp) {
    const date = new Date(stamp);
    if (isNaN(date)) return;
    time.dateTime = date.toISOString();
    time.textContent = date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }

  // Has screen readers say it when they are not busy. A burst becomes one sentence.
  announce({ actor, verb, target, description }) {
    const words = [actor, verb, target].filter(Boolean).join(" ") || description;
    if (this.unsaid.push(words.slice(0, 200)) > 1) return;
    this.news.textContent = "";
    setTimeout(() => {
      const number = this.unsaid.length;
      const last = this.unsaid[number - 1];
      this.news.textContent = `${number === 1 ? "New" : `${number} new notifications, the last`}: ${last}`;
      this.unsaid = [];
    }, 500);
  }
}

NotifyList.pageSize = 20;
NotifyList.mostCounted = 100;  // the site counts no further; "99+" says so
