// SPDX-License-Identifier: MIT
//
// A gateway in which any one call can be made to fail (tests/faults/faults.cpp).
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gateway, Process, program } from "./processes.mjs";

// What can fail, numbered as there.
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

  // The nth call of this kind from now on fails. Its number is there before its kind, which is what
  // a call looks at first.
  arm(kind, nth) {
    this.#order(0, 1, nth);
    this.#order(kinds[kind], 1, nth);
  }

  // Nothing fails any more. Returns whether something has.
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
