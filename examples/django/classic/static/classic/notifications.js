// SPDX-License-Identifier: MIT
//
// The live page: subscribes by cookies, or by a uuidCookie if they are refused, shows each message as text,
// and posts the form without leaving the page.
"use strict";

(() => {
  const [section, messages, state, empty, form, result] =
    ["classic", "messages", "state", "messages-empty", "post", "post-result"]
      .map((id) => document.getElementById(id));
  const mostShown = 100;

  const sentences = {
    "connecting": "Connecting…",
    "live": "Live",
    "offline": "Offline. The connection is tried again by itself.",
    "not logged in": "You are logged out. Reload the page to log in.",
  };

  function showState(name, sentence) {
    state.hidden = false;
    state.dataset.state = name;
    if (state.textContent !== sentence) state.textContent = sentence;
  }

  // The inbox app publishes on the same channel: its notifications are shown as one sentence each.
  function receive(text) {
    const { id, verb, actor, target, signed_out: signedOut, mark_as_read: read } = parse(text);
    if (signedOut) client.retry();  // to see whether it is this session that has ended
    else if (id && verb) showMessage([actor, verb, target].filter(Boolean).join(" "));
    else if (!read) showMessage(text);
  }

  function parse(text) {
    try {
      return JSON.parse(text) || {};
    } catch {
      return {};
    }
  }

  function showMessage(text) {
    const item = document.createElement("li");
    item.dir = "auto";
    item.tabIndex = 0;  // a long one scrolls, with the keyboard too
    item.textContent = text;
    messages.prepend(item);
    while (messages.childElementCount > mostShown) messages.lastElementChild.remove();
    empty.hidden = true;
  }

  function showResult(sentence, failed) {
    result.classList.toggle("failed", failed);
    result.textContent = sentence;
  }

  const receivers = (number) => number === 0 ? "Posted, but no page of this user is open: nobody got it." :
    `Posted. In Redis, ${number === 1 ? "1 subscriber follows" : `${number} subscribers follow`} this user.`;

  // An answer that is not our JSON, such as a proxy's error page, is reported by its status.
  async function post(form) {
    const body = new URLSearchParams(new FormData(form));
    const headers = { Accept: "application/json" };
    const response = await fetch(form.action, { method: "POST", body, headers });
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.ok) return answer.receivers;
    throw new Error(answer.error || `the site answered with status ${response.status}`);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    showResult("Posting…", false);
    try {
      showResult(receivers(await post(form)), false);
      form.elements["message-text"].value = "";
    } catch (error) {
      showResult(`Not posted: ${error.message}`, true);
    } finally {
      delete form.dataset.busy;
    }
  });

  if (typeof notifyClient !== "function" || typeof io !== "function")
    return showState("offline", "Offline. The gateway was away when this page was opened: reload the page.");
  const { uuidUrl: uuid, gateway: url } = section.dataset;
  const onState = (name) => showState(name, sentences[name]);
  const client = notifyClient({ cookies: true, uuid, url, onNotification: receive, onState });
})();
