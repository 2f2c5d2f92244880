import { isTradingDay, tradingDayUpTo } from '../time/calendar.ts';
import { type Day, dateOf, nthWeekday, weekday } from '../time/zone.ts';
import type { Instrument } from './instruments.ts';

const WEEKLIES = 8;
const MONTHLIES = 12;
const LEAP_YEARS = 2;
const FRIDAY = 5;
/** How far strikes reach from the usual price, as a fraction. */
const REACH = 0.5;

/** The last trading day of a week whose Friday this is. */
function lastTradingDay(friday: Day): Day {
  return tradingDayUpTo(friday);
}

function thirdFriday(year: number, month: number): Day {
  return nthWeekday(year, month, FRIDAY, 3);
}

/**
 * The expirations that are listed on a day, in order: weeklies, monthlies (third Fridays) and January cycles, each
 * moved to the day before where the Friday is a holiday. Today's own are listed while today trades.
 */
export function expirations(today: Day): Day[] {
  const { year, month } = dateOf(today);
  const friday = today + ((FRIDAY - weekday(today) + 7) % 7);
  const weeklies = Array.from({ length: WEEKLIES }, (_, i) => friday + 7 * i);
  const monthlies = Array.from({ length: MONTHLIES }, (_, i) => thirdFriday(year, month + i));
  const leaps = Array.from({ length: LEAP_YEARS }, (_, i) => thirdFriday(year + 1 + i, 1));
  const all = [...weeklies, ...monthlies, ...leaps].map(lastTradingDay).filter((day) => day >= today);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** True for a day on which an option may expire. */
export function isExpiration(day: Day): boolean {
  if (!isTradingDay(day)) return false;
  const friday = day + ((FRIDAY - weekday(day) + 7) % 7);
  return lastTradingDay(friday) === day;
}

/** Lowest and highest strike that are listed, in steps of the instrument. */
export function strikeRange(instrument: Instrument): { from: number; to: number } {
  const { price, strikeStep } = instrument;
  return {
    from: Math.ceil((price * (1 - REACH)) / strikeStep),
    to: Math.floor((price * (1 + REACH)) / strikeStep),
  };
}

/** The listed strikes in US dollars. */
export function strikes(instrument: Instrument): number[] {
  const { from, to } = strikeRange(instrument);
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * instrument.strikeStep);
}
