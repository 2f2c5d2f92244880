import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../compose/bridge/src/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test says so. */
export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.UTC(2027, 0, 15, 14, 30) + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.#elapsed + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass: every timer that falls due is called in its turn, and promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await setImmediate();
    for (let timer = this.#nextUntil(end); timer !== undefined; timer = this.#nextUntil(end)) {
      this.#timers.delete(timer);
      this.#elapsed = Math.max(this.#elapsed, timer.due);
      timer.callback();
      await setImmediate();
    }
    this.#elapsed = end;
  }

  /** Timers that are still running: what was torn down leaves none. */
  get pending(): number {
    return this.#timers.size;
  }

  #nextUntil(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end);
    return due.sort((left, right) => left.due - right.due)[0];
  }
}
