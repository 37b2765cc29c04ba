// SPDX-License-Identifier: MIT
//
// What the gateway brings is a text, of whoever may publish: here it becomes an object that the page can
// rely on. One with an id is a notification.
"use strict";

class NotifyMessage {
  // Texts that are not objects of ours are shown as they are.
  static parse(text) {
    try {
      const message = JSON.parse(text);
      const { mark_as_read: keys, signed_out: who } = message;
      if (who || keys === true || Array.isArray(keys)) return message;
      if (NotifyMessage.isNotification(message)) return message;
    } catch {
      // Not JSON, or null.
    }
    return { description: text, timestamp: Date.now() };
  }

  static isNotification({ id, verb, actor, target, description }) {
    const isText = (part) => typeof part === "string";
    return [id, verb].every((part) => part && isText(part)) &&
      [actor, target, description].every((part) => part == null || isText(part));
  }

  // What to show of it on the desktop.
  static describe({ id, actor, verb, target, description }) {
    if (id) return { title: [actor, verb, target].filter(Boolean).join(" "), body: description, tag: id };
    return description ? { title: "New message", body: description.slice(0, 500) } : null;
  }
}
