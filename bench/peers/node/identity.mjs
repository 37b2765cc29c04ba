// SPDX-License-Identifier: MIT
//
// Finds out who a client is, by its uuidCookie or by asking the web app about its cookies. Both return a user id
// or throw a Refusal.
import { Agent, get } from "node:http";
import { json } from "node:stream/consumers";

export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

// Returns the user of {"userId":"123"} or {"userId":123}, as text; undefined if there is none.
function userOf(answer) {
  const text = String(answer?.userId ?? "");
  return /^[A-Za-z0-9._@:+-]{1,128}$/.test(text) ? text : undefined;
}

// A uuidCookie can be used once.
export async function byUuid(redis, uuid) {
  const stored = await redis.getdel(`cookie-${uuid}`).catch((e) => {
    throw new Refusal("USER_ID_RETRIEVAL_RETURNED_ERROR", e.message);
  });
  const user = stored && userOf(JSON.parse(stored));
  if (!user) throw new Refusal("USERID_IS_NULL", "unknown, expired or used uuidCookie");
  return user;
}

function ask(url, cookie) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { cookie }, timeout: 10_000 }, (response) => {
      if (response.statusCode === 200) return resolve(json(response));
      response.resume();
      reject(new Error(`the web app answered ${response.statusCode}`));
    });
    request.on("timeout", () => request.destroy(new Error("the web app does not answer")));
    request.on("error", reject);
  });
}

export async function byCookies(webApp, cookie = "") {
  const refuse = (why) => {
    throw new Refusal("SUBSCRIBE_BY_COOKIES_ERROR", why);
  };
  const answer = await ask(webApp, cookie).catch((e) => refuse(e.message));
  return userOf(answer) ?? refuse("nobody is logged in");
}
