import { describe, expect, test } from 'vitest';
import { allEnded, deeds, host, ME, SITE, stacks } from './host.ts';

const verb = stacks();

describe('--prod-stop and --prod-start', () => {
  test('stop writes the marker before it stops anything', async () => {
    const on = host(allEnded);
    const { status, stdout } = await verb('--prod-stop --yes', on);
    expect([status, stdout[0]]).toEqual([
      0,
      expect.stringContaining('prod is stopped on a recording: --prod-start brings it back'),
    ]);
    const lent = `rm -f ${SITE}/lent`;
    expect(deeds(on)).toEqual(['lock', 'probe', 'mark', lent, 'stop', 'probe', 'audit', 'unlock']);
    const marker = on.commands.find(({ args }) => args.includes('mark'))?.args.slice(-3);
    expect(marker).toEqual([
      SITE,
      'stopped',
      JSON.stringify({ by: ME, since: '2026-01-14T20:00:00.000Z', what: 'stop' }),
    ]);
  });

  const outcome = (more: object = {}) =>
    JSON.stringify({
      outcome: 'applied',
      release: 'r-1',
      before: 'r-1',
      services: [],
      gateway: 'touched',
      verdict: { before: 'none', after: 'healthy' },
      seconds: 9,
      ...more,
    });
  const stopped = `\n== stopped\n{"by":"ann@desk","since":"2026-01-14T10:00:00Z","what":"stop"}\n`;

  test('start takes the marker away, and has the host apply the current release', async () => {
    const on = host((line) => (line.includes('/host/apply') ? { stdout: outcome() } : undefined), stopped);
    const { status, stdout } = await verb('--prod-start --yes --json', on);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.join(''))).toMatchObject({
      outcome: 'done',
      done: 'r-1 of prod runs on a recording',
    });
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'docker update --restart',
      `rm -f ${SITE}/stopped`,
      'apply',
      'probe',
      'unlock',
    ]);
    const apply = on.commands.find(({ program }) => program.endsWith('/host/apply'));
    expect(apply?.program).toBe(`${SITE}/releases/r-1/host/apply`);
    expect(apply?.args.slice(0, 8)).toEqual([
      '--site',
      SITE,
      '--by',
      ME,
      '--verb',
      '--prod-start',
      '--gateway',
      'now',
    ]);
  });

  test('start says what apply says when it fails', async () => {
    const why = { code: 'service-failed', message: 'bridge does not come up', hint: 'read its log' };
    const on = host((line) =>
      line.includes('/host/apply') ? { exit: 1, stdout: outcome({ outcome: 'failed', why }) } : undefined,
    );
    const { status, stderr } = await verb('--prod-start --yes', on);
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('bridge does not come up')]);
  });

  test('start without a release says how to deploy one', async () => {
    const on = host((line) => (line.includes(' site ') ? { stdout: '' } : undefined));
    expect((await verb('--prod-start --yes', on)).stderr).toEqual([
      'Error: no release of this stack is on a recording',
      'Try: npx gatehouse --prod-all --ssh gate --with-gateway',
    ]);
  });

  test.each(['restart-bridge', 'restart-gateway', 'lend 2h'])(
    '--prod-%s leaves a stopped stack alone',
    async (line) => {
      const on = host(undefined, stopped);
      const { status, stderr } = await verb(`--prod-${line} --yes`, on);
      expect([status, stderr]).toEqual([
        2,
        [
          'Error: ann@desk stopped the stack, 2026-01-14T10:00:00Z, on a recording',
          'Try: npx gatehouse --prod-start --ssh gate brings it back',
        ],
      ]);
      expect(deeds(on)).toEqual([]);
    },
  );
});
