/** Who uses which client ids. */
const ROLES: readonly (readonly [name: string, first: number, last: number])[] = [
  ['manual', 1, 99],
  ['production', 100, 199],
  ['development', 200, 299],
  ['tests', 900, 999],
];

/** What a client id is kept for; undefined for one outside every range. */
export function roleOf(clientId: number): string | undefined {
  return rangeOf(clientId)?.[0];
}

function rangeOf(clientId: number) {
  return ROLES.find(([, first, last]) => clientId >= first && clientId <= last);
}

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
  readonly #own: number;
  readonly #first: number;
  readonly #last: number;
  #current: number;
  #refusals = 0;

  /** An id outside every range has none to move to, and is tried for ever. */
  constructor(clientId: number) {
    [, this.#first, this.#last] = rangeOf(clientId) ?? ['', clientId, clientId];
    this.#own = clientId;
    this.#current = clientId;
  }

  get current(): number {
    return this.#current;
  }

  /** The gateway took the id. */
  accepted(): void {
    this.#refusals = 0;
  }

  /**
   * A session that had been ready is over: the next begins with the id of the configuration again, for only that one
   * is the master client, and may cancel what was placed under it.
   */
  released(): void {
    this.#current = this.#own;
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
