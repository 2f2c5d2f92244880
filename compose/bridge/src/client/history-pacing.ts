import type { Cancel, Clock } from '../clock.ts';
import type { HistoryQuery } from './history-types.ts';
import { exhausted, type PacingBudget } from './pacing.ts';
import type { Priority } from './types.ts';

/** IBKR's rules for historical data, in milliseconds; each a little stricter than the gateway counts. */
export interface HistoryLimits {
  /** Weight of requests within `window`; BID_ASK weighs two. */
  readonly most: number;
  readonly window: number;
  /** The same request again. */
  readonly identical: number;
  /** Requests for one contract within `burstWindow`. */
  readonly burst: number;
  readonly burstWindow: number;
}

export const IBKR_HISTORY_LIMITS: HistoryLimits = {
  most: 58,
  window: 601_000,
  identical: 15_500,
  burst: 5,
  burstWindow: 2_250,
};

/** What the rules look at. */
interface Demand {
  readonly identity: string;
  readonly contract: string;
  readonly weight: number;
}

interface Sent extends Demand {
  readonly at: number;
}

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
  readonly #limits: HistoryLimits;
  #sent: Sent[] = [];
  readonly #queue = new Set<Waiting>();
  #handedOver: Waiting | undefined;
  #wake: Cancel = () => {};

  constructor(clock: Clock, messages: PacingBudget, limits: HistoryLimits = IBKR_HISTORY_LIMITS) {
    this.#clock = clock;
    this.#messages = messages;
    this.#limits = limits;
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
      last = this.#earliest(demand, log, now);
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
      at: this.#earliest(waiting, this.#sent, now),
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
      this.#sent.push({ ...demandOnly(waiting), at: this.#clock.monotonic() });
      this.#queue.delete(waiting);
      this.#handedOver = undefined;
      waiting.send();
      this.#pump();
    });
  }

  #withdraw(waiting: Waiting): void {
    if (!this.#queue.delete(waiting)) return;
    waiting.handOver();
    if (this.#handedOver === waiting) this.#handedOver = undefined;
    this.#pump();
  }

  /** The first moment from `now` on at which a request keeps every rule, given what went out before. */
  #earliest(demand: Demand, log: readonly Sent[], now: number): number {
    let at = now;
    for (;;) {
      const later = Math.max(
        this.#afterIdentical(demand, log, at),
        this.#afterBurst(demand, log, at),
        this.#afterWindow(demand, log, at),
      );
      if (later <= at) return at;
      at = later;
    }
  }

  #afterIdentical({ identity }: Demand, log: readonly Sent[], at: number): number {
    const last = log.findLast((sent) => sent.identity === identity);
    return last ? Math.max(at, last.at + this.#limits.identical) : at;
  }

  #afterBurst({ contract }: Demand, log: readonly Sent[], at: number): number {
    const { burst, burstWindow } = this.#limits;
    const before = log.filter((sent) => sent.contract === contract && sent.at > at - burstWindow);
    const oldest = before.at(-burst);
    return oldest ? oldest.at + burstWindow : at;
  }

  #afterWindow({ weight }: Demand, log: readonly Sent[], at: number): number {
    const { most, window } = this.#limits;
    const within = log.filter((sent) => sent.at > at - window);
    let left = within.reduce((sum, sent) => sum + sent.weight, weight) - most;
    if (left <= 0) return at;
    for (const sent of within) {
      left -= sent.weight;
      if (left <= 0) return sent.at + window;
    }
    return at + window;
  }
}

/** What IBKR takes for the same request, and for the same contract. */
function demandOf({ contract, what, ...query }: HistoryQuery): Demand {
  const name = `${contract.conId}/${contract.exchange}`;
  return {
    identity: [name, what, query.end, query.duration, query.barSize, query.useRth].join('/'),
    contract: name,
    weight: what === 'BID_ASK' ? 2 : 1,
  };
}

function demandOnly({ identity, contract, weight }: Demand): Demand {
  return { identity, contract, weight };
}
