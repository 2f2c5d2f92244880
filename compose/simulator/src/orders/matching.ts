import type { Quote } from '../market/market.ts';
import { direction, type Order, remaining } from './order.ts';

/** What a look at the market does to an order. */
export type Outcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'triggered' }
  | { readonly kind: 'fill'; readonly price: number; readonly shares: number };

const NOTHING: Outcome = { kind: 'nothing' };
/** An order larger than what is shown takes at least this part of itself at once, so that none fills for hours. */
const LEAST_PART = 0.25;

/** The order types that are matched here, as clients spell them. */
export const ORDER_TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT'] as const;

const STOPS = new Set(['STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT']);
const TOUCHES = new Set(['MIT', 'LIT']);
const LIMITED = new Set(['LMT', 'STP LMT', 'TRAIL LIMIT', 'LIT']);

/** Decides what an order that works does at a quote. Changes nothing. */
export function match(order: Order, quote: Quote): Outcome {
  if (isStop(order) && !order.triggered) return isReached(order, quote) ? { kind: 'triggered' } : NOTHING;
  const buys = direction(order) > 0;
  const price = buys ? quote.ask : quote.bid;
  const limit = limitOf(order);
  if (limit !== undefined && (buys ? price > limit : price < limit)) return NOTHING;
  const shown = buys ? quote.askSize : quote.bidSize;
  return { kind: 'fill', price, shares: sharesAt(order, shown) };
}

/** An order that waits for a price before it works. */
export function isStop(order: Order): boolean {
  return STOPS.has(order.request.orderType) || TOUCHES.has(order.request.orderType);
}

function sharesAt(order: Order, shown: number): number {
  const left = remaining(order);
  if (order.request.allOrNone || order.request.tif === 'FOK') return left;
  return Math.min(left, Math.max(shown, Math.ceil(order.request.totalQuantity * LEAST_PART)));
}

function limitOf(order: Order): number | undefined {
  return LIMITED.has(order.request.orderType) ? order.request.lmtPrice : undefined;
}

/** Whether the price that wakes the order was reached: stops by a worse price, if-touched orders by a better one. */
function isReached(order: Order, quote: Quote): boolean {
  const stop = stopPrice(order);
  if (stop === undefined) return false;
  const risesTo = direction(order) > 0 !== TOUCHES.has(order.request.orderType);
  return risesTo ? quote.last >= stop : quote.last <= stop;
}

/** The price that wakes a stop: given, or for a trailing stop derived from the best price since it was placed. */
export function stopPrice(order: Order): number | undefined {
  const { orderType, auxPrice, trailStopPrice, trailingPercent } = order.request;
  if (!orderType.startsWith('TRAIL')) return auxPrice;
  if (order.trail === undefined) return trailStopPrice;
  const away = trailingPercent === undefined ? (auxPrice ?? 0) : (order.trail * trailingPercent) / 100;
  return order.trail + direction(order) * away;
}

/** The best price a trailing stop has seen, this quote included. */
export function trailed(order: Order, quote: Quote): number | undefined {
  if (!order.request.orderType.startsWith('TRAIL')) return undefined;
  const best = direction(order) > 0 ? Math.min : Math.max;
  return order.trail === undefined ? quote.last : best(order.trail, quote.last);
}
