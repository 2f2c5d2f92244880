import type { SessionCause } from '../catalogue.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { EventSink } from '../events.ts';
import type { Timings } from '../timings.ts';
import { announceMove } from './announce.ts';
import { Backoff } from './backoff.ts';
import { ClientIds } from './client-ids.ts';

export interface RedialOptions {
  readonly clock: Clock;
  readonly timings: Timings;
  readonly clientId: number;
  readonly onEvent: EventSink;
  /** For jitter; 0 to 1. */
  readonly random?: () => number;
}

/** When the gateway is dialled again after a connection ended, and under which client id. */
export class Redial {
  readonly #options: RedialOptions;
  readonly #backoff: Backoff;
  readonly #clientIds: ClientIds;

  constructor(options: RedialOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.timings.backoffFirst, options.timings.backoffLast, options.random);
    this.#clientIds = new ClientIds(options.clientId);
  }

  get clientId(): number {
    return this.#clientIds.current;
  }

  /** The session is ready under the current id. */
  ready(): void {
    this.#clientIds.accepted();
  }

  /**
   * A connection is over. A session that held resets the backoff; one that flaps does not.
   * @param readyAt when it had become ready, in monotonic milliseconds; undefined if it never was
   * @returns milliseconds until the next attempt
   */
  over(cause: SessionCause, readyAt: number | undefined): number {
    const { clock, timings } = this.#options;
    if (readyAt !== undefined && clock.monotonic() - readyAt >= timings.stableAfter) this.#backoff.reset();
    const wait = this.#afterRefusal(cause, this.#backoff.next());
    if (readyAt !== undefined) this.#clientIds.released();
    return wait;
  }

  #afterRefusal(cause: SessionCause, wait: number): number {
    if (cause !== 'client-id-in-use') return wait;
    const { clock, timings, onEvent } = this.#options;
    const { current } = this.#clientIds;
    const next = this.#clientIds.refused();
    if (!next.moved) return Math.max(wait, timings.staleSession);
    onEvent({ at: isoTime(clock), ...announceMove(current, next.clientId) });
    return wait;
  }
}
