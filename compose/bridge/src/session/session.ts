import { isReadOnlyRefusal } from '../../../../tws/codes.ts';
import type { SessionCause } from '../catalogue.ts';
import type { ConnectGateway } from '../client/types.ts';
import { type Cancel, type Clock, isoTime } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import type { EventSink } from '../events.ts';
import type { Timings } from '../timings.ts';
import { announce, announceNotice } from './announce.ts';
import { Attempts } from './attempts.ts';
import { Link } from './link.ts';
import { SessionRecord } from './record.ts';
import { Redial } from './redial.ts';
import { type SessionSnapshot, Snapshots } from './snapshot.ts';
import { notReady, Standing } from './standing.ts';
import { obstacle, type Purpose, type SessionState, stateOf, troubleOf } from './state.ts';
import type { TradingListener } from './trading.ts';

export interface SessionOptions {
  readonly connect: ConnectGateway;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly gateway: { readonly host: string; readonly port: number };
  readonly clientId: number;
  readonly trading: TradingListener;
  readonly onEvent: EventSink;
  readonly lifecycle?: SessionLifecycle;
  /** Whether a moment is within IBKR's nightly reset; by IBKR's hours if not given. */
  readonly isNightly?: (moment: number) => boolean;
  /** For jitter; 0 to 1. */
  readonly random?: () => number;
}

/** What those who ask by themselves want to know of the session. */
export interface SessionLifecycle {
  /** Logged in, on a new connection. */
  ready(link: Link): void;
  /** The gateway was without IBKR for a while. */
  restored(link: Link): void;
  /** Every error and notice of the gateway. */
  notice?(message: IbMessage): void;
  /** The connection is over; also told of one that never got ready. */
  ended(): void;
}

/** The bridge's connection to the gateway: made at the start, and made again for ever when it ends. */
export class Session {
  readonly #options: SessionOptions;
  readonly #redial: Redial;
  readonly #record: SessionRecord;
  readonly #attempts: Attempts;
  readonly #snapshots = new Snapshots();
  #link: Link | undefined;
  #endWait: Cancel = () => {};
  #stopped = false;
  readonly #standing: Standing;
  #readyAt: number | undefined;
  /** When the last connection ended; monotonic milliseconds. */
  #endedAt = Number.NEGATIVE_INFINITY;
  /** Failures since the session was last ready: while there are none, a first attempt is just busy. */
  #failuresInARow = 0;
  #readOnly = false;
  /** What was told last: a gateway that stays down is worth one line, not one for each attempt. */
  #told = '';

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#redial = new Redial(options);
    this.#record = new SessionRecord(options.clock);
    this.#attempts = new Attempts(options.clock);
    this.#standing = new Standing(options.clock);
  }

  start(): void {
    this.#dial(true);
  }

  /** Disconnects and stays down. */
  stop(): void {
    this.#stopped = true;
    this.#endWait();
    this.#link?.drop('stopped', 'the bridge closes it');
  }

  /**
   * Tries to connect now instead of when the waiting is over, and waits a bounded time for what comes of it. One
   * attempt at a time, and not sooner after the last than the shortest wait: who asks often must not hammer the
   * gateway.
   * @returns whether an attempt is under way: somebody else's, or one that is not over yet
   */
  async connectNow(): Promise<boolean> {
    const { clock, timings } = this.#options;
    if (this.#stopped || this.#standing.isConnected) return false;
    if (this.#link) return true;
    if (clock.monotonic() - this.#endedAt < timings.backoffFirst) return false;
    this.#endWait();
    const outcome = this.#attempts.outcome(timings.connectNow);
    this.#dial(false);
    return !(await outcome);
  }

  /**
   * The connection, for a request that needs it now.
   * @throws BridgeError `gateway-not-ready` with the session's cause and hint.
   */
  require(purpose: Purpose): Link {
    const link = this.#link;
    const { isConnected, state, since } = this.#standing;
    const cause =
      link && isConnected ? obstacle(link.facts, purpose) : (this.#standing.cause ?? 'not-started');
    if (link && cause === undefined) return link;
    throw notReady(state, since, cause);
  }

  snapshot(): SessionSnapshot {
    return this.#snapshots.of({
      standing: this.#standing,
      now: this.#options.clock.now(),
      isNightly: this.#options.isNightly,
      failedBefore: this.#failuresInARow > 0,
      clientId: this.#redial.clientId,
      readOnly: this.#readOnly,
      link: this.#link,
      history: this.#record.history,
    });
  }

  #dial(first: boolean): void {
    this.#record.attempt(first);
    this.#link = new Link(
      { ...this.#options, clientId: this.#redial.clientId },
      {
        changed: () => this.#follow(),
        notice: (message) => this.#notice(message),
        heartbeat: (error) => this.#record.heartbeat(error),
        restored: () => this.#link && this.#options.lifecycle?.restored(this.#link),
        dropped: (cause, detail) => this.#dropped(cause, detail),
      },
    );
    this.#follow();
  }

  /** Derives the state from the connection's facts, and tells when it changed. */
  #follow(): void {
    const link = this.#link;
    if (!link) return;
    const state = stateOf(link.facts);
    const cause = state === 'ready' || state === 'degraded' ? troubleOf(link.facts) : this.#standing.cause;
    const isNew = link.facts.loggedIn && this.#readyAt === undefined;
    if (isNew) this.#becameReady();
    this.#enter(state, cause);
    if (isNew) this.#options.lifecycle?.ready(link);
  }

  #becameReady(): void {
    this.#readyAt = this.#options.clock.monotonic();
    this.#failuresInARow = 0;
    this.#redial.ready();
  }

  #enter(state: SessionState, cause: SessionCause | undefined, detail?: string): void {
    this.#standing.enter(state, cause);
    if (state === 'connecting' || state === 'authenticating') return;
    this.#attempts.settle();
    this.#tell(detail);
  }

  #tell(detail?: string): void {
    const snapshot = this.snapshot();
    const news = `${snapshot.state} ${snapshot.cause}`;
    if (news === this.#told) return;
    this.#told = news;
    this.#options.onEvent({ at: isoTime(this.#options.clock), ...announce(snapshot, detail) });
  }

  #notice(message: IbMessage): void {
    this.#record.notice(message);
    if (isReadOnlyRefusal(message.code, message.message)) this.#readOnly = true;
    this.#options.lifecycle?.notice?.(message);
    const event = announceNotice(message);
    if (event) this.#options.onEvent({ at: isoTime(this.#options.clock), ...event });
  }

  #dropped(cause: SessionCause, detail: string): void {
    const reason = `${cause}: ${detail}`;
    if (this.#readyAt === undefined) this.#record.failed(reason);
    else this.#record.disconnected(reason);
    const wait = this.#redial.over(cause, this.#readyAt);
    this.#readyAt = undefined;
    this.#endedAt = this.#options.clock.monotonic();
    this.#failuresInARow += 1;
    this.#link = undefined;
    this.#options.lifecycle?.ended();
    this.#enter('down', cause, detail);
    if (!this.#stopped) this.#endWait = this.#options.clock.after(wait, () => this.#dial(false));
  }
}
