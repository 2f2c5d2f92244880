import type { Bar, HistoryQuery } from '../client/history-types.ts';
import type { CallOptions, GatewayClient } from '../client/types.ts';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { DiskCache } from './disk-cache.ts';
import { dayAt, daysBetween, nextDay, startOf } from './exchange-time.ts';
import {
  type HistoryRequest,
  isWithin,
  keyOf,
  MOST_REQUESTS,
  min,
  outOfTime,
  type Plan,
  requestsOfRun,
  tooLong,
  utcText,
} from './history-parts.ts';
import { BAR_SIZES, durationOf, isIntraday, runsOf, type Unit, unitsOf } from './history-plan.ts';
import { KeptAnswers } from './kept.ts';
import { knownZone } from './zones.ts';

export { BAR_KINDS } from '../../../../tws/bar-kinds.ts';
export type { HistoryRequest } from './history-parts.ts';

export interface HistoryOptions {
  readonly clock: Clock;
  readonly timings: Timings;
  readonly disk: Pick<DiskCache, 'get' | 'put'>;
  /** A connection for bulk data. @throws BridgeError `gateway-not-ready`. */
  readonly client: () => GatewayClient;
}

/** Milliseconds for which IBKR refuses the same request: it gets the same answer here. */
const IDENTICAL = 15_500;
const KEPT_ANSWERS = 20;

/**
 * Historical bars: long ranges are split into what one request takes and stitched together, and what lies in days
 * (or years, for bars of days) that are over is kept on the disk. A range that ran out of time goes on from there.
 */
export class HistoricalData {
  readonly #options: HistoryOptions;
  readonly #answers: KeptAnswers<Bar[]>;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#answers = new KeptAnswers(options.clock, IDENTICAL, KEPT_ANSWERS);
  }

  /**
   * The bars that begin in a range, oldest first.
   * @throws BridgeError `history-range-too-long`; `pacing-exhausted` at once when IBKR's rules would take longer
   * than the deadline; and as every request does.
   */
  async bars(request: HistoryRequest): Promise<Bar[]> {
    const plan = this.#plan(request);
    const units = unitsOf(plan.first, plan.last < plan.today ? plan.last : plan.today, plan.barSize);
    const found = new Map<string, readonly Bar[]>();
    for (const unit of units) {
      const kept = this.#isLasting(unit, plan) ? await this.#options.disk.get(keyOf(unit, plan)) : undefined;
      if (kept) found.set(unit.key, kept as Bar[]);
    }
    await this.#fetch(
      runsOf(
        units.filter(({ key }) => !found.has(key)),
        plan.barSize,
      ),
      plan,
      found,
    );
    return units
      .flatMap(({ key }) => found.get(key) ?? [])
      .filter((bar) => isWithin(bar, plan.first, plan.last, plan.timeZone));
  }

  #plan(request: HistoryRequest): Plan {
    const { clock, timings } = this.#options;
    const timeZone = knownZone(request.details.timeZone);
    const today = dayAt(clock.now(), timeZone);
    return { ...request, timeZone, today, until: clock.monotonic() + timings.history };
  }

  async #fetch(runs: readonly Unit[][], plan: Plan, found: Map<string, readonly Bar[]>): Promise<void> {
    if (runs.length === 0) return;
    if (runs.length * requestsOfRun(plan) > MOST_REQUESTS) throw tooLong(runs.length * requestsOfRun(plan));
    this.#requireBudget(runs, plan);
    for (const run of runs) {
      const bars = await this.#barsOf(run, plan);
      for (const unit of run) {
        const own = bars.filter((bar) => isWithin(bar, unit.first, unit.last, plan.timeZone));
        found.set(unit.key, own);
        // No bar at all may mean that the service fails; with others around, there was no trading.
        if (bars.length > 0 && this.#isLasting(unit, plan))
          await this.#options.disk.put(keyOf(unit, plan), own);
      }
    }
  }

  #requireBudget(runs: readonly Unit[][], plan: Plan): void {
    const wait = this.#options.client().historyWait(runs.map((run) => this.#queryOf(run, plan)));
    if (wait <= this.#options.timings.history) return;
    const seconds = Math.ceil(wait / 1_000);
    const text = `${runs.length} requests for historical data would take ${seconds} s`;
    throw new BridgeError('pacing-exhausted', text, {
      retryAfterSeconds: seconds - Math.floor(this.#options.timings.history / 1_000),
      hint: 'IBKR allows 60 requests for historical data in ten minutes. What was fetched is kept: ask again then, or for less.',
    });
  }

  async #barsOf(run: readonly Unit[], plan: Plan): Promise<Bar[]> {
    const size = BAR_SIZES[plan.barSize];
    if ('days' in size) return this.#ask(this.#queryOf(run, plan), plan);
    return this.#walk(run, size.seconds, plan);
  }

  /** Backwards through a day in steps of so many seconds, over the hours without trading at once. */
  async #walk(run: readonly Unit[], seconds: number, plan: Plan): Promise<Bar[]> {
    const begin = startOf(run[0]?.first ?? plan.first, plan.timeZone);
    const found: Bar[] = [];
    let query: HistoryQuery | undefined = this.#queryOf(run, plan);
    while (query) {
      const bars = await this.#ask(query, plan);
      const oldest = bars[0]?.time;
      const before = Number(found[0]?.time ?? Number.POSITIVE_INFINITY);
      found.unshift(...bars.filter(({ time }) => Number(time) < before));
      const goesOn = typeof oldest === 'number' && oldest * 1_000 > begin;
      query = goesOn ? { ...query, end: utcText(oldest * 1_000), duration: `${seconds} S` } : undefined;
    }
    return found;
  }

  #queryOf(run: readonly Unit[], plan: Plan): HistoryQuery {
    const [first, last] = [run[0]?.first ?? plan.first, run.at(-1)?.last ?? plan.last];
    const size = BAR_SIZES[plan.barSize];
    const { details, barSize, what, useRth } = plan;
    return {
      contract: details.contract,
      end: last < plan.today ? utcText(startOf(nextDay(last), plan.timeZone)) : '',
      duration:
        'seconds' in size ? `${size.seconds} S` : durationOf(daysBetween(first, min(last, plan.today))),
      barSize,
      what,
      useRth,
    };
  }

  async #ask(query: HistoryQuery, plan: Plan): Promise<Bar[]> {
    const { client, clock } = this.#options;
    const deadline = plan.until - clock.monotonic();
    if (deadline <= 0) throw outOfTime(this.#options.timings.history);
    const options: CallOptions = { deadline, priority: 'request' };
    const key = JSON.stringify([query.contract.conId, query]);
    return this.#answers.get(key, () => client().history(query, options));
  }

  /** Whether it can be kept: every dividend changes all adjusted prices before it. */
  #isLasting({ last }: Unit, { today, barSize, what }: Plan): boolean {
    return last < today && what !== 'ADJUSTED_LAST' && (isIntraday(barSize) || barSize === '1 day');
  }
}
