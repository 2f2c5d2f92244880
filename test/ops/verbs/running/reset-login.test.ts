import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../../ops/clock.ts';
import { allEnded, audited, clockAt, deeds, host, type Says, SITE, stacks } from './host.ts';

const verb = stacks();

describe('--prod-reset-login', () => {
  const said =
    (wait: string): Says =>
    (line) =>
      line.includes(' logs ')
        ? {
            stdout: `gateway-1 | 2026-01-14T20:00:00Z IBC: Too many failed login attempts. Please wait ${wait} before attempting`,
          }
        : undefined;
  const locked =
    (wait = '4 minutes & 30 seconds'): Says =>
    (line, command) =>
      said(wait)(line, command) ?? allEnded(line, command);

  test('stops, waits out what IBKR said, gives the budget back, starts once', async () => {
    const [on, clock] = [host(locked()), clockAt()];
    const { status } = await verb('--prod-reset-login --yes', on, { clock });
    expect(status).toBe(0);
    expect(clock.waits).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'mark',
      'stop gateway',
      `rm -f ${SITE}/stopped`,
      'start gateway',
      'reset-logins',
      'probe',
      'probe',
      'audit',
      'unlock',
    ]);
  });

  test('says each minute how long it still takes', async () => {
    const { stderr } = await verb('--prod-reset-login --wait 2m --yes', host(locked()), { terminal: true });
    expect(stderr.filter((line) => line.includes('left'))).toEqual([
      "  IBKR's lock-out: 2 min left",
      "  IBKR's lock-out: 1 min left",
    ]);
  });

  test('--settings keeps the old ones aside while it is stopped', async () => {
    const on = host(locked());
    expect(await verb('--prod-reset-login --settings --yes', on)).toMatchObject({ status: 0 });
    const order = deeds(on);
    expect(order.indexOf('docker run --rm')).toBeGreaterThan(order.indexOf('stop gateway'));
    expect(order.indexOf('docker run --rm')).toBeLessThan(order.indexOf('start gateway'));
  });

  test('Ctrl-C while it waits: the gateway stays stopped, the lock is given back, and both are said', async () => {
    const on = host(locked());
    let interrupt = () => {};
    const slow = clockAt();
    const clock: Clock = {
      ...slow,
      sleep: async (milliseconds, signal) => {
        interrupt();
        await slow.sleep(milliseconds, signal);
      },
    };
    const { status, stderr } = await verb('--prod-reset-login --yes', on, {
      clock,
      onStop: (listener) => {
        interrupt = listener;
      },
    });
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: ended by you on a recording: the gateway is stopped and stays so: --prod-start starts it',
    ]);
    expect(deeds(on)).toEqual(['lock', 'probe', 'mark', 'stop gateway', 'audit', 'unlock']);
    expect(audited(on)).toMatchObject({ outcome: 'interrupted' });
  });

  test('one that was ended while it waited is gone on with; a stopped stack is left alone', async () => {
    const marked = (what: string) => `\n== stopped\n{"by":"ann@desk","since":"x","what":"${what}"}\n`;
    expect(await verb('--prod-reset-login --yes', host(locked(), marked('reset-login')))).toMatchObject({
      status: 0,
    });
    expect(await verb('--prod-reset-login --yes', host(locked(), marked('stop')))).toMatchObject({
      status: 2,
    });
  });

  test('a simulated gateway has no login', async () => {
    expect((await verb('--sim-reset-login --yes', host())).stderr[0]).toContain('is the simulated one');
  });
});
