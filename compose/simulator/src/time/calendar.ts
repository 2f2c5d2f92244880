import { type Day, dateOf, dayOf, nthWeekday, weekday } from './zone.ts';

// The hours of US stock exchanges, seconds since midnight US Eastern time. Source: the New York Stock Exchange's
// published calendar; extended hours as IB reports them for US stocks (4:00 to 20:00, after a half day to 17:00).
export const PRE_OPEN = 4 * 3600;
export const OPEN = 9.5 * 3600;
const CLOSE = 16 * 3600;
const EARLY_CLOSE = 13 * 3600;
const POST_HOURS = 4 * 3600;

/** Easter Sunday (the anonymous Gregorian algorithm). */
function easter(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return dayOf(year, Math.floor(f / 31), (f % 31) + 1);
}

/** A fixed holiday on a Sunday is kept on Monday, on a Saturday on Friday. */
function observed(day: Day): Day {
  const on = weekday(day);
  if (on === 0) return day + 1;
  return on === 6 ? day - 1 : day;
}

function holidaysOf(year: number): Set<Day> {
  const newYear = dayOf(year, 1, 1);
  return new Set([
    // A New Year's Day on a Saturday is not made up for: the year's last Friday is a business day.
    weekday(newYear) === 6 ? newYear : observed(newYear),
    nthWeekday(year, 1, 1, 3), // Martin Luther King Jr.
    nthWeekday(year, 2, 1, 3), // Washington
    easter(year) - 2, // Good Friday
    nthWeekday(year, 5, 1, -1), // Memorial Day
    ...(year >= 2022 ? [observed(dayOf(year, 6, 19))] : []), // Juneteenth
    observed(dayOf(year, 7, 4)),
    nthWeekday(year, 9, 1, 1), // Labor Day
    nthWeekday(year, 11, 4, 4), // Thanksgiving
    observed(dayOf(year, 12, 25)),
  ]);
}

const known = new Map<number, Set<Day>>();

function isHoliday(day: Day): boolean {
  const { year } = dateOf(day);
  let holidays = known.get(year);
  if (!holidays) {
    holidays = holidaysOf(year);
    known.set(year, holidays);
  }
  return holidays.has(day);
}

/** True on the days the exchange opens. */
export function isTradingDay(day: Day): boolean {
  const on = weekday(day);
  return on !== 0 && on !== 6 && !isHoliday(day);
}

/** True where the exchange closes at 13:00: before July 4, after Thanksgiving, on Christmas Eve. */
export function isHalfDay(day: Day): boolean {
  const { year, month, date } = dateOf(day);
  if (!isTradingDay(day)) return false;
  if (month === 7 && date === 3) return true;
  if (month === 12 && date === 24) return true;
  return month === 11 && day === nthWeekday(year, 11, 4, 4) + 1;
}

/** When regular trading ends. */
export function closeOf(day: Day): number {
  return isHalfDay(day) ? EARLY_CLOSE : CLOSE;
}

/** When extended trading ends. */
export function postCloseOf(day: Day): number {
  return closeOf(day) + POST_HOURS;
}

/** The last trading day up to and including `day`. */
export function tradingDayUpTo(day: Day): Day {
  let at = day;
  while (!isTradingDay(at)) at -= 1;
  return at;
}

export function previousTradingDay(day: Day): Day {
  return tradingDayUpTo(day - 1);
}

export function nextTradingDay(day: Day): Day {
  let at = day + 1;
  while (!isTradingDay(at)) at += 1;
  return at;
}
