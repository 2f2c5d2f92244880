import { clockAt, momentIn } from './zones.ts';

/** Days as `YYYYMMDD`, which sort as text. */
export type Day = string;

const DAY = 86_400_000;

/** The day it is in a time zone. @param ms since 1970 */
export function dayAt(ms: number, timeZone: string): Day {
  return clockAt(ms, timeZone).slice(0, 8);
}

export function nextDay(day: Day, days = 1): Day {
  return new Date(noon(day) + days * DAY).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Days from the first to the last, both counted. */
export function daysBetween(first: Day, last: Day): number {
  return Math.round((noon(last) - noon(first)) / DAY) + 1;
}

/** Milliseconds since 1970 at which a day begins in a time zone. */
export function startOf(day: Day, timeZone: string): number {
  return momentIn(noon(day) - DAY / 2, timeZone);
}

function noon(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)), 12);
}
