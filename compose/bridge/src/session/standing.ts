import { CATALOGUE, type SessionCause } from '../catalogue.ts';
import { type Clock, isoTime } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { SessionState } from './state.ts';

/** How the session stands, and since when. */
export class Standing {
  readonly #clock: Clock;
  #state: SessionState = 'down';
  #since: string;
  #cause: SessionCause | undefined = 'not-started';
  #wellUntil: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = isoTime(clock);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** ISO 8601, UTC. */
  get since(): string {
    return this.#since;
  }

  get cause(): SessionCause | undefined {
    return this.#cause;
  }

  /** Milliseconds since 1970: when it stopped being ready; undefined if it never was. */
  get wellUntil(): number | undefined {
    return this.#wellUntil;
  }

  /** Logged in, whatever else may be wrong. */
  get isConnected(): boolean {
    return this.#state === 'ready' || this.#state === 'degraded';
  }

  enter(state: SessionState, cause: SessionCause | undefined): void {
    if (state !== this.#state) this.#since = isoTime(this.#clock);
    if (this.#state === 'ready' && state !== 'ready') this.#wellUntil = this.#clock.now();
    this.#state = state;
    this.#cause = cause;
  }
}

/** Why a request that needs the session cannot have it. */
export function notReady(state: SessionState, since: string, cause: SessionCause | undefined): BridgeError {
  const entry = CATALOGUE[cause ?? 'gateway-not-ready'];
  return new BridgeError('gateway-not-ready', `the session is ${state} since ${since}: ${entry.title}`, {
    hint: entry.hint,
    retryAfterSeconds: 1,
    ...(cause && { extra: { cause } }),
  });
}
