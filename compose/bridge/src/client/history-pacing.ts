import type { Cancel, Clock } from '../clock.ts';
import { type HistoryLog, NO_HISTORY_LOG } from './history-log.ts';
import {
  type Demand,
  demandOf,
  demandOnly,
  earliest,
  type HistoryLimits,
  IBKR_HISTORY_LIMITS,
  type Sent,
} from './history-rules.ts';
import type { HistoryQuery } from './history-types.ts';
import { exhausted, type PacingBudget } from './pacing.ts';
import type { Priority } from './types.ts';

interface Waiting extends Demand {
  readonly priority: Priority;
  readonly send: () => void;
  handOver: Cancel;
}

/**
 * The budget for historical data, in front of the one for all messages. One request at a time is handed over, and
 * counts from the moment it really went out: otherwise a wait there could bunch up what was spread here.
 */
export class HistoryBudget {
  readonly #clock: Clock;
  readonly #messages: PacingBudget;
  readonly #log: HistoryLog;
  readonly #limits: HistoryLimits;
  #sent: Sent[] = [];
  readonly #queue = new Set<Waiting>();
  #handedOver: Waiting | undefined;
  #wake: Cancel = () => {};

  constructor(
    clock: Clock,
    messages: PacingBudget,
    log: HistoryLog = NO_HISTORY_LOG,
    limits: HistoryLimits = IBKR_HISTORY_LIMITS,
  ) {
    this.#clock = clock;
    this.#messages = messages;
    this.#log = log;
    this.#limits = limits;
    this.#sent = this.#remembered();
  }

  /** The budget as a request for these bars sees it. */
  of(query: HistoryQuery): Pick<PacingBudget, 'enqueue'> {
    const demand = demandOf(query);
    return {
      enqueue: (priority, deadline, send) => this.#enqueue(demand, priority, deadline, send),
    };
  }

  /**
   * Milliseconds until the last of these could go out, if all came now.
   * Each is taken to go as soon as the rules allow, after those that wait already.
   */
  waitFor(queries: readonly HistoryQuery[]): number {
    return this.#waitFor(queries.map(demandOf));
  }

  #enqueue(demand: Demand, priority: Priority, deadline: number, send: () => void): Cancel {
    this.#messages.require(priority, deadline);
    const wait = this.#waitFor([demand]);
    if (wait > deadline) throw exhausted(wait);
    const waiting: Waiting = { ...demand, priority, send, handOver: () => {} };
    this.#queue.add(waiting);
    this.#pump();
    return () => this.#withdraw(waiting);
  }

  #waitFor(demands: readonly Demand[]): number {
    const now = this.#clock.monotonic();
    const log = [...this.#sent];
    let last = now;
    for (const demand of [...this.#queue, ...demands]) {
      last = earliest(demand, log, now, this.#limits);
      log.push({ ...demand, at: last });
      log.sort((left, right) => left.at - right.at);
    }
    return last - now;
  }

  /** Hands over the first that the rules allow now, or wakes up when they allow one. */
  #pump(): void {
    if (this.#handedOver || this.#queue.size === 0) return;
    const now = this.#clock.monotonic();
    this.#sent = this.#sent.filter(({ at }) => at > now - this.#limits.window);
    const slots = [...this.#queue].map((waiting) => ({
      waiting,
      at: earliest(waiting, this.#sent, now, this.#limits),
    }));
    const free = slots.find(({ at }) => at <= now);
    this.#wake();
    if (free) {
      this.#hand(free.waiting);
      return;
    }
    const next = Math.min(...slots.map(({ at }) => at));
    this.#wake = this.#clock.after(Math.ceil(next - now), () => this.#pump());
  }

  #hand(waiting: Waiting): void {
    this.#handedOver = waiting;
    // Its own deadline is kept by the request, which withdraws it.
    waiting.handOver = this.#messages.enqueue(waiting.priority, Number.POSITIVE_INFINITY, () => {
      this.#count(waiting);
      this.#queue.delete(waiting);
      this.#handedOver = undefined;
      waiting.send();
      this.#pump();
    });
  }

  #count(demand: Demand): void {
    this.#sent.push({ ...demandOnly(demand), at: this.#clock.monotonic() });
    const behind = this.#clock.now() - this.#clock.monotonic();
    this.#log.save(this.#sent.map((sent) => ({ ...sent, at: sent.at + behind })));
  }

  /** What an earlier process sent. A system clock that was set back since makes none of it later than now. */
  #remembered(): Sent[] {
    const ahead = this.#clock.monotonic() - this.#clock.now();
    const now = this.#clock.monotonic();
    return this.#log
      .load()
      .map((sent) => ({ ...sent, at: Math.min(now, sent.at + ahead) }))
      .filter(({ at }) => at > now - this.#limits.window)
      .sort((left, right) => left.at - right.at);
  }

  #withdraw(waiting: Waiting): void {
    if (!this.#queue.delete(waiting)) return;
    waiting.handOver();
    if (this.#handedOver === waiting) this.#handedOver = undefined;
    this.#pump();
  }
}
