import { describe, expect, test, vi } from 'vitest';
import { BEFORE, checkout, deeds, host, outcome, type Says, SITE, verb } from './deploying.ts';

vi.mock('../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const OLD = 'r-00000000000000bb';
const GONE = 'r-00000000000000cc';
const SENT = 'r-00000000000000dd';

function line(before: string | null, after: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    at: '2026-11-20T01:02:03Z',
    who: 'ann@desk',
    what: '--prod-all',
    services: ['bridge changed'],
    before,
    after,
    gateway: 'untouched',
    verdict: { before: 'healthy', after: 'healthy' },
    outcome: 'applied',
    seconds: 9,
    ...more,
  });
}

/** What lies on the host: BEFORE serves, OLD served before it, GONE before that. */
const history: Says = (_, text) => {
  if (text.startsWith('tail'))
    return {
      stdout: [
        line(null, GONE),
        line(GONE, OLD),
        line(OLD, BEFORE),
        line(BEFORE, SENT, { outcome: 'went-back', why: 'verdict-worse' }),
        '{"at":"2026-11-20T02:00:00Z","who":"ann@desk","what":"--prod-restart-bridge","outcome":"done"}',
        'not JSON',
      ].join('\n'),
    };
  if (text.includes(' releases ')) return { stdout: `${OLD}\n${BEFORE}\nr-00000000000000ee\n` };
  if (text.includes('--plan'))
    return {
      stdout: outcome(OLD, { services: [{ name: 'bridge', change: 'changed', done: false }] }),
      stderr: '   0 s    bridge: replaced (requests wait)\n',
    };
  if (text.includes('--dry-run')) return { stdout: outcome(OLD), stderr: 'docker that\n' };
  if (text.includes('/host/apply')) return { stdout: outcome(OLD) };
  return undefined;
};

describe('--prod-releases', () => {
  test('lists them, the latest first, with who, when and the verdict', async () => {
    const at = await checkout();
    const { stdout } = await verb(at, ['--prod-releases'], host(at, {}, history));
    const who = '2026-11-20T01:02:03Z  ann@desk  --prod-all';
    expect(stdout).toEqual([
      `- ${SENT}  ${who}  went-back  healthy  verdict-worse`,
      `* ${BEFORE}  ${who}  applied  healthy`,
      `  ${OLD}  ${who}  applied  healthy`,
      `- ${GONE}  ${who}  applied  healthy`,
      '  r-00000000000000ee  sent, never applied',
    ]);
  });

  test('for machines', async () => {
    const at = await checkout();
    const { stdout } = await verb(at, ['--prod-releases', '--json'], host(at, {}, history));
    const { releases } = JSON.parse(stdout.join(''));
    expect(releases[1]).toMatchObject({ id: BEFORE, current: true, here: true, last: { who: 'ann@desk' } });
  });

  test('of a host without any', async () => {
    const at = await checkout();
    const { stdout } = await verb(at, ['--prod-releases'], host(at, {}));
    expect(stdout).toEqual(['no release of this stack is on a recording']);
  });
});

describe('--prod-rollback', () => {
  test('goes back to the one before the current, by its own apply, under the lock', async () => {
    const at = await checkout();
    const on = host(at, {}, history);
    const { status, stdout } = await verb(at, ['--prod-rollback'], on);
    expect([status, stdout.slice(0, 3)]).toEqual([
      0,
      [
        `release ${OLD}`,
        '  bridge: replaced (requests wait)',
        `${OLD} runs on a recording; touched: bridge; verdict: healthy (7 s)`,
      ],
    ]);
    expect(deeds(on)).toEqual([`apply ${OLD} --plan`, 'lock', `apply ${OLD}`, 'unlock']);
    expect(on.lines.find((text) => text.includes('--under-lock'))).toContain(
      '--verb --prod-rollback --under-lock',
    );
  });

  test('asks at a terminal', async () => {
    const at = await checkout();
    const on = host(at, {}, history);
    expect(await verb(at, ['--prod-rollback'], on, { answer: 'n' })).toMatchObject({ status: 1 });
    expect(deeds(on)).toEqual([`apply ${OLD} --plan`]);
  });

  test('--plan and --dry-run only look', async () => {
    const at = await checkout();
    const on = host(at, {}, history);
    const { stdout } = await verb(at, ['--prod-rollback', OLD, '--plan'], on);
    expect(stdout).toEqual([`release ${OLD}`, '  bridge: replaced (requests wait)']);
    const dry = await verb(at, ['--prod-rollback', '--dry-run'], on);
    expect(dry.stdout.slice(2)).toEqual([
      expect.stringContaining(` lock ${SITE} `),
      expect.stringMatching(
        new RegExp(
          `^${SITE}/releases/${OLD}/host/apply --site ${SITE} --by \\S+ --verb --prod-rollback --under-lock `,
        ),
      ),
      '#   there: docker that',
      expect.stringContaining(` unlock ${SITE} `),
    ]);
  });

  test('Ctrl-C while the lock is taken asks the host to end, which has not begun', async () => {
    const at = await checkout();
    let stop = () => {};
    const on = host(at, {}, (command, text) => {
      if (command.args[2] === 'lock') stop();
      return history(command, text);
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    await verb(at, ['--prod-rollback'], on, { onStop });
    expect(deeds(on)).toContain('stop');
  });

  test('to one that is no longer there names those that are', async () => {
    const at = await checkout();
    const { status, stderr } = await verb(at, ['--prod-rollback', GONE], host(at, {}, history));
    expect([status, stderr]).toEqual([
      2,
      [
        `Error: there is no release ${GONE} on a recording to go back to`,
        `Try: it has ${BEFORE}, ${OLD}, r-00000000000000ee`,
      ],
    ]);
  });

  test('with nothing before the current one', async () => {
    const at = await checkout();
    const { stderr } = await verb(at, ['--prod-rollback'], host(at, {}));
    expect(stderr[0]).toBe('Error: no release was applied on a recording before the current one');
  });
});
