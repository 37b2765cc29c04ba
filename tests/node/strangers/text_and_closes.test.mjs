// SPDX-License-Identifier: MIT
//
// Text that is not UTF-8, and close frames that say what none may (RFC 6455 sections 7.4 and 8.1).
import { bytes, frameHead } from "./support/bytes.mjs";
import { ends } from "./support/endings.mjs";
import { Town } from "./support/town.mjs";

const town = Town.forThisFile();

// Text that is not UTF-8 (RFC 3629), whole and cut.
const bad = {
  "a byte that continues nothing": [0x80],
  "0xff": [0xff],
  "0xfe": [0xfe],
  "a NUL in two bytes": [0xc0, 0x80],
  "a slash in two bytes": [0xc0, 0xaf],
  "DEL in two bytes": [0xc1, 0xbf],
  "a slash in three bytes": [0xe0, 0x80, 0xaf],
  "U+07FF in three bytes": [0xe0, 0x9f, 0xbf],
  "a slash in four bytes": [0xf0, 0x80, 0x80, 0xaf],
  "U+FFFF in four bytes": [0xf0, 0x8f, 0xbf, 0xbf],
  "the first surrogate": [0xed, 0xa0, 0x80],
  "the last surrogate": [0xed, 0xbf, 0xbf],
  "a pair of surrogates": [0xed, 0xa1, 0x8c, 0xed, 0xbe, 0xb4],
  "U+110000": [0xf4, 0x90, 0x80, 0x80],
  "five bytes": [0xf8, 0x88, 0x80, 0x80, 0x80],
  "six bytes": [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
  "a character that is cut": [0xe2, 0x82],
  "a character that another cuts": [0xe2, 0x82, 0x41],
};
ends(town, 1007, "transport_error", Object.entries(bad).flatMap(([name, wrong]) => [
  [name, (ws) => ws.frame(1, bytes(0x34, ...wrong))],
  [`${name}, each byte a fragment`, (ws) => {
    ws.frame(1, "4", { fin: false });
    for (const byte of wrong) ws.frame(0, bytes(byte), { fin: false });
    ws.frame(0, "");
  }],
]).concat([
  ["a close whose reason is not UTF-8", (ws) => ws.frame(8, bytes(3, 0xe8, 0xff))],
  ["a close whose reason is cut", (ws) => ws.frame(8, bytes(3, 0xe8, 0xe2, 0x82))],
  ["a bad byte, long before the message ends", (ws) => {
    ws.socket.write(frameHead(1, 900_000n));
    ws.socket.write(bytes(0x34, 0xff));
  }],
]));

const wireCode = (code) => bytes(code >> 8, code & 0xff);
ends(town, 1002, "transport_error", [
  ["a close with half a code", (ws) => ws.frame(8, bytes(3))],
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65_535].map((code) =>
    [`a close with ${code}`, (ws) => ws.frame(8, wireCode(code))]),
]);
for (const code of [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999])
  ends(town, code, "transport_closed", [["a close with it", (ws) => ws.frame(8, wireCode(code))]]);
ends(town, 1000, "transport_closed", [
  ["a close without a code", (ws) => ws.frame(8)],
  ["a close, whatever follows", (ws) => {
    ws.frame(8, wireCode(1000));
    ws.frame(1, bytes(0xff));
    ws.frame(3, "x".repeat(1_000_000));
  }],
  ["a close with a reason of 123 bytes", (ws) => ws.frame(8, bytes(3, 0xe8, ...Array(123).fill(0x78)))],
  ["a close in the midst of a message", (ws) => {
    ws.frame(1, "4", { fin: false });
    ws.frame(8, wireCode(1000));
  }],
]);

town.leavesNothing();
