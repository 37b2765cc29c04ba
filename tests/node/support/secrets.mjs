// SPDX-License-Identifier: MIT
//
// What must not be read by others: texts that stand nowhere else.
import assert from "node:assert/strict";

export const secret = (name) => `secret-${name.replaceAll(/\W/g, "-")}-${Math.random().toString(36).slice(2)}`;

// `secrets` is each one by what it is.
export function assertHoldsNone(text, secrets, where = "the log") {
  for (const [what, each] of Object.entries(secrets)) {
    assert.ok(each.length >= 8, `${what} is no secret: ${each}`);
    assert.ok(!text.includes(each), `${what} is in ${where}: ${text.split("\n").find((line) => line.includes(each))}`);
  }
}
