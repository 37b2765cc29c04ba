// SPDX-License-Identifier: MIT
//
// A server of nonsense in Redis' place: whatever it says costs one connection, which is made again,
// and nothing else. Clients stay, their subscriptions come back, and nobody is told any of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/await.mjs";
import { assertBack, behindNonsense, resp } from "./support/nonsense_redis.mjs";
import { Site } from "./support/site.mjs";

const site = Site.forThisFile();

// Runs the attack, which must cost as many connections of this kind and none of the other.
const costs = (kind, least, most, attack) =>
  behindNonsense(site, async (its) => {
    const { front, gateway } = its;
    const before = { ...front.seen };
    const memory = gateway.rss;
    await attack(its);
    if (least > 0) await until(() => front.seen[kind] > before[kind], "a new connection");
    await assertBack(site, its);
    const other = kind === "messages" ? "commands" : "messages";
    assert.equal(front.seen[other], before[other]);
    const cost = front.seen[kind] - before[kind];
    assert.ok(cost >= least && cost <= most, `${cost} new connections`);
    // A reply may be 64 MiB long; there is room for one and its like.
    assert.ok(gateway.rss - memory < 200 * 1024, `grew by ${gateway.rss - memory} KiB`);
  });

const broken = {
  "a string of a negative length": "$-5\r\n",
  "a string of 2^63 bytes": "$9223372036854775808\r\n",
  "a string of 30 digits": `$${"9".repeat(30)}\r\n`,
  "a string longer than its length": "$1\r\nxyz\r\n",
  "a length that is no number": "$x\r\n",
  "an array of a negative length": "*-7\r\n",
  "an array of 2^31 elements": "*2147483648\r\n",
  "an array of 2^31 - 1 elements": "*2147483647\r\n",
  "an array of 30 digits": `*${"9".repeat(30)}\r\n`,
  "arrays 20,000 deep": "*1\r\n".repeat(20_000) + ":1\r\n",
  "arrays of two 20,000 deep": "*2\r\n".repeat(20_000),
  "two million elements": "*2000000\r\n" + ":1\r\n".repeat(2_000_000),
  "an integer past 64 bits": ":99999999999999999999\r\n",
  "an unknown type": "?1\r\n",
  "a map of RESP 3": "%1\r\n+a\r\n+b\r\n",
  "a set of RESP 3": "~1\r\n+a\r\n",
  "a double of RESP 3": ",1.5\r\n",
  "a null of RESP 3": "_\r\n",
  "a truth of RESP 3": "#t\r\n",
  "a large number of RESP 3": "(123456789012345678901234567890\r\n",
  "a verbatim string of RESP 3": "=7\r\ntxt:Hey\r\n",
  "an attribute of RESP 3": "|1\r\n+a\r\n+b\r\n",
  "an error of RESP 3": "!5\r\nERR x\r\n",
  "a string in pieces of RESP 3": "$?\r\n;3\r\nHey\r\n;0\r\n",
  "an answer of HTTP": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "zeros": "\0".repeat(100_000),
  "line ends": "\r\n".repeat(1000),
  "a line that does not end": "+".repeat(4 << 20),
  "a number that does not end": `:${"1".repeat(4 << 20)}`,
  "an element that does not end": `*3\r\n$7\r\nmessage\r\n+${"x".repeat(4 << 20)}`,
};

const unasked = {
  "OK": "+OK\r\n",
  "an error": "-ERR boo\r\n",
  "an integer": ":1\r\n",
  "a string": resp("Hey"),
  "nil": "$-1\r\n",
  "a nil array": "*-1\r\n",
  "an empty array": "*0\r\n",
  "a nested array": resp([["message"], [["x"]], [[[null]]]]),
};

for (const kind of ["messages", "commands"])
  describe(`on the connection for ${kind}`, () => {
    for (const [what, bytes] of Object.entries(broken))
      test(`${what}: one reconnect`, () => costs(kind, 1, 1, ({ front }) => front.say(kind, bytes)));

    for (const [what, bytes] of Object.entries(unasked))
      test(`${what}, which nobody asked for: one reconnect`, () =>
        costs(kind, 1, 1, ({ front }) => front.say(kind, bytes)));

    test("a string of 512 MB that comes: one reconnect, and no memory", () =>
      costs(kind, 1, 1, async ({ front }) => {
        const { socket } = front.link(kind);
        const piece = Buffer.alloc(1 << 20, "x");
        await front.say(kind, `$${512 << 20}\r\n`);
        for (let i = 0; i < 512 && !socket.destroyed; ++i)
          await new Promise((read) => socket.write(piece, () => read()));
      }));
  });

// Messages and confirmations that Redis would not send, or not now. Some may be on their way for a
// reason, so to pass them over is right as well; nobody is ever told them.
describe("a message or confirmation", () => {
  const nobody = "/app/user/nobody/notifications";
  const odd = {
    "for a channel that nobody asked for": () => resp(["message", nobody, "x"]),
    "for a channel without a name": () => resp(["message", "", "x"]),
    "for a nil channel": () => resp(["message", null, "x"]),
    "for a channel that is a number": () => resp(["message", 5, "x"]),
    "of a pattern that nobody asked for": (channel) => resp(["pmessage", "*", channel, "x"]),
    "of a sharded channel": (channel) => resp(["smessage", channel, "x"]),
    "without its payload": (channel) => resp(["message", channel]),
    "with more than its payload": (channel) => resp(["message", channel, "x", "y"]),
    "with a nil payload": (channel) => resp(["message", channel, null]),
    "with a payload that is a number": (channel) => resp(["message", channel, 5]),
    "with a payload that is an array": (channel) => resp(["message", channel, ["x"]]),
    "with a payload that is an empty array": (channel) => resp(["message", channel, []]),
    "with a payload that is a nil array": (channel) => resp(["message", channel, "?"]).replace("$1\r\n?", "*-1"),
    "with a payload that is an error": (channel) => resp(["message", channel, "?"]).replace("$1\r\n?", "-ERR x"),
    "with a payload that is a message": (channel) => resp(["message", channel, ["message", channel, "x"]]),
    "of a kind in capitals": (channel) => resp(["MESSAGE", channel, "x"]),
    "of no kind": (channel) => resp(["", channel, "x"]),
    "of a nil kind": (channel) => resp([null, channel, "x"]),
    "that subscribes to what nobody asked for": () => resp(["subscribe", nobody, 9]),
    "that subscribes to nil": () => resp(["subscribe", null, 1]),
    "that subscribes again to what is subscribed": (channel) => resp(["subscribe", channel, 1]),
    "that unsubscribes from what nobody asked for": () => resp(["unsubscribe", nobody, 0]),
    "that unsubscribes from nil": () => resp(["unsubscribe", null, 0]),
  };
  for (const [what, bytes] of Object.entries(odd))
    test(`${what}: nobody is told, one reconnect at most`, () =>
      costs("messages", 0, 1, ({ front, channel }) => front.say("messages", bytes(channel))));
});
