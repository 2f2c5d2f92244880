import { describe, expect, test } from 'vitest';
import { opsError } from '../../../../ops/errors.ts';
import { allEnded, audited, deeds, host, type Says, SITE, stacks } from './host.ts';

const verb = stacks();

describe('--prod-lend', () => {
  const timer: Says = (line) =>
    / later \d+ /.test(line) ? { stdout: 'timer\n' } : allEnded(line, { program: '', args: [] });

  test('makes the return certain first, then pauses by IBC', async () => {
    const on = host(timer);
    const { status, stdout } = await verb('--prod-lend 90m --yes', on);
    expect([status, stdout[0]]).toEqual([
      0,
      expect.stringMatching(/^lent until Wed 2026-01-14 16:30 America\/New_York: /),
    ]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'mark',
      'docker update --restart',
      'later',
      'ibc PAUSE',
      'probe',
      'audit',
      'unlock',
    ]);
    const later = on.commands.find(({ args }) => args.includes('later'))?.args ?? [];
    expect(later.slice(3, 5)).toEqual(['5400', 'gatehouse-take-back-gatehouse-1768426200']);
    expect(audited(on)).toMatchObject({ services: ['gateway lent until 2026-01-14T21:30:00.000Z'] });
  });

  test('an IBC without PAUSE is stopped by a logout', async () => {
    const on = host((line, command) =>
      line.includes(' ibc ') ? { stdout: '7462 ERROR Command invalid' } : timer(line, command),
    );
    const { stderr } = await verb('--prod-lend 90m --yes', on, { terminal: true });
    expect(deeds(on)).toContain('stop gateway');
    expect(stderr.join('\n')).toContain(
      'IBC does not pause (7462 ERROR Command invalid): stopped by a logout',
    );
  });

  test('without its timer nothing is lent', async () => {
    const on = host((line, command) => {
      if (/ later \d+ /.test(line)) throw opsError('command-failed', 'sh', 'gate', 'ended with status 1', '');
      return timer(line, command);
    });
    expect((await verb('--prod-lend 90m --yes', on)).status).toBe(1);
    const policies = on.lines.filter((line) => line.startsWith('docker update'));
    expect(policies.at(-1)).toBe('docker update --restart unless-stopped gatehouse-gateway-1');
    expect(deeds(on).slice(-3)).toEqual([`rm -f ${SITE}/lent`, 'audit', 'unlock']);
  });

  test('says when only a process waits, which a reboot ends', async () => {
    const on = host((line, command) =>
      / later \d+ /.test(line) ? { stdout: 'process\n' } : timer(line, command),
    );
    const { stderr } = await verb('--prod-lend 90m --yes', on, { terminal: true });
    expect(stderr.join('\n')).toContain('no systemd there: a process waits, which a reboot ends');
  });

  test.each(['4m', '49h', '90', 'soon', '1d'])('%s is no time to lend for', async (duration) => {
    const { status, stderr } = await verb(`--prod-lend ${duration} --yes`, host());
    expect([status, stderr[0]]).toEqual([
      2,
      `Error: DURATION must be a duration such as 90m or 2h, from 300 s to 48 h; got "${duration}"`,
    ]);
  });

  test('no time at all is refused too', async () => {
    expect((await verb('--prod-lend --yes', host())).status).toBe(2);
  });
});
