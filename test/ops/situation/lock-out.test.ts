import { expect, test } from 'vitest';
import { lockOutLeft } from '../../../ops/situation/lock-out.ts';

const now = new Date('2026-01-14T20:00:00Z');
const line = (at: string, wait: string) =>
  `gateway-1  | ${at} 2026-01-14 20:00:00:000 IBC: Too many failed login attempts. Please wait ${wait} before attempting to re-login again.`;

test.each([
  ['nothing was said', 'gateway-1  | 2026-01-14T19:59:00Z IBC: Login has completed', undefined],
  ['seconds', line('2026-01-14T19:59:50.123456789Z', '53 seconds'), 74],
  ['minutes and seconds', line('2026-01-14T20:00:00Z', '4 minutes & 47 seconds'), 317],
  ['one minute', line('2026-01-14T20:00:00Z', '1 minute & 1 second'), 91],
  [
    'what was said last',
    `${line('2026-01-14T19:00:00Z', '9 minutes & 1 second')}\n${line('2026-01-14T19:59:59Z', '10 seconds')}`,
    39,
  ],
  ['long ago', line('2026-01-14T18:00:00Z', '4 minutes & 47 seconds'), 0],
])('%s', (_name, log, seconds) => {
  expect(lockOutLeft(log, now)).toBe(seconds);
});
