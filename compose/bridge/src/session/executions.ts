import type { Commission, Execution, GatewayClient } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { ExecutionBook, ReportedExecution } from './execution-book.ts';
import { within } from './execution-parts.ts';
import type { ExecutionRecord } from './execution-records.ts';
import { dayStart, momentOf } from './gateway-time.ts';

export type { ReportedExecution } from './execution-book.ts';

/** The connection executions are asked on. */
export interface ExecutionSource {
  readonly client: Pick<GatewayClient, 'executions' | 'clientId'>;
  /** What the gateway's wall clock is ahead of UTC, in milliseconds, if it is known. */
  readonly wallClockOffset: number | undefined;
}

export interface ExecutionsOptions {
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'request' | 'commission' | 'executions' | 'executionsInterval'>;
  /** The client id the gateway tells everything to. */
  readonly masterClientId: number;
  readonly book: ExecutionBook;
  /** Those on the disk alone. */
  readonly past: {
    mayHave(execId: string): boolean;
    find(execId: string): Promise<object | undefined>;
  };
  /** Keeps a line; failing is its own affair. */
  readonly keep: (record: ExecutionRecord) => void;
  /** A question of the bridge's own was not answered; told once until one is. */
  readonly onTrouble: (error: BridgeError) => void;
}

/** The last question that was not answered; what happened since the answer before may not be known. */
export interface AskFailure {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly error: BridgeError;
}

/** The executions the gateway tells of, whoever asks. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #book: ExecutionBook;
  /** Executions of this run whose commission report is still to come. */
  readonly #awaited = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #source: ExecutionSource | undefined;
  #underWay: Promise<void> | undefined;
  /** Why the last question had no answer: until one has, nobody waits for the next. */
  #failure: BridgeError | undefined;
  #lastFailure: AskFailure | undefined;
  #endTimer: Cancel = () => {};

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#book = options.book;
  }

  /** @returns whether it was a new one: the gateway repeats them to whoever asks. */
  take(execution: Execution): boolean {
    const { execId, time } = execution;
    if (this.#book.has(execId)) return false;
    const at = momentOf(time, this.#source?.wallClockOffset) ?? null;
    const { past } = this.#options;
    if (!past.mayHave(execId)) {
      this.#add(execution, at);
      return true;
    }
    // Some gateways tell of a week, of which most left memory.
    const found = past.find(execId).catch(() => undefined);
    void found.then((known) => known ?? this.#add(execution, at));
    return false;
  }

  takeCommission(commission: Commission): void {
    const isNew = this.#book.addCommission(commission);
    this.#awaited.delete(commission.execId);
    if (isNew) this.#options.keep({ type: 'commission', commission });
    for (const tell of [...this.#watchers]) tell();
  }

  /** Those in memory. */
  get list(): ReportedExecution[] {
    return this.#book.list;
  }

  /** Since when none is missing, milliseconds since 1970; undefined before the first answer to the master client. */
  get completeSince(): number | undefined {
    return this.#book.coverage.covered?.since;
  }

  /** Why the last question was not answered; undefined when it was, or none was asked yet. */
  get lastFailure(): AskFailure | undefined {
    return this.#lastFailure;
  }

  /** A connection is ready: asks on it from now on, at once and then every so often. */
  follow(source: ExecutionSource): void {
    this.#source = source;
    this.#failure = undefined;
    this.#underWay = undefined;
    this.#askAgain();
  }

  /** The connection is gone. */
  unfollow(): void {
    this.#source = undefined;
    this.#endTimer();
  }

  /**
   * Asks the gateway for the day's executions and gives commission reports that are on their way a moment to come.
   * A question that hangs is waited for once, and for a bounded time; while it does, what is known is all there is.
   * @throws BridgeError why what is known may be less than what happened.
   */
  async refresh(): Promise<void> {
    const { clock, timings } = this.#options;
    const asked = this.#ask();
    if (this.#failure) throw this.#failure;
    await within(asked, clock, timings.executions);
    await this.#commissioned(timings.commission);
  }

  /** One question for all who ask while it is under way. */
  #ask(): Promise<void> {
    if (this.#underWay) return this.#underWay;
    const asked = this.#question();
    const over = (failure?: BridgeError) => {
      if (this.#underWay !== asked) return;
      this.#underWay = undefined;
      this.#failure = failure?.code === 'gateway-timeout' ? failure : undefined;
      this.#lastFailure = failure && { at: this.#options.clock.now(), error: failure };
    };
    this.#underWay = asked;
    asked.then(() => over(), over);
    return asked;
  }

  async #question(): Promise<void> {
    const source = this.#source;
    if (!source) throw new BridgeError('gateway-not-ready', 'the gateway cannot be asked now');
    const { clock, timings, masterClientId } = this.#options;
    await source.client.executions({ deadline: timings.request, priority: 'request' });
    if (source.client.clientId === masterClientId) this.#covered(source, clock.now());
  }

  /** Without a clock to go by, an answer is sure of nothing but the moment it came. */
  #covered(source: ExecutionSource, now: number): void {
    const before = this.#book.coverage.covered;
    const { wallClockOffset } = source;
    this.#book.coverage.answered(
      now,
      wallClockOffset === undefined ? now : dayStart(now, wallClockOffset),
      source,
    );
    const after = this.#book.coverage.covered;
    if (!after || (before && after.since === before.since && after.until - before.until < 60_000)) return;
    this.#options.keep({ type: 'covered', ...after });
  }

  #askAgain(): void {
    this.#endTimer();
    const wasWell = this.#lastFailure === undefined;
    this.#ask().catch((error: BridgeError) => {
      // With the session the question is lost too, and that is told already.
      if (wasWell && error.code !== 'session-lost') this.#options.onTrouble(error);
    });
    this.#endTimer = this.#options.clock.after(this.#options.timings.executionsInterval, () =>
      this.#askAgain(),
    );
  }

  #add(execution: Execution, at: number | null): void {
    this.#book.add({ execution, at });
    this.#awaited.add(execution.execId);
    this.#options.keep({ type: 'execution', at, execution });
  }

  #commissioned(deadline: number): Promise<void> {
    if (this.#awaited.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        this.#watchers.delete(tell);
        // One that did not come in time is not waited for again.
        this.#awaited.clear();
        resolve();
      };
      const tell = () => {
        if (this.#awaited.size === 0) finish();
      };
      const cancel: Cancel = this.#options.clock.after(deadline, finish);
      this.#watchers.add(tell);
    });
  }
}
