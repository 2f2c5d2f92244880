/** IBKR's names are those of the tz database, but for some of its oldest; what is no name is UTC. */
export function knownZone(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** What a time zone is ahead of UTC at a moment, in milliseconds. @throws RangeError for what is no time zone. */
export function offsetAt(ms: number, timeZone: string): number {
  const text = clockAt(ms, timeZone);
  const at = (from: number, to: number) => Number(text.slice(from, to));
  const wall = Date.UTC(at(0, 4), at(4, 6) - 1, at(6, 8), at(8, 10), at(10, 12), at(12, 14));
  return wall - Math.floor(ms / 1_000) * 1_000;
}

/** The moment at which the clocks of a time zone show a time, given as if it were UTC. @throws RangeError as above */
export function momentIn(wall: number, timeZone: string): number {
  const quarter = Math.floor(wall / QUARTER);
  if (last.quarter !== quarter || last.timeZone !== timeZone) {
    // The offset at the guess may be another than at the result, on the days on which clocks change.
    const guess = wall - offsetAt(wall, timeZone);
    last = { quarter, timeZone, offset: offsetAt(guess, timeZone) };
  }
  return wall - last.offset;
}

/** Milliseconds. Clocks change when a quarter of an hour is full. */
const QUARTER = 900_000;

/** The offset worked out last: executions of one moment come in rows, and one takes 20 microseconds. */
let last = { quarter: Number.NaN, timeZone: '', offset: 0 };

/** `YYYYMMDDHHMMSS` on the clocks of a time zone. @throws RangeError as above */
export function clockAt(ms: number, timeZone: string): string {
  return formatOf(timeZone).format(ms).replaceAll(/\D/g, '');
}

/** Making one takes a third of a millisecond. */
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
