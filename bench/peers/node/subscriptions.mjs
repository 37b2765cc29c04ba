// SPDX-License-Identifier: MIT
//
// The channels that are subscribed to, each once, for as long as somebody wants it.

export class Subscriptions {
  #redis;
  #channels = new Map(); // name → { wanted: by how many, confirmed: a promise }

  constructor(redis) {
    this.#redis = redis;
  }

  // Resolves when Redis has confirmed.
  join(channel) {
    let it = this.#channels.get(channel);
    if (!it) {
      it = { wanted: 0, confirmed: this.#redis.subscribe(channel) };
      this.#channels.set(channel, it);
    }
    ++it.wanted;
    return it.confirmed;
  }

  // For each join(), whether it could be confirmed or not.
  leave(channel) {
    const it = this.#channels.get(channel);
    if (--it.wanted > 0) return;
    this.#channels.delete(channel);
    this.#redis.unsubscribe(channel).catch(() => {}); // without Redis there is nothing to leave
  }
}
