/** Who uses which client ids: by hand, in production, in development, in tests. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [1, 99],
  [100, 199],
  [200, 299],
  [900, 999],
];

/** What to do after error 326. */
export interface Reclaim {
  readonly clientId: number;
  /** The id is a new one; otherwise the stale session of this id gets time to go. */
  readonly moved: boolean;
}

/**
 * The client id in use, and which is next. The first refusal of an id is most likely our own last session, which
 * the gateway has not let go yet: it is tried once more. After the second the next id of the range is taken.
 */
export class ClientIds {
  readonly #first: number;
  readonly #last: number;
  #current: number;
  #refusals = 0;

  /** An id outside every range has none to move to, and is tried for ever. */
  constructor(clientId: number) {
    const range = RANGES.find(([first, last]) => clientId >= first && clientId <= last);
    [this.#first, this.#last] = range ?? [clientId, clientId];
    this.#current = clientId;
  }

  get current(): number {
    return this.#current;
  }

  /** The gateway took the id. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** The gateway answered 326: the id to use next. */
  refused(): Reclaim {
    this.#refusals += 1;
    const moved = this.#refusals > 1 && this.#first < this.#last;
    if (moved) {
      this.#refusals = 0;
      this.#current = this.#current === this.#last ? this.#first : this.#current + 1;
    }
    return { clientId: this.#current, moved };
  }
}
