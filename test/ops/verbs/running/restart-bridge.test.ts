import { describe, expect, test } from 'vitest';
import { LOCK_HELD } from '../../../../ops/commands/host-lock.ts';
import { opsError } from '../../../../ops/errors.ts';
import { audited, deeds, host, ME, stacks, verdict } from './host.ts';

const verb = stacks();

describe('--prod-restart-bridge', () => {
  test('restarts the bridge alone, under the lock, and writes it down', async () => {
    const on = host();
    const { status, stdout, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stdout, stderr]).toEqual([0, ['the bridge of prod runs anew; verdict: healthy'], []]);
    expect(deeds(on)).toEqual(['lock', 'probe', 'restart bridge', 'probe', 'probe', 'audit', 'unlock']);
    expect(audited(on)).toEqual({
      at: '2026-01-14T20:00:00.000Z',
      who: ME,
      what: '--prod-restart-bridge',
      services: ['bridge restarted'],
      before: 'r-1',
      after: 'r-1',
      verdict: { before: 'healthy', after: 'healthy' },
      outcome: 'done',
    });
  });

  test('a gateway that did not answer before is not waited for', async () => {
    const on = host((line) =>
      line.includes('probe.mjs') ? { exit: 1, stdout: verdict(false, 'connect') } : undefined,
    );
    expect((await verb('--prod-restart-bridge', on)).stdout).toEqual([
      'the bridge of prod runs anew; verdict: connect: refused',
    ]);
  });

  test('says when the session does not come back, and how the host is left', async () => {
    let restarted = false;
    const on = host((line) => {
      restarted ||= line.includes(' restart ');
      return restarted && line.includes('probe.mjs')
        ? { exit: 1, stdout: verdict(false, 'session') }
        : undefined;
    });
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: the API answers: not so within 120 s on a recording:\n  | session: refused\n  | a hint',
    ]);
    expect(audited(on)).toMatchObject({ outcome: 'failed' });
    expect(deeds(on).at(-1)).toBe('unlock');
  });

  test('a command that fails is told with its lines, and the lock is given back', async () => {
    const on = host((line) => {
      if (line.includes(' restart '))
        throw opsError(
          'command-failed',
          'docker compose restart',
          'gate',
          'ended with status 1',
          'no space left on device',
        );
      return undefined;
    });
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: docker compose restart ended with status 1 on gate:\n  | no space left on device',
    ]);
    expect(deeds(on).slice(-2)).toEqual(['audit', 'unlock']);
  });

  test('somebody else holds the lock: refused by name, and nothing done', async () => {
    const owner = JSON.stringify({
      owner: 'ann@desk',
      verb: '--prod-all',
      since: '2026-01-14T19:00:00Z',
      expires: '2099-01-01T00:00:00Z',
    });
    const on = host((line) =>
      / lock \//.test(line) ? { exit: LOCK_HELD, stdout: `${owner}\n` } : undefined,
    );
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: ann@desk holds the lock on a recording: --prod-all, since 2026-01-14T19:00:00Z, until 2099-01-01T00:00:00Z',
    ]);
    expect(deeds(on)).toEqual(['lock']);
  });
});
