// SPDX-License-Identifier: MIT
//
// What was sent to each user, and what became of it.
export class Ledger {
  #sent = new Map(); // by user, then by number: { at: ms of sending, place: where it is in the log, once accepted }
  #uncopied = new Map(); // by user: the places of entries that a failover lost
  accepted = 0;

  constructor(users) {
    for (const user of users) this.#sent.set(user, []);
  }

  get users() {
    return [...this.#sent.keys()];
  }

  // Notes a new notification. Returns its number, which counts from 0 for each user.
  send(user) {
    return this.#sent.get(user).push({ at: performance.now(), place: null }) - 1;
  }

  // Redis has acknowledged it: it counts.
  accept(user, number, place) {
    this.#sent.get(user)[number].place = place;
    ++this.accepted;
  }

  // What was sent to a user, by number.
  of(user) {
    return this.#sent.get(user);
  }

  // These entries were lost by a failover, before or after their sender was told.
  noteUncopied(byUser) {
    for (const [user, places] of byUser)
      this.#uncopied.set(user, new Set([...(this.#uncopied.get(user) ?? []), ...places]));
  }

  uncopied(user) {
    return this.#uncopied.get(user) ?? new Set();
  }

  get uncopiedCount() {
    return [...this.#uncopied.values()].reduce((sum, places) => sum + places.size, 0);
  }
}
