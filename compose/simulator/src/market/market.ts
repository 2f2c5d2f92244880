import type { Contract } from '../contracts/contract.ts';
import { hashOf, unit } from '../random.ts';
import { closeOf, postCloseOf, previousTradingDay } from '../time/calendar.ts';
import { type Day, fromEastern } from '../time/zone.ts';
import { dollars, halfSpread, worth } from './price.ts';
import { type Part, partAt, type Segment, segment } from './segment.ts';
import { between, leafAt } from './stretch.ts';

/** `always`: trades at any hour, nights and weekends too. `exchange`: as the exchange's calendar says. */
export type Hours = 'always' | 'exchange';

/** What a contract is quoted at. US dollars and shares or contracts; `open` to `close` are the day's so far. */
export interface Quote {
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** The previous trading day's. */
  readonly close: number;
  readonly volume: number;
}

type PricesOfSecond = Omit<Quote, 'time' | 'bidSize' | 'askSize' | 'lastSize'>;

/** How many contracts' last second is kept. */
const KEPT = 4096;

/** The prices of everything, at every moment: a pure function of the seed, the contract and the time. */
export class Market {
  readonly seed: number;
  readonly hours: Hours;

  /** How often quotes change, milliseconds. */
  readonly tickMs: number;

  readonly #kept = new Map<number, { readonly second: number; readonly prices: PricesOfSecond }>();

  constructor(seed: number, hours: Hours, tickMs: number) {
    this.seed = seed;
    this.hours = hours;
    this.tickMs = tickMs;
  }

  /** Whether orders fill at this moment. */
  isOpen(ms: number, outsideRth: boolean): boolean {
    if (this.hours === 'always') return true;
    const { part } = partAt(ms);
    return part === 'regular' || (outsideRth && part !== 'night');
  }

  /** The moment whose prices show at `ms`: the last one before the market closed, while it is closed. */
  shownAt(ms: number): number {
    const { day, part } = partAt(ms);
    if (this.hours === 'always' || part !== 'night') return ms;
    return fromEastern(day, postCloseOf(day) - 1);
  }

  segment(contract: Contract, day: Day, part: Part): Segment {
    return segment(this.seed, contract.instrument, day, part);
  }

  /** The price of the underlying instrument at a moment, in ticks, and the trading day it belongs to. */
  underlying(contract: Contract, ms: number): { ticks: number; day: Day } {
    const { day, part, second } = partAt(this.shownAt(ms));
    return { ticks: leafAt(this.segment(contract, day, part), Math.floor(second)).close, day };
  }

  /** The middle of the market, US dollars. */
  price(contract: Contract, ms: number): number {
    return this.#during(contract, ms).last;
  }

  quote(contract: Contract, ms: number): Quote {
    return {
      ...this.#during(contract, ms),
      time: ms,
      bidSize: this.size(contract, ms, 1),
      askSize: this.size(contract, ms, 2),
      lastSize: this.size(contract, ms, 3),
    };
  }

  /** What holds for the whole second a moment falls into; each contract's last one is kept. */
  #during(contract: Contract, ms: number): PricesOfSecond {
    const second = Math.floor(ms / 1000);
    const kept = this.#kept.get(contract.conId);
    if (kept?.second === second) return kept.prices;
    const prices = this.#prices(contract, ms);
    if (this.#kept.size >= KEPT) this.#kept.clear();
    this.#kept.set(contract.conId, { second, prices });
    return prices;
  }

  #prices(contract: Contract, ms: number): PricesOfSecond {
    const { ticks, day } = this.underlying(contract, ms);
    const price = worth(contract, ticks, day);
    const half = halfSpread(contract, price);
    return {
      ...this.#soFar(contract, this.shownAt(ms)),
      bid: dollars(Math.max(1, price - half)),
      ask: dollars(price + half),
      last: dollars(price),
    };
  }

  /** How much stands at a price: round lots for shares, a few for options. Changes every second tick. */
  size(contract: Contract, ms: number, key: number): number {
    const lots =
      1 + Math.floor(9 * unit(hashOf(this.seed, contract.conId, Math.floor(ms / (2 * this.tickMs)), key)));
    return contract.secType === 'OPT' ? lots * 3 : lots * 100;
  }

  /** The day so far. Before the regular session, the one before counts on. */
  #soFar(contract: Contract, ms: number) {
    const at = partAt(ms);
    const day = at.part === 'pre' ? previousTradingDay(at.day) : at.day;
    const until = at.part === 'regular' ? Math.floor(at.second) + 1 : closeOf(day);
    const root = this.segment(contract, day, 'regular');
    const sofar = between(root, root.from, until) ?? root;
    const before = this.segment(contract, previousTradingDay(day), 'regular');
    const of = (ticks: number, on: Day) => dollars(worth(contract, ticks, on));
    const put = contract.right === 'P';
    return {
      open: of(sofar.open, day),
      high: of(put ? sofar.low : sofar.high, day),
      low: of(put ? sofar.high : sofar.low, day),
      close: of(before.close, before.day),
      volume: contract.secType === 'OPT' ? Math.round(sofar.volume / 50_000) : sofar.volume,
    };
  }
}
