import { BAR_KINDS, type BarKind } from '../../../../tws/bar-kinds.ts';
import type { Contract } from '../contracts/contract.ts';
import { dollars, halfSpread, worth } from '../market/price.ts';
import { TICK } from '../market/segment.ts';
import type { Stretch } from '../market/stretch.ts';
import type { Day } from '../time/zone.ts';

export function parseKind(text: string): BarKind | undefined {
  return BAR_KINDS.find((kind) => kind === text.toUpperCase());
}

export interface Shape {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly wap: number;
  readonly count: number;
}

/** One underlying trade is this part of an option's: options trade less. */
const OPTION_SHARE = 50_000;
const NO_VOLUME = { volume: -1, wap: -1, count: -1 };

/** One bar of a contract, from what its underlying did. */
export function shape(kind: BarKind, contract: Contract, s: Stretch, day: Day): Shape {
  if (kind === 'HISTORICAL_VOLATILITY' || kind === 'OPTION_IMPLIED_VOLATILITY')
    return volatility(contract, s);
  const value = (ticks: number) => worth(contract, ticks, day);
  const falls = contract.right === 'P';
  const ends = {
    open: value(s.open),
    high: value(falls ? s.low : s.high),
    low: value(falls ? s.high : s.low),
    close: value(s.close),
  };
  const mean = s.volume > 0 ? s.turnover / s.volume : s.close;
  if (kind === 'TRADES' || kind === 'ADJUSTED_LAST') return trades(contract, s, ends, value(mean));
  return { ...quoted(kind, contract, ends, value(mean)), ...NO_VOLUME };
}

interface Ends {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function map(ends: Ends, convert: (ticks: number) => number): Ends {
  const { open, high, low, close } = ends;
  return { open: convert(open), high: convert(high), low: convert(low), close: convert(close) };
}

function trades(contract: Contract, s: Stretch, ends: Ends, mean: number): Shape {
  const thin = contract.secType === 'OPT';
  // To a tenth of a tick, as gateways give it.
  const wap = Math.round((thin ? mean : s.volume > 0 ? s.turnover / s.volume : s.close) * 10) / 1000;
  const volume = thin ? Math.round(s.volume / OPTION_SHARE) : s.volume;
  return { ...map(ends, dollars), volume, wap, count: thin ? Math.min(volume, s.count) : s.count };
}

function quoted(kind: BarKind, contract: Contract, ends: Ends, mean: number): Ends {
  const bid = (ticks: number) => dollars(Math.max(1, ticks - halfSpread(contract, ticks)));
  const ask = (ticks: number) => dollars(ticks + halfSpread(contract, ticks));
  if (kind === 'BID') return map(ends, bid);
  if (kind === 'ASK') return map(ends, ask);
  // The API's own use of a bar for both sides: average bid, highest ask, lowest bid, average ask.
  if (kind === 'BID_ASK')
    return { open: bid(mean), high: ask(ends.high), low: bid(ends.low), close: ask(mean) };
  return map(ends, dollars);
}

/** Volatility falls as the price rises. */
function volatility(contract: Contract, s: Stretch): Shape {
  const { instrument } = contract;
  const at = (ticks: number) =>
    Math.round(instrument.volatility * (instrument.price / (ticks * TICK)) * 1e6) / 1e6;
  return { open: at(s.open), high: at(s.low), low: at(s.high), close: at(s.close), ...NO_VOLUME };
}
