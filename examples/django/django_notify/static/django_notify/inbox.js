// SPDX-License-Identifier: MIT
//
// Makes the list of {% notify_inbox %} live with notify-client.js: new rows appear on top, and rows that
// are read elsewhere disappear. After each connection, after notifications are marked as read, and every
// few minutes, it asks the site for the list.
"use strict";

(() => {
  const section = document.getElementById("notify-inbox");
  if (!section) return;
  const { follow, gateway, unreadUrl, uuidUrl, userId, loginUrl } = section.dataset;
  let { session } = section.dataset;
  const [state, login, newer, changed, trouble, desktop] =
    ["state", "login", "newer", "changed", "trouble", "desktop"]
      .map((name) => document.getElementById(`notify-${name}`));
  const list = new NotifyList(section);
  const refresh = new NotifyRefresh(unreadUrl, {
    isLive: () => client !== null && client.state === "live",
    onAnswer: answered,
  });
  const read = new Set();  // keys; a notification may arrive after it was marked as read
  const mostRead = 1000;
  let client = null;
  let signedOut = false;
  let missed = false;  // whether notifications may have been missed: this page was offline, or Redis down

  // -- The whole list, from the site --

  function answered(answer) {
    if (!login.hidden) return;  // nobody is logged in, so nothing may be shown
    if (!answer) return signOut("You are logged out.");
    if (answer.userId && answer.userId !== userId) return signOut("Somebody else is logged in now.");
    if (answer.session) enterSession(answer.session);
    const { notifications: items, unread } = answer;
    if (list.firstPage || !unread) list.show(items.slice(0, NotifyList.pageSize));
    if (!list.firstPage) showChanges(unread);
    list.count(unread);
  }

  // The answer has the newest notifications only, so it does not say what a later page holds now.
  function showChanges(unread) {
    newer.hidden = !unread || (newer.hidden && unread <= list.unread);
    changed.hidden = !unread || !missed;
  }

  // A user who changes the password stays logged in, but in a new session.
  function enterSession(mark) {
    if (mark === session) return;
    session = mark;
    if (client && follow === "session") client.retry();
  }

  // -- One message, from the gateway --

  function receive(text) {
    const message = NotifyMessage.parse(text);
    const { signed_out: who, mark_as_read: keys, id } = message;
    if (who) return who === true || who === session ? signOut("You are logged out.") : undefined;
    if (keys) return markAsRead(keys);
    if (id && (list.has(id) || read.has(id))) return;
    if (id) refresh.note(message);
    if (list.firstPage || !id) list.add(message);
    else newer.hidden = false;
    list.count(list.unread + (id ? 1 : 0));
  }

  function markAsRead(keys) {
    refresh.note({ mark_as_read: keys });
    const gone = list.removeKeys(keys);
    remember(keys === true ? gone : keys);
    // If the badge says "99+", only the site knows how many are left.
    const certain = list.unread < NotifyList.mostCounted;
    list.count(keys === true ? 0 : list.unread - (certain ? gone.length : 0));
    refresh.wish(300);
  }

  function remember(keys) {
    for (const key of keys) read.add(key);
    while (read.size > mostRead) read.delete(read.values().next().value);  // the oldest
  }

  // Returns what to show on the desktop, or null for what was read already.
  function describe(text) {
    const message = NotifyMessage.parse(text);
    return read.has(message.id) ? null : NotifyMessage.describe(message);
  }

  // -- Marking as read; without JavaScript, the forms do it --

  section.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    trouble.hidden = true;
    const body = new URLSearchParams(new FormData(form));
    const headers = { Accept: "application/json" };
    try {
      const response = await fetch(form.action, { method: "POST", body, headers });
      if (response.ok) markAsRead(body.has("all") || [body.get("key")]);
      else if (response.status === 401) signOut("You are logged out.");
      else if (response.status < 500) form.submit();  // and the site's own page says what is wrong
      else trouble.hidden = false;
    } catch {
      trouble.hidden = false;
    } finally {
      delete form.dataset.busy;
    }
  });

  // -- State --

  const sentences = {
    "connecting": "Connecting…",
    "live": "Live: new notifications appear by themselves.",
    "offline": "Offline. The connection is tried again by itself; what is new appears then.",
    "not logged in": "You are logged out.",
  };

  function showState(name, sentence = sentences[name]) {
    state.dataset.state = name;
    state.hidden = false;
    if (state.textContent !== sentence) state.textContent = sentence;
    login.hidden = name !== "not logged in";
    if (name === "offline") missed = true;
    if (login.hidden) return;
    list.clear();  // somebody else may look at the screen now
    refresh.forget();
  }

  // This is final: only a new page load can say who is logged in then.
  function signOut(sentence) {
    if (client) client.close();
    signedOut = true;
    list.hide(desktop);
    showState("not logged in", sentence);
  }

  function onState(name, detail) {
    state.title = name === "live" ? "" : detail;
    showState(name);
    if (name !== "live") return;
    missed = missed || detail !== "";  // live again
    // After a break all pages reconnect at the same time. Spread their requests to the site.
    refresh.wish(missed ? Math.random() * 1000 : 0);
  }

  function showDesktopButton() {
    const useful = "Notification" in window && Notification.permission === "default" && isSecureContext;
    if (useful) desktop.hidden = false;
    else list.hide(desktop);
  }

  // -- Checking who is logged in, and what is unread --

  function lookAgain() {
    if (signedOut) return;
    // The user may have logged in again in another tab.
    if (client && client.state === "not logged in") client.retry();
    else refresh.wish();
  }

  // The message that the session has ended may be lost, and none is sent when a session expires.
  function lookAgainLater() {
    setTimeout(() => {
      if (refresh.isLive()) refresh.wish();
      lookAgainLater();
    }, 300000 * (0.75 + Math.random() / 2));
  }

  // Tabs of one browser share its cookies. A page tells the other tabs its user and session; those that
  // differ ask the site who is logged in now. They don't trust the page, which may come from the history.
  function watchOtherTabs() {
    if (!("BroadcastChannel" in window)) return;
    const whose = () => `${userId} ${session}`;
    const tabs = new BroadcastChannel("notify-inbox");
    tabs.onmessage = ({ data }) => data === whose() || lookAgain();
    tabs.postMessage(whose());
  }

  // -- Start --

  // If the gateway was down when the page was opened, its scripts are missing.
  async function loadScripts() {
    for (let pause = 1; !signedOut && !(window.io && window.notifyClient); pause = Math.min(30, 2 * pause)) {
      showState("offline");
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      if (!window.io) await loadScript("socket.io.min.js");
      if (!window.notifyClient) await loadScript("notify-client.js");
    }
  }

  const loadScript = (name) => new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = `${gateway}/socket.io/${name}`;
    script.onload = script.onerror = resolve;
    document.head.append(script);
  });

  async function start() {
    await loadScripts();
    if (signedOut) return;
    client = notifyClient({
      uuid: uuidUrl,
      session: follow === "session",
      url: gateway,
      onNotification: receive,
      onState,
      desktop: describe,
    });
    desktop.onclick = () => client.askForDesktop().then(showDesktopButton);
    showDesktopButton();
  }

  login.href = loginUrl || location.pathname + location.search;
  showState("connecting");
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain());
  lookAgainLater();
  watchOtherTabs();
  start();
})();
