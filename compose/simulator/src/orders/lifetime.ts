import type { Market } from '../market/market.ts';
import { closeOf, isTradingDay, nextTradingDay, postCloseOf } from '../time/calendar.ts';
import { parseTime } from '../time/format.ts';
import { fromEastern, toEastern } from '../time/zone.ts';
import type { Order } from './order.ts';

/** When an order ends by itself, milliseconds since 1970; undefined when it doesn't. */
export function expiryOf(order: Order, market: Market): number | undefined {
  const { tif, goodTillDate } = order.request;
  if (tif === 'GTD') return parseTime(goodTillDate);
  if (tif === 'GTC' || tif === 'IOC' || tif === 'FOK') return undefined;
  return endOfDay(order, market);
}

/** A day order placed after the close lives through the next trading day. Where it always trades, days end at midnight. */
function endOfDay(order: Order, market: Market): number {
  const placed = toEastern(order.placedAt);
  if (market.hours === 'always') return fromEastern(placed.day + 1, 0);
  const end = order.request.outsideRth ? postCloseOf : closeOf;
  const today = isTradingDay(placed.day) && placed.second < end(placed.day);
  const day = today ? placed.day : nextTradingDay(placed.day);
  return fromEastern(day, end(day));
}
