import { describe, expect, test } from 'vitest';
import { clockAt, deeds, host, type Says, stacks, verdict } from './host.ts';

const verb = stacks();

describe('--prod-restart-gateway', () => {
  /** The probe finds the gateway silent for some looks after the restart was asked for. */
  const restarting = (looks = 2): Says => {
    let left = -1;
    return (line) => {
      if (line.includes(' ibc ')) left = looks;
      if (!line.includes('probe.mjs') || left <= 0) return undefined;
      left -= 1;
      return { exit: 1, stdout: verdict(false, 'hello') };
    };
  };

  test("by IBC's RESTART: it falls silent, and answers again", async () => {
    const on = host(restarting());
    const { status, stdout } = await verb('--prod-restart-gateway --yes', on);
    expect([status, stdout]).toEqual([0, ['the gateway of prod restarted; verdict: healthy']]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'ibc RESTART',
      'probe',
      'probe',
      'probe',
      'probe',
      'audit',
      'unlock',
    ]);
  });

  test('what IBC refuses is told, and nothing is forced', async () => {
    const on = host((line) =>
      line.includes(' ibc ') ? { exit: 1, stdout: 'bash: connect: Connection refused' } : undefined,
    );
    const { status, stderr } = await verb('--prod-restart-gateway --yes', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: IBC took no RESTART on a recording:\n  | bash: connect: Connection refused',
    ]);
    expect(deeds(on)).not.toContain('restart gateway');
  });

  test('a restart that never begins is told', async () => {
    const { status, stderr } = await verb('--prod-restart-gateway --yes', host());
    expect([status, stderr[0]]).toEqual([1, 'Error: the API is silent: not so within 180 s on a recording']);
  });

  test('--cold is a new start of its container', async () => {
    const on = host();
    expect(await verb('--prod-restart-gateway --cold --yes', on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual(['lock', 'probe', 'restart gateway', 'probe', 'probe', 'audit', 'unlock']);
  });

  test('defers while IBKR resets its servers, unless forced', async () => {
    const clock = () => clockAt(Date.parse('2026-01-15T05:00:00Z'));
    const on = host(restarting());
    const { status, stderr } = await verb('--prod-restart-gateway --yes', on, { clock: clock() });
    expect([status, stderr]).toEqual([
      1,
      [
        'Error: not now: IBKR resets its servers, and a login may fail',
        'Try: again after Thu 2026-01-15 00:45 America/New_York, or now with --force',
      ],
    ]);
    expect(deeds(on)).toEqual([]);
    expect(await verb('--prod-restart-gateway --yes --force', on, { clock: clock() })).toMatchObject({
      status: 0,
    });
  });

  test('the simulated one has no IBC; one elsewhere is not ours', async () => {
    const on = host();
    expect(await verb('--sim-restart-gateway --yes', on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toContain('restart gateway');
    expect((await verb('--ext-restart-gateway --yes', host())).stderr[0]).toContain('runs elsewhere');
  });
});
