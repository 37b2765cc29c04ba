// SPDX-License-Identifier: MIT
//
// Sends bytes in two pieces, cut at each possible place: the result must not depend on the place.
import assert from "node:assert/strict";

const atOnce = 8; // exchanges under way at the same time, since each of them mostly waits

// Writes bytes in two pieces, cut at `at`, and awaits turn() in between: it must resolve when the other side
// has read the first piece.
export async function writeSplit(socket, bytes, at, turn) {
  socket.setNoDelay(true);
  if (at > 0) {
    await new Promise((resolve) => socket.write(bytes.subarray(0, at), resolve));
    await turn();
  }
  await new Promise((resolve) => socket.write(bytes.subarray(at), resolve));
}

// Calls exchange(at) for each place in so many bytes. Each must have the result of exchange(0), which does
// not split. Returns that result.
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
