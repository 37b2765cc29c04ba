// SPDX-License-Identifier: MIT
//
// A gateway in which a test can make any one call fail (tests/faults/faults.cpp).
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gateway, Process, program } from "./processes.mjs";

// The kinds of calls that can fail, with the numbers that faults.cpp gives them.
const kinds = { read: 1, write: 2, descriptor: 3, clock: 4, allocation: 5 };

export class FaultyGateway extends Gateway {
  #folder = mkdtempSync(join(tmpdir(), "notify-test-"));
  #file;

  run(args) {
    const path = join(this.#folder, "orders");
    this.#file = openSync(path, "w+");
    this.#order(0, 0, 0);
    return new Process(program("faulty_gateway"), args, { NOTIFY_FAULTS: path });
  }

  // Makes the nth call of this kind from now on fail. The number is written before the kind: a call in the
  // gateway reads the kind first.
  arm(kind, nth) {
    this.#order(0, 1, nth);
    this.#order(kinds[kind], 1, nth);
  }

  // Stops failing calls. Returns whether one has failed.
  disarm() {
    const orders = Buffer.alloc(16);
    readSync(this.#file, orders, 0, 16, 0);
    this.#order(0, 0, 0);
    return orders.readUInt32LE(4) === 0;
  }

  #order(which, armed, left) {
    const orders = Buffer.alloc(16);
    orders.writeUInt32LE(which, 0);
    orders.writeUInt32LE(armed, 4);
    orders.writeBigInt64LE(BigInt(left), 8);
    writeSync(this.#file, orders, 0, 16, 0);
  }

  async stop() {
    await super.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
