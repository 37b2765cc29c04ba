// SPDX-License-Identifier: MIT
//
// Keeps a page subscribed to the notifications of its user for as long as the page is open. It needs the
// global `io` of socket.io-client. The gateway serves both:
//
//   <script src="/socket.io/socket.io.min.js"></script>
//   <script src="/socket.io/notify-client.js"></script>
//
//   const client = notifyClient({
//     cookies: true,                  // first ask who this is by the browser's cookies
//     uuid: "/python/uuidCookie/",    // if that is refused: a URL that answers {"uuid": "…"}, or an async
//                                     // function that returns a uuid; 401, 403 and null: nobody is logged in
//     session: false,                 // true: follow the web session instead (`message` events of "/")
//     url: "", path: "/socket.io/",   // where the gateway is; "": at this page's own origin
//     socket: {},                     // further options for io(), without effect on auth, autoConnect,
//                                     // forceNew and reconnection
//     onNotification(message) {},     // each text as it was published, in order; it may hold HTML: show
//                                     // it with textContent, never with innerHTML
//     onState(state, detail) {},      // "connecting", "live", "offline" or "not logged in"; a sentence or ""
//     desktop: (message) => null,     // or { title, body, tag }: show this on the desktop, once for all tabs
//   });
//   client.state                      // the state that onState was told last
//   client.retry()                    // tries at once, as whoever is logged in now
//   client.close()                    // for good: no callback is called any more
//   await client.askForDesktop()      // in a click: "granted", "denied", "default" or "unsupported"
//
// What is published while a page is not live, or while Redis is down, does not come later. onState("live")
// may be called again without another state in between: ask the site for its list each time. No callback is
// called before notifyClient() has returned.
(() => {
  "use strict";

  // All in milliseconds.
  const firstPause = 1000; // between two tries; doubled up to the longest, with jitter
  const longestPause = 10000;
  const steady = 10000; // after a connection that lived so long, pauses start at the first again
  const patience = 30000; // from starting to connect to being live
  const grace = 300; // a new leader waits so long for the last leader's messages about what it has shown
  const memory = 10000; // what no tab has shown for so long is not shown any more

  // Calls a callback of the page. If it throws, window.onerror gets the error, and this script goes on.
  const call = (callback, ...args) => {
    try {
      return callback(...args);
    } catch (error) {
      setTimeout(() => { throw error; });
    }
  };

  // Returns null if the site says that nobody is logged in.
  async function fetchUuid(url) {
    const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) return null;
    if (!answer.ok) throw new Error(`${url} answered with status ${answer.status}`);
    const { uuid } = await answer.json().catch(() => { throw new Error(`${url} did not answer with JSON`); });
    return uuid;
  }

  // One connection, from its start to its end. Tells its owner when it is live, each message, and once,
  // with the reason, that it has ended. After that it calls its owner no more.
  class Connection {
    constructor(options, owner) {
      const { cookies, session, url, path, socket } = options;
      this.options = options;
      this.owner = owner;
      this.asked = cookies ? "cookies" : ""; // how it has asked who this is
      this.deadline = setTimeout(() => this.end(`no answer within ${patience / 1000} s`), patience);
      const namespace = session ? "/" : "/io/user/notifications";
      const auth = cookies && !session ? { cookies: true } : {};
      const own = { auth, autoConnect: true, forceNew: true, reconnection: false };
      this.socket = io(url + namespace, { path, withCredentials: Boolean(url), ...socket, ...own });
      this.socket.io.engine.on("handshake", ({ pingInterval, pingTimeout }) => {
        this.silence = pingInterval + pingTimeout;
      });
      this.socket.io.on("ping", () => { this.heardAt = Date.now(); });

      const on = (event, act) => this.socket.on(event, (...args) => this.ended || act(...args));
      on("connect", () => this.connected());
      on("connect_error", ({ message }) =>
        this.end(`cannot connect to the gateway: ${message}`, session && message.endsWith("log in first")));
      on("disconnect", (reason) => this.end(`the connection was lost: ${reason}`));
      on("internal", (answer) => this.answered(answer));
      on(session ? "message" : "notification", (event) => owner.onMessage(session ? event : event.message));
    }

    connected() {
      this.heardAt = Date.now();
      if (this.options.session) this.live();
      else if (!this.asked) this.askByUuid();
    }

    answered({ type, code, message }) {
      if (code === "GAP") return this.owner.onGap();
      if (code === "READ") return; // this page keeps no list
      if (type === "success") return this.live();
      if (code === "MESSAGE_TOO_LARGE") return void console.warn(`notify: ${message}`);
      const byCookies = code === "SUBSCRIBE_BY_COOKIES_ERROR";
      if (byCookies && this.asked === "uuid") return; // about the cookies, which were given up already
      if (byCookies && this.asked === "cookies" && this.options.uuid) return this.askByUuid();
      this.end(message, byCookies && /nobody is logged in|sent no cookies/.test(message));
    }

    // A uuid works once and for seconds, so each connection gets one of its own.
    async askByUuid() {
      this.asked = "uuid";
      const { uuid: source } = this.options;
      try {
        const uuid = await (typeof source === "function" ? source() : fetchUuid(source));
        if (uuid) this.socket.emit("subscribe-to-notifications", { uuid });
        else this.end("nobody is logged in", true);
      } catch (error) {
        this.end(`no uuid: ${error?.message ?? error}`);
      }
    }

    live() {
      clearTimeout(this.deadline);
      this.asked = "";
      this.owner.onLive();
    }

    // Timers stop while the computer sleeps, so socket.io may not have noticed that the connection is
    // lost. It is if it was silent for longer than the heartbeats allow.
    checkPulse() {
      if (Date.now() - this.heardAt > this.silence) this.end("the connection was silent for too long");
    }

    end(why, nobody = false) {
      if (this.ended) return;
      this.close();
      this.owner.onEnd(why, nobody);
    }

    close() {
      this.ended = true;
      clearTimeout(this.deadline);
      this.socket.disconnect();
    }
  }

  // Remembers items by their keys for a while. Two items may have the same key.
  class Memory {
    constructor() {
      this.items = [];
    }

    put(key, what) {
      this.items.push({ key, what, at: Date.now() });
    }

    // Removes an item with this key. Returns whether there was one.
    take(key) {
      const found = this.fresh().findIndex((item) => item.key === key);
      return found >= 0 && this.items.splice(found, 1).length > 0;
    }

    fresh() {
      while (this.items.length > 0 && Date.now() - this.items[0].at > memory) this.items.shift();
      return this.items;
    }
  }

  // Shows what arrives on the desktop, once for all live tabs of this origin. The tab that holds a lock is
  // the leader: it shows notifications and tells the other tabs. They keep what it has not shown yet, and
  // whichever leads next shows that.
  class Desktop {
    constructor(name, describe) {
      this.name = name;
      this.describe = describe;
      this.channel = new BroadcastChannel(name);
      this.channel.onmessage = ({ data: key }) => this.kept.take(key) || this.ahead.put(key);
      this.leave();
    }

    static get supported() {
      return "Notification" in window && "BroadcastChannel" in window && "locks" in navigator;
    }

    // Waits for the lock, then leads. leave() ends the waiting or the leading.
    join() {
      this.leave();
      const { signal } = (this.place = new AbortController());
      const lead = () => new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
        setTimeout(() => signal.aborted || this.lead(), grace);
      });
      navigator.locks.request(this.name, { signal }, lead).catch(() => {}); // leave() was called
    }

    lead() {
      this.leads = true;
      for (const { key, what } of this.kept.fresh().splice(0)) this.show(key, what);
    }

    leave() {
      if (this.place) this.place.abort();
      this.leads = false;
      this.kept = new Memory(); // arrived here, not shown yet
      this.ahead = new Memory(); // shown already, not arrived here yet
    }

    arrived(message) {
      const what = call(this.describe, message);
      if (!what || Notification.permission !== "granted") return;
      const key = String(what.tag || message);
      if (this.ahead.take(key)) return;
      if (this.leads) this.show(key, what);
      else this.kept.put(key, what);
    }

    show(key, { title, body, tag }) {
      try {
        const shown = new Notification(title, { body, tag });
        shown.onclick = () => { window.focus(); shown.close(); };
        this.channel.postMessage(key);
      } catch {
        // Browsers on phones have this class, but its constructor throws: only a service worker may
        // show notifications there.
      }
    }

    close() {
      this.leave();
      this.channel.close();
    }
  }

  // Makes one connection after the other until close() is called or nobody is logged in.
  class Client {
    constructor(options) {
      this.options = options;
      this.state = "connecting";
      this.failures = 0; // in a row
      this.wake = () => this.woken();
      window.addEventListener("online", this.wake);
      document.addEventListener("visibilitychange", this.wake);
      if (options.desktop && Desktop.supported) {
        const name = `notify-client ${options.session ? "session" : "user"} ${options.url}${options.path}`;
        this.desktop = new Desktop(name, options.desktop);
      }
      setTimeout(() => this.closed || this.connection || this.retry());
    }

    retry() {
      if (this.closed) return;
      this.drop();
      this.failures = 0;
      this.connect();
      this.tell("connecting", "");
    }

    connect() {
      this.timer = null;
      this.connection = new Connection(this.options, this);
    }

    // Browsers delay the timers of hidden tabs. When the user comes back, connect at once.
    woken() {
      if (document.hidden) return;
      if (this.connection) this.connection.checkPulse();
      if (!this.timer) return;
      clearTimeout(this.timer);
      this.connect();
    }

    // If the page was live already, the gateway has subscribed again after Redis was down.
    onLive() {
      if (this.state === "live")
        return this.tell("live", "live again: what was sent while Redis was away did not arrive");
      this.liveSince = Date.now();
      if (this.desktop) this.desktop.join();
      this.tell("live", "");
    }

    onGap() {
      if (this.state === "live") this.tell("live", "notifications may be missing");
    }

    onMessage(message) {
      if (this.desktop) this.desktop.arrived(message);
      call(this.options.onNotification, message);
    }

    onEnd(why, nobody) {
      if (this.state === "live" && Date.now() - this.liveSince > steady) this.failures = 0;
      this.drop();
      if (nobody) return this.tell("not logged in", why);
      const pause = Math.min(longestPause, firstPause * 2 ** this.failures++) * (0.5 + Math.random() / 2);
      this.timer = setTimeout(() => this.connect(), pause);
      this.tell("offline", why);
    }

    tell(state, detail) {
      if (state !== "live" && this.state === state && this.detail === detail) return;
      this.state = state;
      this.detail = detail;
      call(this.options.onState, state, detail);
    }

    drop() {
      clearTimeout(this.timer);
      this.timer = null;
      if (this.connection) this.connection.close();
      this.connection = null;
      if (this.desktop) this.desktop.leave();
    }

    close() {
      if (this.closed) return;
      this.closed = true;
      this.drop();
      if (this.desktop) this.desktop.close();
      window.removeEventListener("online", this.wake);
      document.removeEventListener("visibilitychange", this.wake);
      this.state = "offline";
    }
  }

  const defaults = { cookies: true, url: "", path: "/socket.io/", onNotification() {}, onState() {} };

  window.notifyClient = (options = {}) => {
    if (typeof io !== "function")
      throw new Error('notifyClient needs socket.io-client, and there is no global "io": put ' +
        '<script src="/socket.io/socket.io.min.js"></script> into the page, before it is called');
    const given = { ...defaults, ...options };
    if (!given.session && !given.cookies && !given.uuid)
      throw new Error("notifyClient cannot say who this is: set cookies, uuid or session");
    given.url = given.url.replace(/\/+$/, "");
    const client = new Client(given);
    return {
      get state() { return client.state; },
      close: () => client.close(),
      retry: () => client.retry(),
      askForDesktop: async () => (Desktop.supported ? Notification.requestPermission() : "unsupported"),
    };
  };
})();
