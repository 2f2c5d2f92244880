import type { Cancel, Clock } from '../clock.ts';

/** A yes or no that counts once it has held for a while: what flaps changes nothing, either way. */
export class Hysteresis {
  readonly #clock: Clock;
  readonly #hold: number;
  readonly #changed: (value: boolean) => void;
  #value = false;
  #cancel: Cancel | undefined;

  /** @param hold milliseconds */
  constructor(clock: Clock, hold: number, changed: (value: boolean) => void) {
    this.#clock = clock;
    this.#hold = hold;
    this.#changed = changed;
  }

  take(value: boolean): void {
    if (value === this.#value) {
      this.end();
      return;
    }
    this.#cancel ??= this.#clock.after(this.#hold, () => {
      this.#cancel = undefined;
      this.#value = value;
      this.#changed(value);
    });
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
