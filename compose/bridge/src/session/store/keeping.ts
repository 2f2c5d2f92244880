import { CATALOGUE } from '../../catalogue.ts';
import { type Cancel, type Clock, isoTime } from '../../clock.ts';
import type { EventSink } from '../../events.ts';
import type { Range } from './past.ts';

export interface KeepingOptions {
  readonly store: {
    readonly past: { shrink(): Promise<Range[]> };
    dropOld(now: number): Promise<void>;
    close(): Promise<void>;
  };
  /** Of what is kept, for a person: orders, executions. */
  readonly name: string;
  /** Milliseconds from the end of one round to the next. */
  readonly interval: number;
  /** Moves what is over from memory to the disk, if it is worth it. */
  readonly move: () => Promise<void>;
  /** The oldest were deleted. */
  readonly gone?: (range: Range) => void;
  readonly clock: Clock;
  readonly onEvent: EventSink;
}

/** Keeps memory, journals and disk within their limits. Trouble is told, and met again in the next round. */
export class Keeping {
  readonly #options: KeepingOptions;
  #endTimer: Cancel = () => {};
  #tidying: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: KeepingOptions) {
    this.#options = options;
    this.#tidyLater();
  }

  /** One round, after the one that is under way. */
  tidy(): Promise<void> {
    this.#tidying = this.#tidying.then(() => this.#tidy());
    return this.#tidying;
  }

  async #tidy(): Promise<void> {
    const { store, clock, move, name } = this.#options;
    try {
      await move();
      await store.dropOld(clock.now());
      for (const range of await store.past.shrink()) this.#gone(range);
    } catch (error) {
      this.#tell(
        `${name} that are over stay in memory: ${(error as Error).message}`,
        CATALOGUE['journal-failed'].hint,
      );
    }
  }

  /** Ends what is under way, and closes the store. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#endTimer();
    await this.#tidying;
    await this.#options.store.close();
  }

  #tidyLater(): void {
    if (this.#closed) return;
    this.#endTimer = this.#options.clock.after(this.#options.interval, () => {
      void this.tidy().then(() => this.#tidyLater());
    });
  }

  #gone(range: Range): void {
    this.#options.gone?.(range);
    const until = Number.isFinite(range.to) ? ` until ${new Date(range.to).toISOString()}` : '';
    this.#tell(`the oldest ${this.#options.name}${until} were deleted to keep within BRIDGE_PAST_MB`);
  }

  #tell(text: string, hint?: string): void {
    const { clock, onEvent } = this.#options;
    onEvent({ at: isoTime(clock), kind: 'notice', text, ...(hint !== undefined && { hint }) });
  }
}
