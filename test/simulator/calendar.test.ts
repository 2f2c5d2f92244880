import { describe, expect, test } from 'vitest';
import {
  closeOf,
  isHalfDay,
  isTradingDay,
  nextTradingDay,
} from '../../compose/simulator/src/time/calendar.ts';
import {
  exchangeTime,
  hhmmss,
  parseDay,
  parseTime,
  yyyymmdd,
} from '../../compose/simulator/src/time/format.ts';
import { dayOf, fromEastern, toEastern, weekday } from '../../compose/simulator/src/time/zone.ts';

const day = (date: string) => parseDay(date.replaceAll('-', '')) ?? Number.NaN;

/** The weekdays of a year on which the exchange is closed. */
function closedWeekdays(year: number): string[] {
  const days = [];
  for (let at = dayOf(year, 1, 1); at < dayOf(year + 1, 1, 1); at += 1) {
    if (weekday(at) % 6 !== 0 && !isTradingDay(at)) days.push(yyyymmdd(at).slice(4));
  }
  return days;
}

// The calendars the New York Stock Exchange published.
describe('holidays', () => {
  test.each([
    [2021, '0101 0118 0215 0402 0531 0705 0906 1125 1224'],
    [2022, '0117 0221 0415 0530 0620 0704 0905 1124 1226'],
    [2023, '0102 0116 0220 0407 0529 0619 0704 0904 1123 1225'],
    [2024, '0101 0115 0219 0329 0527 0619 0704 0902 1128 1225'],
    [2026, '0101 0119 0216 0403 0525 0619 0703 0907 1126 1225'],
    [2027, '0101 0118 0215 0326 0531 0618 0705 0906 1125 1224'],
  ])('of %i', (year, dates) => expect(closedWeekdays(year).join(' ')).toBe(dates));

  test.each(['2023-07-03', '2023-11-24', '2024-07-03', '2024-11-29', '2024-12-24', '2025-12-24'])(
    '%s closes at 13:00',
    (date) => expect(hhmmss(closeOf(day(date)))).toBe('13:00:00'),
  );

  test.each(['2026-07-02', '2026-07-03', '2027-12-24', '2026-11-25'])('%s is no half day', (date) => {
    expect(isHalfDay(day(date))).toBe(false);
  });

  test('after a Friday comes Monday, after Thanksgiving the day after', () => {
    expect(yyyymmdd(nextTradingDay(day('2026-11-20')))).toBe('20261123');
    expect(yyyymmdd(nextTradingDay(day('2026-11-25')))).toBe('20261127');
  });
});

describe('US Eastern time', () => {
  test.each([
    ['2026-03-08T06:59:59Z', '20260308 01:59:59 US/Eastern'],
    ['2026-03-08T07:00:00Z', '20260308 03:00:00 US/Eastern'],
    ['2026-11-01T05:59:59Z', '20261101 01:59:59 US/Eastern'],
    ['2026-11-01T06:00:00Z', '20261101 01:00:00 US/Eastern'],
    ['2026-01-01T04:59:59Z', '20251231 23:59:59 US/Eastern'],
  ])('%s is %s', (utc, eastern) => expect(exchangeTime(Date.parse(utc))).toBe(eastern));

  test('agrees with the time zone data of the system, hour by hour over a year', () => {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const end = Date.parse('2027-01-01T00:00:00Z');
    for (let at = Date.parse('2026-01-01T00:30:00Z'); at < end; at += 3_600_000) {
      const ours = exchangeTime(at).slice(0, 17);
      expect(ours).toBe(shown.format(at).replaceAll('-', '').replace('T', ' '));
      const wall = toEastern(at);
      // The hour that comes twice in November reads as the later one.
      expect([at, at + 3_600_000]).toContain(fromEastern(wall.day, wall.second));
    }
  });
});

describe('the times clients send', () => {
  test.each([
    ['20260402 15:27:04', '2026-04-02T19:27:04Z'],
    ['20260402 15:27:04 US/Eastern', '2026-04-02T19:27:04Z'],
    ['20260402 15:27:04 America/New_York', '2026-04-02T19:27:04Z'],
    ['20260402-15:27:04', '2026-04-02T15:27:04Z'],
    ['20260402 15:27:04 UTC', '2026-04-02T15:27:04Z'],
    ['20260402 15:27:04 Europe/Berlin', '2026-04-02T13:27:04Z'],
    ['20260402', '2026-04-02T04:00:00Z'],
  ])('%s', (text, utc) => expect(parseTime(text)).toBe(Date.parse(utc)));

  test.each(['', 'now', '20261340 00:00:00', '20260402 15:27:04 Middle/Earth', '2026-04-02'])(
    '"%s" is none',
    (text) => expect(parseTime(text)).toBeUndefined(),
  );
});
