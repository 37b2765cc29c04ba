// SPDX-License-Identifier: MIT
//
// Turns a published text into an object whose form the page can rely on. Whoever may publish to Redis can
// have written the text. An object with an id is a notification.
"use strict";

class NotifyMessage {
  // Any text that is none of our JSON objects is shown as it is.
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

  // Returns what to show of it on the desktop; null for nothing.
  static describe({ id, actor, verb, target, description }) {
    if (id) return { title: [actor, verb, target].filter(Boolean).join(" "), body: description, tag: id };
    return description ? { title: "New message", body: description.slice(0, 500) } : null;
  }
}
