import type { Market } from '../market/market.ts';
import { closeOf, isTradingDay, nextTradingDay, postCloseOf } from '../time/calendar.ts';
import { parseTime } from '../time/format.ts';
import { DAY_SECONDS, fromEastern, toEastern } from '../time/zone.ts';
import type { Order } from './order.ts';

/** When an order ends by itself, milliseconds since 1970; undefined when it doesn't. */
export function expiryOf(order: Order, market: Market): number | undefined {
  const { tif, goodTillDate } = order.request;
  if (tif === 'GTD') return parseTime(goodTillDate);
  if (tif === 'GTC' || tif === 'IOC' || tif === 'FOK') return undefined;
  return endOfDay(order, market);
}

/** Where it always trades, a day order lives this long at least, seconds: one placed just before midnight is no surprise. */
const LEAST = 12 * 3600;

/** A day order placed after the close lives through the next trading day; where it always trades, to a midnight. */
function endOfDay(order: Order, market: Market): number {
  const placed = toEastern(order.placedAt);
  if (market.hours === 'always') {
    const days = DAY_SECONDS - placed.second >= LEAST ? 1 : 2;
    return fromEastern(placed.day + days, 0);
  }
  const end = order.request.outsideRth ? postCloseOf : closeOf;
  const today = isTradingDay(placed.day) && placed.second < end(placed.day);
  const day = today ? placed.day : nextTradingDay(placed.day);
  return fromEastern(day, end(day));
}
