/** Something for one listener. */
export interface Outgoing {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Entry extends Outgoing {
  skipped: number;
}

/** Trades that may wait for one listener: some seconds of a busy stock, about a megabyte. */
const MOST_WAITING = 10_000;

/**
 * What waits to be sent to one listener. Of quotes and books only the newest waits, with the number of those that
 * it replaced; of trades every one, and when there are too many a `gap` in their place says how many are missing.
 */
export class Outbox {
  readonly #most: number;
  readonly #waiting = new Map<string, Entry>();
  #count = 0;
  #wake: () => void = () => {};
  #closed = false;

  constructor(most = MOST_WAITING) {
    this.#most = most;
  }

  /** Replaces what waits under the same key. @returns whether it replaced something */
  putLatest(key: string, { event, data }: Outgoing): boolean {
    const before = this.#waiting.get(key);
    this.#put(key, { event, data, skipped: before ? before.skipped + 1 : 0 });
    return before !== undefined;
  }

  /** For what is rare and must be told: waits behind all others, whatever waits. @returns takes it back if it waits */
  putAlways(outgoing: Outgoing): () => void {
    this.#count += 1;
    const key = `each ${this.#count}`;
    this.#put(key, { ...outgoing, skipped: 0 });
    return () => void this.#waiting.delete(key);
  }

  /** Waits behind all others. @returns false when there was no room: `gap` is told in its place. */
  putEach(source: string, outgoing: Outgoing): boolean {
    const gap = this.#waiting.get(`gap ${source}`);
    if (!gap && this.#waiting.size < this.#most) {
      this.putAlways(outgoing);
      return true;
    }
    const missed = ((gap?.data.missed as number | undefined) ?? 0) + 1;
    const { symbol } = outgoing.data;
    this.#put(`gap ${source}`, { event: 'gap', data: { symbol, kind: outgoing.event, missed }, skipped: 0 });
    return false;
  }

  /** Nothing that waits is sent any more, but for these last words. Closing it twice is once. */
  close(last?: Outgoing): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.clear();
    if (last) this.#waiting.set('last', { ...last, skipped: 0 });
    this.#wake();
  }

  /** All that waits, once there is something; undefined when the outbox is closed. */
  async take(): Promise<Outgoing[] | undefined> {
    while (this.#waiting.size === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#waiting.size === 0) return undefined;
    const taken = [...this.#waiting.values()].map(({ event, data, skipped }) => ({
      event,
      data: skipped > 0 ? { ...data, skipped } : data,
    }));
    this.#waiting.clear();
    return taken;
  }

  #put(key: string, entry: Entry): void {
    if (this.#closed) return;
    this.#waiting.set(key, entry);
    this.#wake();
  }
}
