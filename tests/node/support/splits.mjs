// SPDX-License-Identifier: MIT
//
// Bytes that arrive in two pieces, cut at each place there is: what they come to must not depend on it.
import assert from "node:assert/strict";

const atOnce = 8; // exchanges under way, so that all of them take no longer than they need

// Writes bytes in two pieces, cut at `at`. Between them the other side has read the first alone, when
// turn() has resolved.
export async function writeSplit(socket, bytes, at, turn) {
  socket.setNoDelay(true);
  if (at > 0) {
    await new Promise((resolve) => socket.write(bytes.subarray(0, at), resolve));
    await turn();
  }
  await new Promise((resolve) => socket.write(bytes.subarray(at), resolve));
}

// Calls exchange(at) for each place in so many bytes; each must come to what it does unsplit, which is
// exchange(0). Returns that.
export async function sameAtEachByte(size, exchange) {
  const unsplit = await exchange(0);
  let at = 1;
  const oneAfterAnother = async () => {
    while (at < size) {
      const mine = at++;
      assert.deepEqual(await exchange(mine), unsplit, `split at ${mine} of ${size}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterAnother));
  return unsplit;
}
