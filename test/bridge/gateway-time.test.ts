import { expect, test } from 'vitest';
import { dayStart, momentOf, wallClockOffset } from '../../compose/bridge/src/session/gateway-time.ts';

const HOUR = 3_600_000;

test.each([
  ['20270115 14:30:00 UTC', 0],
  ['20270115 15:30:02 Central European Standard Time', HOUR],
  ['20270115 09:29:58 EST', -5 * HOUR],
  ['20270115 20:00:00 IST', 5.5 * HOUR],
])('a hello at %s gives the gateway’s wall clock away', (text, offset) => {
  expect(wallClockOffset(text, Date.UTC(2027, 0, 15, 14, 30))).toBe(offset);
});

test('a hello without a time gives nothing', () => {
  expect(wallClockOffset('now', 0)).toBeUndefined();
});

test('a day begins at the gateway’s midnight', () => {
  expect(dayStart(Date.UTC(2027, 0, 15, 3), -5 * HOUR)).toBe(Date.UTC(2027, 0, 14, 5));
});

test.each([
  ['20270115 09:31:00 US/Eastern', Date.UTC(2027, 0, 15, 14, 31)],
  ['20270715 09:31:00 America/New_York', Date.UTC(2027, 6, 15, 13, 31)],
  ['20270115 14:31:00 UTC', Date.UTC(2027, 0, 15, 14, 31)],
  ['20270115-14:31:00', Date.UTC(2027, 0, 15, 14, 31)],
  ['20270115  15:31:00', Date.UTC(2027, 0, 15, 14, 31)],
  ['20270115 15:31:00 Nowhere/Land', Date.UTC(2027, 0, 15, 14, 31)],
  ['yesterday', undefined],
])('an execution at %s', (text, moment) => {
  expect(momentOf(text, HOUR)).toBe(moment);
});

test('a time without a zone, from a gateway whose clock is not known, is not guessed', () => {
  expect(momentOf('20270115  15:31:00', undefined)).toBeUndefined();
});
