import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inWindow, type MaintenanceWindow, windowOf, windowWords } from '../../compose/window.ts';
import { configOf } from './stacks.ts';

const NEW_YORK = { timeZone: 'America/New_York', minutes: 60 } as const;
const NIGHTLY: MaintenanceWindow = { ...NEW_YORK, day: 'daily', from: '23:45' };
const SUNDAY: MaintenanceWindow = { ...NEW_YORK, day: 'sunday', from: '03:00' };
const LATE_SUNDAY: MaintenanceWindow = { ...NEW_YORK, day: 'sunday', from: '23:30' };

/** Wall clocks are New York's: 5 hours behind in winter, 4 in summer. 2026-11-22 and 2026-03-08 are Sundays. */
const CASES: [name: string, window: MaintenanceWindow, at: string, open: boolean][] = [
  ['daily, a minute before', NIGHTLY, '2026-11-21T04:44:59Z', false],
  ['daily, at its start', NIGHTLY, '2026-11-21T04:45:00Z', true],
  ['daily, past midnight', NIGHTLY, '2026-11-21T05:44:59Z', true],
  ['daily, at its end', NIGHTLY, '2026-11-21T05:45:00Z', false],
  ['daily, the same clock in summer', NIGHTLY, '2026-07-01T03:45:00Z', true],
  ['daily, the winter clock in summer', NIGHTLY, '2026-07-01T04:45:00Z', false],
  ['Sunday, at its start', SUNDAY, '2026-11-22T08:00:00Z', true],
  ['Sunday, at its end', SUNDAY, '2026-11-22T09:00:00Z', false],
  ['Sunday, on a Saturday', SUNDAY, '2026-11-21T08:00:00Z', false],
  ['Sunday, into Monday', LATE_SUNDAY, '2026-11-23T05:15:00Z', true],
  ['Sunday, the same minute on Sunday itself', LATE_SUNDAY, '2026-11-22T05:15:00Z', false],
  ['Sunday, after an hour was skipped', SUNDAY, '2026-03-08T07:00:00Z', true],
  ['at any time', windowOf(configOf('simulated').gateway), '2026-11-21T12:00:00Z', true],
];

/** What the host decides with bash and the zones of its own. */
async function onHost({ timeZone, day, from, minutes }: MaintenanceWindow, at: Date): Promise<boolean> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const args = [timeZone, day, from, String(minutes), seconds];
  return promisify(execFile)('compose/host/window', args).then(
    () => true,
    (error) => {
      if (error.code === 1) return false;
      throw error;
    },
  );
}

describe('the window is open', () => {
  test.each(CASES)('%s', (_, window, at, open) => {
    expect(inWindow(window, new Date(at))).toBe(open);
  });

  test.each(CASES)('%s, as the host sees it', async (_, window, at, open) => {
    expect(await onHost(window, new Date(at))).toBe(open);
  });

  test('for as many minutes of a week as it says, whatever it is', () => {
    const windows = fc.record({
      timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'Pacific/Auckland'),
      day: fc.constantFrom('daily' as const, 'sunday' as const),
      from: fc
        .tuple(fc.nat(23), fc.nat(59))
        .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
      minutes: fc.constant(60),
    });
    const start = Date.UTC(2026, 5, 1);
    fc.assert(
      fc.property(windows, (window) => {
        const steps = Array.from(
          { length: (7 * 24 * 60) / 15 },
          (_, step) => new Date(start + step * 900_000),
        );
        const open = steps.filter((at) => inWindow(window, at)).length;
        return open === (window.day === 'sunday' ? 4 : 28);
      }),
      { numRuns: 10 },
    );
  });
});

test('a zone that the host does not know is no answer', async () => {
  const window = { ...NIGHTLY, timeZone: 'America/Nowhere' };
  await expect(onHost(window, new Date(0))).rejects.toMatchObject({
    code: 2,
    stderr: 'window: no time zone America/Nowhere on this host\n',
  });
});

test.each([
  [
    'the Sunday login, where there is one',
    { coldRestart: '03:00' },
    'each Sunday from 03:00 for 60 minutes, America/New_York',
  ],
  ['else the daily restart', {}, 'each day from 23:45 for 60 minutes, America/New_York'],
  [
    'in its zone',
    { timeZone: 'Europe/Berlin', dailyRestart: '05:50' },
    'each day from 05:50 for 60 minutes, Europe/Berlin',
  ],
])('it begins with %s', (_, gateway, words) => {
  expect(windowWords(windowOf(configOf('gnzsnz', { gateway }).gateway))).toBe(words);
});

test('a gateway without logins has no hours', () => {
  expect(windowWords(windowOf(configOf('simulated').gateway))).toBe('any time');
});
