import type { Contract } from '../contracts/contract.ts';
import { hashOf, unit } from '../random.ts';
import { previousTradingDay } from '../time/calendar.ts';
import type { Day } from '../time/zone.ts';
import type { Market, Quote } from './market.ts';
import { dollars } from './price.ts';
import { partAt } from './segment.ts';
import type { Tick } from './ticks.ts';

/** What the ticks of a generic tick number are made of. */
interface Source {
  readonly market: Market;
  readonly contract: Contract;
  readonly quote: Quote;
  /** The trading day. */
  readonly day: Day;
}

const generic = (type: number, value: number): Tick => ({ kind: 'generic', type, value });
const size = (type: number, value: number): Tick => ({ kind: 'size', type, size: value });
const price = (type: number, value: number): Tick => ({ kind: 'price', type, price: value, size: 0 });
const text = (type: number, value: string): Tick => ({ kind: 'string', type, value });

/** So many shares or contracts, the same all day. */
function daily({ market, contract, day }: Source, key: number, most: number): number {
  return Math.round(most * (0.5 + unit(hashOf(market.seed, contract.instrument.index, day, key)) / 2));
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

/** The numbers a stock or an option takes, and the ticks each brings (IBKR's list of generic tick types). */
const GENERIC: Readonly<Record<string, (source: Source) => Tick[]>> = {
  100: (s) => [size(29, daily(s, 29, 90_000)), size(30, daily(s, 30, 70_000))],
  101: (s) => [size(27, daily(s, 27, 900_000)), size(28, daily(s, 28, 800_000))],
  104: ({ contract }) => [generic(23, contract.instrument.volatility)],
  105: (s) => [size(87, daily(s, 87, 500_000))],
  106: ({ contract }) => [generic(24, rounded(contract.instrument.volatility * 1.05))],
  165: extremes,
  221: ({ quote }) => [price(37, quote.last)],
  225: () => [],
  232: ({ quote }) => [price(37, quote.last)],
  233: ({ quote }) => [text(48, tradeText(quote))],
  236: (s) => [generic(46, 3), size(89, daily(s, 89, 20_000_000))],
  258: () => [],
  292: () => [],
  293: ({ quote }) => [generic(54, Math.round(quote.volume / 110))],
  294: (s) => [generic(55, daily(s, 55, 900))],
  295: (s) => [generic(56, daily(s, 56, 90_000))],
  318: ({ quote }) => [price(57, quote.last)],
  375: ({ quote }) => [text(77, tradeText(quote))],
  411: ({ contract }) => [generic(58, contract.instrument.volatility)],
  456: () => [text(59, ',,,')],
};

/** `price;size;milliseconds;volume;average;single` */
function tradeText({ last, lastSize, time, volume, high, low }: Quote): string {
  return `${last};${lastSize};${time};${volume};${rounded((high + low + last) / 3)};true`;
}

/** Lows and highs of 13, 26 and 52 weeks, and the usual volume. */
function extremes({ market, contract, day }: Source): Tick[] {
  const ticks: Tick[] = [];
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let at = day;
  const types: Readonly<Record<number, number>> = { 63: 15, 126: 17, 252: 19 };
  for (let days = 1; days <= 252; days += 1) {
    at = previousTradingDay(at);
    const session = market.segment(contract, at, 'regular');
    low = Math.min(low, session.low);
    high = Math.max(high, session.high);
    const type = types[days];
    if (type) ticks.push(price(type, dollars(low)), price(type + 1, dollars(high)));
  }
  return [...ticks, size(21, contract.instrument.volume)];
}

/** The numbers of a generic tick list; `292:BRFG` names a provider behind its number. */
export function parseGeneric(list: string): string[] {
  return list
    .split(',')
    .map((one) => one.trim().split(':')[0] ?? '')
    .filter((one) => one !== '' && one !== 'mdoff');
}

/** The first number of a list that there isn't. */
export function unknownGeneric(numbers: readonly string[]): string | undefined {
  return numbers.find((one) => !Object.hasOwn(GENERIC, one));
}

export function legalGeneric(): string {
  return Object.keys(GENERIC).join(',');
}

export function genericTicks(
  market: Market,
  contract: Contract,
  quote: Quote,
  numbers: readonly string[],
): Tick[] {
  const source = { market, contract, quote, day: partAt(quote.time).day };
  return numbers.flatMap((one) => GENERIC[one]?.(source) ?? []);
}
