// SPDX-License-Identifier: MIT
import { parseArgs } from "node:util";

export const usage = `Usage: make chaos [ARGS='OPTION…']

Sends stored notifications at a fixed rate while connections, Redis, gateways and clients are
broken, and checks that each client got each one once and in order, or was told of a gap.

  --quick            a twentieth of all: half a minute, for a look
  --users N          default 1000, with one client each
  --messages N       default 200000
  --rate N           messages a second; default 1000
  --alone            without the same run of Socket.IO's own server beside it
  --kinds LIST       which clients: websocket, polling, stream; default all
  --json             print one line of JSON instead of the table

Exit status: 0 nothing lost, doubled or out of order, and the marks reached; 1 not so; 2 wrong usage`;

const kinds = ["websocket", "polling", "stream"];
const faults = { kills: 100, restarts: 5, gateways: 10, failovers: 5, cuts: 1000 };

function number(text, name) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is '${text}': give a number from 1`);
  return Number(text);
}

// Throws an Error with a sentence for people.
export function parseOptions(args) {
  const text = { type: "string" };
  const flag = { type: "boolean" };
  const { values } = parseArgs({
    args,
    options: { help: { ...flag, short: "h" }, quick: flag, users: text, messages: text, rate: text, alone: flag, json: flag,
               kinds: text },
  });
  const wanted = (values.kinds ?? kinds.join(",")).split(",");
  for (const kind of wanted) if (!kinds.includes(kind)) throw new Error(`--kinds has '${kind}': give some of ${kinds}`);
  const part = values.quick ? 20 : 1;
  return {
    ...values,
    kinds: wanted,
    users: number(values.users ?? String(1000 / part), "users"),
    messages: number(values.messages ?? String(200_000 / part), "messages"),
    rate: number(values.rate ?? "1000", "rate"),
    faults: Object.fromEntries(Object.entries(faults).map(([name, n]) => [name, Math.ceil(n / part)])),
  };
}
