// SPDX-License-Identifier: MIT
//
// Makes the list of {% notify_inbox %} live, by notify-client.js: new rows come on top, and what is read
// elsewhere goes. The site's database is the truth: after each connection, and after each mark, the site
// is asked for the list again, since what is published while a page is offline is not repeated.
"use strict";

(() => {
  const section = document.getElementById("notify-inbox");
  if (!section) return;
  const { follow, gateway, unreadUrl, uuidUrl, userId, session, loginUrl } = section.dataset;
  const [state, login, newer, trouble, desktop] = ["state", "login", "newer", "trouble", "desktop"]
    .map((name) => document.getElementById(`notify-${name}`));
  const headers = { Accept: "application/json" };
  const list = new NotifyList(section);
  let client = null;
  let signedOut = false;

  // -- The whole list, from the site --

  let timer = 0;
  let meanwhile = null;  // what has come since the list was asked for; null: it has not been
  let again = false;

  // Several wishes become one request; one during a request, another request after it.
  function refresh(wait = 0) {
    if (meanwhile) again = true;
    else if (!timer || !wait) {
      clearTimeout(timer);
      timer = setTimeout(load, wait);
    }
  }

  async function load() {
    timer = 0;
    again = false;
    meanwhile = [];
    let pause = 1000;
    const limit = new AbortController();  // a connection that broke in silence must not block the next try
    const timeout = setTimeout(() => limit.abort(), 15000);
    try {
      const response = await fetch(unreadUrl, { headers, cache: "no-store", signal: limit.signal });
      if (response.status === 401) return signOut("You are logged out.");
      if (!response.ok) throw new Error(`${unreadUrl} answered with status ${response.status}`);
      const answer = await response.json();
      if (answer.userId && answer.userId !== userId) return signOut("Somebody else is logged in now.");
      if (!signedOut) merge(answer.notifications, answer.unread);
    } catch (error) {
      console.warn(`The notifications could not be loaded; another try follows: ${error.message}`);
      again = true;
      pause = 5000 + Math.random() * 5000;
    } finally {
      clearTimeout(timeout);
      meanwhile = null;
      if (again && client && client.state === "live") refresh(pause);
    }
  }

  // The answer may be older than what came meanwhile, or newer. Nothing is lost or there twice, and the
  // next answer makes the count exact.
  function merge(items, unread) {
    for (const { mark_as_read: keys, ...item } of meanwhile) {
      const before = items.length;
      if (!keys) items = items.some(({ id }) => id === item.id) ? items : [item, ...items];
      else items = keys === true ? [] : items.filter(({ id }) => !keys.includes(id));
      again = again || Boolean(keys) || items.length !== before;
      unread = keys === true ? 0 : unread + items.length - before;
    }
    if (list.firstPage) list.show(items.slice(0, NotifyList.pageSize));
    else if (unread > list.unread) newer.hidden = false;
    list.count(unread);
  }

  // -- One message, from the gateway --

  // Texts that are not objects of ours are shown as they are.
  function parse(text) {
    try {
      const message = JSON.parse(text);
      const { id, verb, mark_as_read: keys, signed_out: who } = message;
      if (who || keys === true || Array.isArray(keys)) return message;
      if (id && typeof id === "string" && typeof verb === "string") return message;
    } catch {
      // Not JSON, or null.
    }
    return { description: text, timestamp: Date.now() };
  }

  function receive(text) {
    const message = parse(text);
    const { signed_out: who, mark_as_read: keys, id } = message;
    if (who) return who === true || who === session ? signOut("You are logged out.") : undefined;
    if (keys) return markAsRead(keys);
    if (id && list.has(id)) return;
    if (id && meanwhile) meanwhile.push(message);
    if (list.firstPage || !id) list.add(message);
    else newer.hidden = false;
    list.count(list.unread + (id ? 1 : 0));
  }

  function markAsRead(keys) {
    if (meanwhile) meanwhile.push({ mark_as_read: keys });
    const gone = list.removeKeys(keys);
    // Of "99+" nobody knows how many are left, but the site.
    const certain = list.unread < NotifyList.mostCounted;
    list.count(keys === true ? 0 : list.unread - (certain ? gone : 0));
    refresh(300);
  }

  // What to show on the desktop.
  function describe(text) {
    const { id, actor, verb, target, description } = parse(text);
    if (id) return { title: [actor, verb, target].filter(Boolean).join(" "), body: description, tag: id };
    return description ? { title: "New message", body: description.slice(0, 500) } : null;
  }

  // -- Marking as read; without JavaScript, the forms do it --

  section.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    trouble.hidden = true;
    const body = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(form.action, { method: "POST", body, headers });
      if (response.ok) markAsRead(body.has("all") || [body.get("key")]);
      else if (response.status === 401) signOut("You are logged out.");
      else form.submit();  // and the site's own page says what is wrong
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
    if (!login.hidden) list.clear();  // somebody else may look at the screen now
  }

  // For good: only a new page knows who is there.
  function signOut(sentence) {
    if (client) client.close();
    signedOut = desktop.hidden = true;
    showState("not logged in", sentence);
  }

  function onState(name, detail) {
    state.title = detail;
    showState(name);
    if (name === "live") refresh();
  }

  function showDesktopButton() {
    const useful = "Notification" in window && Notification.permission === "default" && isSecureContext;
    desktop.hidden = !useful;
  }

  // -- Start --

  // A gateway that is away when the page is opened serves no script, either.
  async function loadScripts() {
    for (let pause = 1; !window.io || !window.notifyClient; pause = Math.min(30, 2 * pause)) {
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
  // Who has logged in in another tab and comes back goes on here. Others see what could not be pushed.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !client) return;
    if (client.state === "not logged in") client.retry();
    else if (client.state === "live") refresh();
  });
  start();
})();
