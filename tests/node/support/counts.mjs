// SPDX-License-Identifier: MIT
//
// Gateways with options of their own, and the counts in their /healthz and log.
import { until } from "./await.mjs";
import { Gateway } from "./processes.mjs";

export const least = 900; // ms by this process' clock when 1000 ms have passed for the gateway

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

// Waits until /healthz has this count for the name under `what`: closed, refused or not_subscribed.
export const counted = (gateway, what, name, count = 1) =>
  until(async () => (await health(gateway))[what][name] === count, `${count} ${name}`);

// Waits for a line of the log, which comes through a pipe and may be late.
export const inTheLog = (gateway, name) =>
  until(() => new RegExp(`: ${name}\\b`).test(gateway.process.output), `${name} in the log`);
