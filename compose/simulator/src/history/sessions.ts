import type { Part } from '../market/segment.ts';
import { closeOf, isTradingDay, OPEN, PRE_OPEN, postCloseOf, tradingDayUpTo } from '../time/calendar.ts';
import { type Day, dateOf, dayOf, toEastern } from '../time/zone.ts';
import type { Duration } from './sizes.ts';

/** A trading day, or the part of one, that a query covers; seconds since its midnight. */
export interface Span {
  readonly day: Day;
  readonly from: number;
  readonly to: number;
}

/** The parts of a day that bars are made of. */
export function partsOf(useRTH: boolean): readonly Part[] {
  return useRTH ? ['regular'] : ['pre', 'regular', 'post'];
}

/** A trading day whole. */
export function spanOf(day: Day, useRTH: boolean): Span {
  return useRTH ? { day, from: OPEN, to: closeOf(day) } : { day, from: PRE_OPEN, to: postCloseOf(day) };
}

function firstDay(last: Day, { count, unit }: Duration): Day {
  const { year, month, date } = dateOf(last);
  if (unit === 'W') return last - 7 * count + 1;
  if (unit === 'M') return dayOf(year, month - count, date) + 1;
  if (unit === 'Y') return dayOf(year - count, month, date) + 1;
  let day = last;
  for (let left = count - 1; left > 0; left -= 1) day = tradingDayUpTo(day - 1);
  return day;
}

/**
 * The trading time a query covers, oldest first: so many seconds of trading, trading days, or calendar weeks,
 * months and years, up to `end`.
 * @param end milliseconds since 1970; trading still going on then is cut there
 */
export function spans(end: number, duration: Duration, useRTH: boolean): Span[] {
  const { day: wallDay, second } = toEastern(end);
  // Bars are made of whole seconds.
  const wall = { day: wallDay, second: Math.floor(second) };
  const started = isTradingDay(wall.day) && wall.second > spanOf(wall.day, useRTH).from;
  const last = started ? wall.day : tradingDayUpTo(wall.day - 1);
  const cut = (span: Span) =>
    span.day === wall.day ? { ...span, to: Math.min(span.to, wall.second) } : span;
  if (duration.unit === 'S') return secondsBack(last, duration.count, useRTH, cut);
  const found: Span[] = [];
  for (let day = firstDay(last, duration); day <= last; day += 1) {
    if (isTradingDay(day)) found.push(cut(spanOf(day, useRTH)));
  }
  return found;
}

function secondsBack(last: Day, count: number, useRTH: boolean, cut: (span: Span) => Span): Span[] {
  const found: Span[] = [];
  let left = count;
  for (let day = last; left > 0; day = tradingDayUpTo(day - 1)) {
    const span = cut(spanOf(day, useRTH));
    const from = Math.max(span.from, span.to - left);
    found.unshift({ ...span, from });
    left -= span.to - from;
  }
  return found;
}
