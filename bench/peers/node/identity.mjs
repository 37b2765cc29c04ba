// SPDX-License-Identifier: MIT
//
// Who a client is: by its uuidCookie, or by what the web app says of its cookies. Both give a
// user id or throw a Refusal.
import { Agent, get } from "node:http";
import { json } from "node:stream/consumers";

export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const userId = /^[A-Za-z0-9._@:+-]{1,128}$/;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

// A value of JSON that names somebody, as text; undefined if it does not.
function userIn(value) {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && userId.test(text) ? text : undefined;
}

// {"userId":"123"}, {"userId":123} or a bare 123.
function userOf(stored) {
  try {
    const value = JSON.parse(stored);
    return userIn(value?.userId ?? value);
  } catch {
    return undefined;
  }
}

// Each uuidCookie can be used once.
export async function byUuid(redis, uuid) {
  const stored = await redis.getdel(`cookie-${uuid}`).catch((e) => {
    throw new Refusal("USER_ID_RETRIEVAL_RETURNED_ERROR", e.message);
  });
  const user = userOf(stored);
  if (!user) throw new Refusal("USERID_IS_NULL", "unknown, expired or used uuidCookie");
  return user;
}

function ask(url, cookie) {
  return new Promise((resolve, reject) => {
    const headers = cookie ? { cookie } : {};
    const request = get(url, { agent, headers, timeout: 10_000 }, (response) => {
      const answer = json(response);
      if (response.statusCode === 200) return resolve(answer);
      answer.catch(() => {});
      reject(new Error(`the web app answered ${response.statusCode}`));
    });
    request.on("timeout", () => request.destroy(new Error("the web app does not answer")));
    request.on("error", reject);
  });
}

export async function byCookies(webApp, cookie) {
  const refuse = (why) => {
    throw new Refusal("SUBSCRIBE_BY_COOKIES_ERROR", why);
  };
  if (!webApp) refuse("there is no web app to ask");
  const answer = await ask(webApp, cookie).catch((e) => refuse(e.message));
  return userIn(answer?.userId) ?? refuse("nobody is logged in");
}
