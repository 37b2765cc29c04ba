// SPDX-License-Identifier: MIT
//
// A gateway with options of its own, and what it counts and logs by name.
import { until } from "./await.mjs";
import { Gateway } from "./processes.mjs";

export const least = 900; // of a time of 1000 ms that has passed, as another clock sees it

// Runs the check with a gateway of one shard beside the site's.
export async function withGateway(site, options, check) {
  const url = site.webApp.url;
  const gateway = await Gateway.start(
    site.redisServer, "--threads", 1, "--subscribe-by-cookies-url", url, ...options);
  try {
    await check(gateway);
  } finally {
    site.closeClients();
    await gateway.stop();
  }
}

export const health = async (gateway) => (await fetch(`${gateway.url}/healthz`)).json();

// Until /healthz has so many of this name under `what`: closed, refused or not_subscribed.
export const counted = (gateway, what, name, count = 1) =>
  until(async () => (await health(gateway))[what][name] === count, `${count} ${name}`);

// What a gateway has logged comes through a pipe, in its own time.
export const inTheLog = (gateway, name) =>
  until(() => new RegExp(`: ${name}\\b`).test(gateway.process.output), `${name} in the log`);
