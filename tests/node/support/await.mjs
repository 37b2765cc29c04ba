// SPDX-License-Identifier: MIT
//
// Waits for what a test expects, with a deadline.

const patience = 30_000; // for a machine that is busy, and a build that is slow

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Resolves when condition() is true, which it checks every 10 ms.
export async function until(condition, what = "a condition") {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${patience} ms`);
    await pause(10);
  }
}

// Returns the promise, and rejects if that has not settled in time.
export function soon(promise, what = "an answer") {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${patience} ms`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// A queue of what arrived. next() takes the oldest item, and waits for one if there is none.
export class Mailbox {
  all = []; // everything that ever arrived
  #taken = 0;
  #waiting = [];

  constructor(name) {
    this.name = name;
  }

  put(item) {
    this.all.push(item);
    this.#waiting.shift()?.();
  }

  async next() {
    while (this.all.length <= this.#taken)
      await soon(new Promise((resolve) => this.#waiting.push(resolve)), this.name);
    return this.all[this.#taken++];
  }

  async take(count) {
    const items = [];
    while (items.length < count) items.push(await this.next());
    return items;
  }
}
