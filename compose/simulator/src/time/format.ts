import { type Day, dateOf, dayOf, fromEastern, toEastern } from './zone.ts';

const two = (value: number) => String(Math.floor(value)).padStart(2, '0');

/** `20260402` */
export function yyyymmdd(day: Day): string {
  const { year, month, date } = dateOf(day);
  return `${year}${two(month)}${two(date)}`;
}

/** `15:27:04` */
export function hhmmss(second: number): string {
  return `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}`;
}

/** `1527` */
export function hhmm(second: number): string {
  return `${two(second / 3600)}${two((second / 60) % 60)}`;
}

/** `20260402 15:27:04 US/Eastern`: as executions and bars give a time. */
export function exchangeTime(ms: number): string {
  const { day, second } = toEastern(ms);
  return `${yyyymmdd(day)} ${hhmmss(second)} US/Eastern`;
}

/** As the hello gives it: gateways name the zone in words, winter and summer alike. */
export function connectionTime(ms: number): string {
  const { day, second } = toEastern(ms);
  return `${yyyymmdd(day)} ${hhmmss(second)} Eastern Standard Time`;
}

/** A day from `20260402`; undefined if it is none. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (!match) return undefined;
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return yyyymmdd(day) === text ? day : undefined;
}

const UTC = new Set(['UTC', 'GMT', 'Z']);

/**
 * The times clients send: `20260402 15:27:04`, with a zone behind it, or `20260402-15:27:04` (UTC). A zone other
 * than UTC and US Eastern is looked up in the system's time zone data.
 * @returns milliseconds since 1970, or undefined when the text is no time.
 */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{8})(?:([ -])\s*(\d\d):(\d\d)(?::(\d\d))?)?(?:\s+(\S+))?$/.exec(text.trim());
  const day = parseDay(match?.[1] ?? '');
  if (!match || day === undefined) return undefined;
  const second = Number(match[3] ?? 0) * 3600 + Number(match[4] ?? 0) * 60 + Number(match[5] ?? 0);
  const zone = match[6] ?? (match[2] === '-' ? 'UTC' : 'US/Eastern');
  if (UTC.has(zone.toUpperCase())) return (day * 86_400 + second) * 1000;
  if (/^(US\/Eastern|America\/New_York|EST|EDT|EST5EDT)$/i.test(zone)) return fromEastern(day, second);
  return inZone(day, second, zone);
}

function inZone(day: Day, second: number, timeZone: string): number | undefined {
  const utc = (day * 86_400 + second) * 1000;
  try {
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    return utc - (Date.parse(`${shown.format(utc).replace(' ', 'T')}Z`) - utc);
  } catch {
    return undefined;
  }
}
