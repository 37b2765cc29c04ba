// SPDX-License-Identifier: MIT
//
// Compares what each client received with what was sent to its user.
//
// Entries that a failover lost are not promised: they may be missing, but the clients of their users, which are all
// connected at that time, must have been told that there is a gap. Nobody else may be told so.
const around = 3000; // ms before and after, for the story of a witness

export class Verdict {
  lost = 0;
  lostSilently = 0; // of these, without a word of a gap afterwards
  doubled = 0;
  misordered = 0;
  strange = 0; // never sent
  untold = 0; // clients of whose user a failover lost an entry, and which were not told
  falselyTold = 0; // clients that were told of a gap where there is none
  missingUncopied = 0; // deliveries of entries that a failover lost
  told = 0; // clients that were told, and had to be
  witnesses = [];

  // newSessionTells: there is no other word of a gap than a new session, which is no error where nothing is missing.
  constructor(ledger, faults, newSessionTells) {
    this.newSessionTells = newSessionTells;
    this.ledger = ledger;
    this.faults = faults;
  }

  get violations() {
    return this.lost + this.doubled + this.misordered + this.strange + this.untold + this.falselyTold;
  }

  judge(device) {
    const sent = this.ledger.of(device.user);
    const uncopied = this.ledger.uncopied(device.user);
    const seen = this.#judgeReceived(device, sent, uncopied);
    for (const [number, { place, at }] of sent.entries()) {
      if (!place || seen.has(number)) continue;
      if (uncopied.has(place)) ++this.missingUncopied;
      else {
        this.#violation("lost", device, `never got ${number} (${place})`, at);
        if (!device.gaps.some((told) => told > at)) ++this.lostSilently;
      }
    }
    this.#judgeGaps(device, uncopied);
  }

  #judgeReceived(device, sent, uncopied) {
    const seen = new Set();
    let last = -1;
    for (const [i, number] of device.received.entries()) {
      const place = device.places[i];
      const at = sent[number]?.at;
      if (uncopied.has(place)) {
        if (sent[number]?.place === place) seen.add(number);
      } else if (!sent[number]) this.#violation("strange", device, `got ${number} (${place}), which was never sent`);
      else if (seen.has(number)) this.#violation("doubled", device, `got ${number} (${place}) again`, at);
      else {
        if (number < last) this.#violation("misordered", device, `got ${number} (${place}) after ${last}`, at);
        last = number;
        seen.add(number);
      }
    }
    return seen;
  }

  #judgeGaps(device, uncopied) {
    const concerned = uncopied.size > 0;
    const told = device.gaps.length > 0;
    if (concerned && told) ++this.told;
    if (concerned && !told) this.#violation("untold", device, `was not told that a failover lost ${[...uncopied]}`);
    if (told && !concerned && !this.newSessionTells) this.#violation("falselyTold", device, "was told of a gap", device.gaps[0]);
  }

  #violation(kind, device, what, at) {
    ++this[kind];
    if (this.witnesses.length < 5) this.witnesses.push(this.#story(kind, device, what, at));
  }

  #story(kind, device, what, at = device.notes.at(-1)?.at ?? 0) {
    const near = ({ at: when }) => Math.abs(when - at) < around;
    const lines = [...device.notes.filter(near), ...this.faults.timeline.filter(near)]
      .sort((a, b) => a.at - b.at).slice(0, 20).map((n) => `    ${((n.at - at) / 1000).toFixed(2)} s  ${n.what}`);
    return [`${kind}: ${device.user} (${device.constructor.name}) ${what}`, ...lines].join("\n");
  }
}
