// SPDX-License-Identifier: MIT
//
// What strangers' input is made of.

export const x = (size) => "x".repeat(size);
export const bytes = (...all) => Buffer.from(all);

// The head of a WebSocket frame that announces any length, in eight bytes; its mask is zeros.
export function frameHead(opcode, length) {
  const out = Buffer.alloc(14);
  out.set([0x80 | opcode, 0xff]);
  out.writeBigUInt64BE(BigInt(length), 2);
  return out;
}
