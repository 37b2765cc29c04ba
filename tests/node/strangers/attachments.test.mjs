// SPDX-License-Identifier: MIT
//
// Binary events whose placeholders and attachments don't agree (docs/protocol.md).
import { namespace as ns } from "../support/site.mjs";
import { x } from "./support/bytes.mjs";
import { ends, goesOn } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";

const town = Town.forThisFile();
const place = (num) => `{"_placeholder":true,"num":${num}}`;
const binary = (count, ...places) => `45${count}-${ns},${JSON.stringify(["x"]).slice(0, -1)}${places.map((p) => `,${p}`).join("")}]`;

// A binary event with this placeholder, and as many attachments as are due.
const sends = (count, ...places) => (ws) => {
  ws.send(binary(count, ...places));
  for (let i = 0; i < count && i < 20; ++i) ws.frame(2, "bytes");
};

ends(town, 1002, "parse_error", [
  ...["-1", "1", "10", "0.5", "1e9", "1e400", "9007199254740993", "18446744073709551615", "18446744073709551616", '"0"', "null",
    "true", "[0]", "{}", '"__proto__"', '"length"'].map((num) => [`a placeholder for number ${num}`, sends(1, place(num))]),
  ["a placeholder without a number", sends(1, '{"_placeholder":true}')],
  ["the same attachment in two places", sends(1, place(0), place(0))],
  ["a thousand places for a megabyte", (ws) => {
    ws.send(binary(1, ...Array(1000).fill(place(0))));
    ws.frame(2, x(900_000));
  }],
  ...["0", "11", "100", "1000000000", "9".repeat(30), "-1", "1.5", "", "x"].map((count) =>
    [`${JSON.stringify(count)} attachments`, sends(count, place(0))]),
  ["a number of attachments without a dash", (ws) => ws.send(`451${ns},["x",${place(0)}]`)],
  ["attachments to an event that is no binary one", (ws) => ws.send(`421-${ns},["x",${place(0)}]`)],
  ["text where an attachment is due", (ws) => {
    ws.send(binary(1, place(0)));
    ws.send(`42${ns},["x"]`);
  }],
  ["text where the last of ten is due", (ws) => {
    ws.send(binary(10, place(0)));
    for (let i = 0; i < 9; ++i) ws.frame(2, "x");
    ws.send(`42${ns},["x"]`);
  }],
  ["a CONNECT where an attachment is due", (ws) => {
    ws.send(binary(1, place(0)));
    ws.send("40/nowhere,");
  }],
  ["a DISCONNECT where an attachment is due", (ws) => {
    ws.send(binary(1, place(0)));
    ws.send(`41${ns},`);
  }],
  ["a binary event within another", (ws) => {
    ws.send(binary(1, place(0)));
    ws.send(binary(1, place(0)));
  }],
  ["an attachment that nobody waits for", (ws) => ws.frame(2, "bytes")],
  ["one attachment too many", (ws) => {
    sends(1, place(0))(ws);
    ws.frame(2, "bytes");
  }],
  ["an attachment that is base64 and none", (ws) => {
    ws.send(binary(1, place(0)));
    ws.send("b!!!!");
  }],
  ["a binary event for another namespace", (ws) => {
    ws.send(`451-/nowhere,["x",${place(0)}]`);
    ws.frame(2, "bytes");
  }],
  ["a binary event without a name", (ws) => ws.send(`451-${ns},[${place(0)}]`)],
  ["a binary event with a reserved name", (ws) => ws.send(`451-${ns},["disconnect",${place(0)}]`)],
  ["a binary event of nothing", (ws) => ws.send(`451-${ns},`)],
  ["a binary ack without an id", (ws) => {
    ws.send(`461-${ns},[${place(0)}]`);
    ws.frame(2, "bytes");
  }],
  ["a binary ack that is no array", (ws) => ws.send(`461-${ns},1{}`)],
  ["a binary type without attachments", (ws) => ws.send(`45${ns},["x"]`)],
]);

goesOn(town, [
  ["ten attachments in ten places", sends(10, ...Array.from({ length: 10 }, (_, i) => place(i)))],
  ["an attachment of 900 KB", (ws) => {
    ws.send(binary(1, place(0)));
    ws.frame(2, x(900_000));
  }],
  ["an attachment of nothing", (ws) => {
    ws.send(binary(1, place(0)));
    ws.frame(2, "");
  }],
  ["an object that only looks like a placeholder", (ws) => ws.send(`42${ns},["x",{"_placeholder":1,"num":9}]`)],
  ["a binary ack to what nobody asked", (ws) => {
    ws.send(`461-${ns},1[${place(0)}]`);
    ws.frame(2, "bytes");
  }],
  ["300 attachments, ten at a time", (ws) => {
    for (let i = 0; i < 30; ++i) sends(10, place(3))(ws);
  }],
]);

town.leavesNothing();
