import type { Clock } from '../../../healthchecks/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #epoch: number;
  #elapsed = 0;
  #timers: Timer[] = [];
  #changes = 0;

  /** @param epoch milliseconds since 1970 at which it starts */
  constructor(epoch = Date.UTC(2026, 3, 6, 14, 0)) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** Grows whenever something begins to wait, or no longer does: unchanged, nothing has happened. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether anything waits for time to pass. */
  get waiting(): boolean {
    return this.#timers.length > 0;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.#elapsed + milliseconds, callback };
    this.#timers.push(timer);
    this.#changes += 1;
    return () => {
      this.#changes += 1;
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time to the timer that is due first, and fires it. */
  expire(): void {
    const [first] = this.#timers.sort((a, b) => a.due - b.due);
    if (!first) throw new Error('no timer is set: the probe waits for nothing');
    this.#timers = this.#timers.filter((other) => other !== first);
    this.#elapsed = first.due;
    first.callback();
  }
}
