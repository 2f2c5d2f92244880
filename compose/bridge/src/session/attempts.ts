import type { Cancel, Clock } from '../clock.ts';

/** Those who wait for an attempt to connect to come out, each for as long as it likes. */
export class Attempts {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with true when an attempt came out, well or not, and with false after `deadline` milliseconds. */
  outcome(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (cameOut: boolean) => {
        cancel();
        this.#waiting.delete(tell);
        resolve(cameOut);
      };
      const tell = () => finish(true);
      const cancel: Cancel = this.#clock.after(deadline, () => finish(false));
      this.#waiting.add(tell);
    });
  }

  settle(): void {
    for (const tell of [...this.#waiting]) tell();
  }
}
