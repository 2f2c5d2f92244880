/**
 * Waits between attempts to reconnect: doubling from `first` to `last` milliseconds, without end, each shortened at
 * random by up to a third so that several clients of a restarted gateway don't return in step.
 */
export class Backoff {
  readonly #first: number;
  readonly #last: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor(first: number, last: number, random: () => number = Math.random) {
    this.#first = first;
    this.#last = last;
    this.#random = random;
  }

  /** Milliseconds to wait now: `first` at least, `last` at most. */
  next(): number {
    const ceiling = Math.min(this.#last, this.#first * 1.5 * 2 ** this.#attempts);
    // Counting further would overflow to Infinity after a thousand attempts, and would change nothing.
    if (ceiling < this.#last) this.#attempts += 1;
    return Math.round(Math.max(Math.min(this.#first, this.#last), ceiling * (1 - this.#random() / 3)));
  }

  reset(): void {
    this.#attempts = 0;
  }
}
