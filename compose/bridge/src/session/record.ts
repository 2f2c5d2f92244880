import { maskAccounts } from '../../../../tws/accounts.ts';
import { type Clock, isoTime } from '../clock.ts';
import { type IbMessage, isFailure } from '../errors.ts';

/** What the session remembers beyond a connection, for GET /health. Times are ISO 8601, texts are masked. */
export interface SessionHistory {
  lastDisconnectAt: string | null;
  lastDisconnectReason: string | null;
  lastIbErrorAt: string | null;
  lastIbErrorCode: number | null;
  lastIbErrorMessage: string | null;
  lastReconnectAttemptAt: string | null;
  lastReconnectError: string | null;
  reconnectAttempts: number;
  reconnectFailures: number;
  lastHeartbeatAt: string | null;
  lastHeartbeatError: string | null;
  heartbeatFailures: number;
}

/** Keeps the reasons: a reconnect must not wipe out why it was needed. Counts run since the bridge started. */
export class SessionRecord {
  readonly #clock: Clock;
  readonly history: SessionHistory = {
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

  /** The first attempt is the connection; every further one is a reconnect. */
  attempt(first: boolean): void {
    if (first) return;
    this.history.lastReconnectAttemptAt = isoTime(this.#clock);
    this.history.reconnectAttempts += 1;
  }

  /** A connection that had been ready ended. */
  disconnected(reason: string): void {
    this.history.lastDisconnectAt = isoTime(this.#clock);
    this.history.lastDisconnectReason = maskAccounts(reason);
  }

  /** A connection ended that never became ready. */
  failed(reason: string): void {
    this.history.lastReconnectError = maskAccounts(reason);
    this.history.reconnectFailures += 1;
  }

  /** Keeps failures and drops the notices that need nothing done (farm OK and its kind). */
  notice(message: IbMessage): void {
    if (!isFailure(message.code)) return;
    this.history.lastIbErrorAt = isoTime(this.#clock);
    this.history.lastIbErrorCode = message.code;
    this.history.lastIbErrorMessage = maskAccounts(message.message);
  }

  heartbeat(error?: Error): void {
    if (!error) {
      this.history.lastHeartbeatAt = isoTime(this.#clock);
      return;
    }
    this.history.lastHeartbeatError = error.message;
    this.history.heartbeatFailures += 1;
  }
}
