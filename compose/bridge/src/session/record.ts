import { maskAccounts } from '../../../../tws/accounts.ts';
import { type Clock, isoTime } from '../clock.ts';
import { type IbMessage, isFailure } from '../errors.ts';

/** What the session remembers beyond a connection, for GET /health. Times are ISO 8601, texts are masked. */
export interface SessionHistory {
  readonly lastDisconnectAt: string | null;
  readonly lastDisconnectReason: string | null;
  readonly lastIbErrorAt: string | null;
  readonly lastIbErrorCode: number | null;
  readonly lastIbErrorMessage: string | null;
  readonly lastReconnectAttemptAt: string | null;
  readonly lastReconnectError: string | null;
  readonly reconnectAttempts: number;
  readonly reconnectFailures: number;
  readonly lastHeartbeatAt: string | null;
  readonly lastHeartbeatError: string | null;
  readonly heartbeatFailures: number;
}

/** Keeps the reasons: a reconnect must not wipe out why it was needed. Counts run since the bridge started. */
export class SessionRecord {
  readonly #clock: Clock;
  #history: SessionHistory = {
    lastDisconnectAt: null,
    lastDisconnectReason: null,
    lastIbErrorAt: null,
    lastIbErrorCode: null,
    lastIbErrorMessage: null,
    lastReconnectAttemptAt: null,
    lastReconnectError: null,
    reconnectAttempts: 0,
    reconnectFailures: 0,
    lastHeartbeatAt: null,
    lastHeartbeatError: null,
    heartbeatFailures: 0,
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Another object as soon as something in it is different, and the same until then. */
  get history(): SessionHistory {
    return this.#history;
  }

  /** The first attempt is the connection; every further one is a reconnect. */
  attempt(first: boolean): void {
    if (first) return;
    const { reconnectAttempts } = this.#history;
    this.#note({ lastReconnectAttemptAt: this.#now, reconnectAttempts: reconnectAttempts + 1 });
  }

  /** A connection that had been ready ended. */
  disconnected(reason: string): void {
    this.#note({ lastDisconnectAt: this.#now, lastDisconnectReason: maskAccounts(reason) });
  }

  /** A connection ended that never became ready. */
  failed(reason: string): void {
    const { reconnectFailures } = this.#history;
    this.#note({ lastReconnectError: maskAccounts(reason), reconnectFailures: reconnectFailures + 1 });
  }

  /** Keeps failures and drops the notices that need nothing done (farm OK and its kind). */
  notice({ code, message }: IbMessage): void {
    if (!isFailure(code)) return;
    const lastIbErrorMessage = maskAccounts(message);
    this.#note({ lastIbErrorAt: this.#now, lastIbErrorCode: code, lastIbErrorMessage });
  }

  heartbeat(error?: Error): void {
    if (!error) {
      this.#note({ lastHeartbeatAt: this.#now });
      return;
    }
    const { heartbeatFailures } = this.#history;
    this.#note({ lastHeartbeatError: error.message, heartbeatFailures: heartbeatFailures + 1 });
  }

  get #now(): string {
    return isoTime(this.#clock);
  }

  #note(news: Partial<SessionHistory>): void {
    this.#history = { ...this.#history, ...news };
  }
}
