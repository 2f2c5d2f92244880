/** Days as `YYYYMMDD`, which sort as text. */
export type Day = string;

const DAY = 86_400_000;

/** The day it is in a time zone. @param ms since 1970 */
export function dayAt(ms: number, timeZone: string): Day {
  return partsOf(ms, timeZone).slice(0, 8);
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
  const asUtc = noon(day) - DAY / 2;
  // The offset at the guess may be another than at the result, on the days on which clocks change.
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return asUtc - offsetAt(guess, timeZone);
}

/** IBKR's names are those of the tz database, but for some of its oldest; what is no name is UTC. */
export function knownZone(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

function offsetAt(ms: number, timeZone: string): number {
  const text = partsOf(ms, timeZone);
  const [date, hours, minutes, seconds] = [0, 8, 10, 12].map((from, index) =>
    text.slice(from, from + (index === 0 ? 8 : 2)),
  );
  const wall = noon(date as Day) - DAY / 2 + Number(hours) * 3_600_000 + Number(minutes) * 60_000;
  return wall + Number(seconds) * 1_000 - Math.floor(ms / 1_000) * 1_000;
}

/** `YYYYMMDDHHMMSS` on the clocks of a time zone. */
function partsOf(ms: number, timeZone: string): string {
  return formatOf(timeZone).format(ms).replaceAll(/\D/g, '');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  // The Swedish way to write a time has its parts in order of size.
  const format = new Intl.DateTimeFormat('sv', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

function noon(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)), 12);
}
