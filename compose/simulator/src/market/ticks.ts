import type { Quote } from './market.ts';

/** A value of a market data line: a tick type of the API, and what it is. */
export type Tick =
  | { readonly kind: 'price'; readonly type: number; readonly price: number; readonly size: number }
  | { readonly kind: 'size'; readonly type: number; readonly size: number }
  | { readonly kind: 'generic'; readonly type: number; readonly value: number }
  | { readonly kind: 'string'; readonly type: number; readonly value: string };

/** Numbers of the tick types, live and delayed. */
interface Numbers {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly close: number;
  readonly open: number;
  readonly time: number;
}

const LIVE: Numbers = {
  bidSize: 0,
  bid: 1,
  ask: 2,
  askSize: 3,
  last: 4,
  lastSize: 5,
  high: 6,
  low: 7,
  volume: 8,
  close: 9,
  open: 14,
  time: 45,
};

const DELAYED: Numbers = {
  bid: 66,
  ask: 67,
  last: 68,
  bidSize: 69,
  askSize: 70,
  lastSize: 71,
  high: 72,
  low: 73,
  volume: 74,
  close: 75,
  open: 76,
  time: 88,
};

/**
 * A quote as the ticks of a market data line. A size comes with its price and by itself: clients read one or the
 * other (@stoqey/ib drops the one in the price).
 */
export function ticksOf(quote: Quote, delayed: boolean): Tick[] {
  const n = delayed ? DELAYED : LIVE;
  const price = (type: number, value: number, size = 0): Tick => ({
    kind: 'price',
    type,
    price: value,
    size,
  });
  const size = (type: number, value: number): Tick => ({ kind: 'size', type, size: value });
  return [
    price(n.bid, quote.bid, quote.bidSize),
    size(n.bidSize, quote.bidSize),
    price(n.ask, quote.ask, quote.askSize),
    size(n.askSize, quote.askSize),
    { kind: 'string', type: n.time, value: String(Math.floor(quote.time / 1000)) },
    price(n.last, quote.last, quote.lastSize),
    size(n.lastSize, quote.lastSize),
    size(n.volume, quote.volume),
    price(n.high, quote.high),
    price(n.low, quote.low),
    price(n.close, quote.close),
    price(n.open, quote.open),
  ];
}

/** What tells whether a tick has changed since it was last sent. */
export function keyOf(tick: Tick): string {
  return `${tick.kind}${tick.type}`;
}

export function textOf(tick: Tick): string {
  if (tick.kind === 'price') return `${tick.price}/${tick.size}`;
  return String(tick.kind === 'size' ? tick.size : tick.value);
}
