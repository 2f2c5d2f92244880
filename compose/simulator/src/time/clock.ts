/** Ends a timer; ending it twice, or after it fired, does nothing. */
export type Cancel = () => void;

/** Time as the simulator sees it: a test, or a person at the control port, may move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once, in `milliseconds`. */
  after(milliseconds: number, callback: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved. Timers fire in the order they are due, then in which they were set. */
export class VirtualClock implements Clock {
  #now: number;
  #count = 0;
  readonly #timers = new Set<Timer>();

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): Cancel {
    this.#count += 1;
    const timer = { due: this.#now + Math.max(0, milliseconds), order: this.#count, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on, firing what falls due on the way at its own moment. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.due;
      timer.callback();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}

/** Timers that end together: those of a session, of a subscription, of the whole simulator. */
export class Scope {
  readonly #clock: Clock;
  readonly #running = new Set<Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(milliseconds: number, callback: () => void): Cancel {
    const cancel = this.#clock.after(milliseconds, () => {
      this.#running.delete(stop);
      callback();
    });
    const stop = () => {
      this.#running.delete(stop);
      cancel();
    };
    this.#running.add(stop);
    return stop;
  }

  /** Calls back again and again, first after one period. */
  every(milliseconds: number, callback: () => void): Cancel {
    let cancel: Cancel = () => {};
    let stopped = false;
    const turn = () => {
      callback();
      // The callback itself may have ended this timer.
      if (!stopped) cancel = this.after(milliseconds, turn);
    };
    cancel = this.after(milliseconds, turn);
    return () => {
      stopped = true;
      cancel();
    };
  }

  close(): void {
    for (const stop of [...this.#running]) stop();
  }
}
