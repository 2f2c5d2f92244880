/** A calendar day as days since 1970-01-01, in the exchange's time zone. */
export type Day = number;

/** A moment as the exchange's wall clock shows it. */
export interface WallTime {
  readonly day: Day;
  /** Seconds since midnight, with their fraction. */
  readonly second: number;
}

export const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const EST = -5 * 3600;
const EDT = -4 * 3600;

/** The day of a date. */
export function dayOf(year: number, month: number, date: number): Day {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

/** Year, month (1 to 12) and date of a day. */
export function dateOf(day: Day): { year: number; month: number; date: number } {
  const utc = new Date(day * DAY_MS);
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, date: utc.getUTCDate() };
}

/** 0 Sunday to 6 Saturday. */
export function weekday(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The n-th given weekday of a month; n = -1 means its last. */
export function nthWeekday(year: number, month: number, which: number, n: number): Day {
  if (n < 0) {
    const last = dayOf(year, month + 1, 1) - 1;
    return last - ((weekday(last) - which + 7) % 7);
  }
  const first = dayOf(year, month, 1);
  return first + ((which - weekday(first) + 7) % 7) + (n - 1) * 7;
}

/** When a year has daylight time, milliseconds since 1970. */
interface Summer {
  readonly start: number;
  readonly end: number;
}

/** Of the years asked about so far: each order asks for a handful of times. */
const summers = new Map<number, Summer>();

/**
 * Daylight time runs from the second Sunday of March to the first of November, 2:00 local time (US law since 2007;
 * earlier years are read by the same rule).
 */
function summerOf(year: number): Summer {
  const known = summers.get(year);
  if (known) return known;
  const summer = {
    start: nthWeekday(year, 3, 0, 2) * DAY_MS + (2 * 3600 - EST) * 1000,
    end: nthWeekday(year, 11, 0, 1) * DAY_MS + (2 * 3600 - EDT) * 1000,
  };
  summers.set(year, summer);
  return summer;
}

/** Seconds that US Eastern time is off UTC. */
export function easternOffset(ms: number): number {
  const { start, end } = summerOf(new Date(ms).getUTCFullYear());
  return ms >= start && ms < end ? EDT : EST;
}

/** Milliseconds since 1970 as US Eastern wall time. */
export function toEastern(ms: number): WallTime {
  const local = ms / 1000 + easternOffset(ms);
  const day = Math.floor(local / DAY_SECONDS);
  return { day, second: local - day * DAY_SECONDS };
}

/**
 * US Eastern wall time as milliseconds since 1970. A time that the
 * change to daylight time skips reads as one hour later, one that comes twice as the second.
 */
export function fromEastern(day: Day, second: number): number {
  const utc = (day * DAY_SECONDS + second) * 1000;
  const guess = utc - EST * 1000;
  const offset = easternOffset(guess);
  const exact = utc - offset * 1000;
  return easternOffset(exact) === offset ? exact : guess;
}
