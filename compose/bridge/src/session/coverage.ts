/** Since when every execution is known, and until when that was last made sure of. Milliseconds since 1970. */
export interface Covered {
  readonly since: number;
  readonly until: number;
}

/**
 * What the answers of the gateway add up to: each tells of its own day, and what happens on a connection that had an
 * answer is told as it happens. A day without either is a gap, and the count begins anew after it.
 */
export class Coverage {
  #covered: Covered | undefined;
  /** The connection of the last answer. */
  #link: object | undefined;

  get covered(): Covered | undefined {
    return this.#covered;
  }

  restore(covered: Covered): void {
    this.#covered = covered;
  }

  /** What was until a moment was deleted. */
  forget(until: number): void {
    const before = this.#covered;
    if (before) this.#covered = { ...before, since: Math.max(before.since, until + 1) };
  }

  /** A full answer came on a connection. @param from how far back it reaches */
  answered(now: number, from: number, link: object): void {
    const before = this.#covered;
    const goesOn = before !== undefined && (before.until >= from || this.#link === link);
    this.#covered = { since: goesOn ? Math.min(before.since, from) : from, until: now };
    this.#link = link;
  }
}
