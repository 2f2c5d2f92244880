import { describe, expect, test, vi } from 'vitest';
import { checkout, clockAt, deeds, host, PROD, verb } from '../deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;
const SIMULATED = PROD.replace(
  / {2}gatehouse:gateway:\n( {4}.*\n)+/,
  '  gatehouse:gateway: { dialect: simulated }\n',
);

describe('the gateway part', () => {
  const changed = { gateway: 'old', bridge: 'old', caddy: same };

  test('--with-gateway is asked for where somebody is, and needs --yes where nobody is', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const refused = await verb(at, ['--prod-all', '--with-gateway'], on);
    expect([refused.status, refused.stderr[0]]).toEqual([
      2,
      expect.stringMatching(
        /^Error: nobody is here to ask, and this costs something: gateway: a full login: /,
      ),
    ]);
    expect(deeds(on)).toEqual([]);
    for (const options of [{ answer: 'y' }, {}]) {
      const yes = 'answer' in options ? [] : ['--yes'];
      await verb(at, ['--prod-all', '--with-gateway', ...yes], on, options);
      expect(deeds(on)).toContain(`apply ${at.release.id} --gateway now`);
    }
  });

  test.each([
    ['while IBKR resets its servers', '2026-11-21T05:10:00Z', 'IBKR resets its servers'],
    ['with the weekly login due', '2026-11-22T08:00:00Z', 'IBKR has forgotten the login'],
  ])('%s it is left for later, unless forced', async (_, at, why) => {
    const there = await checkout(PROD.replace('tradingMode: live', 'tradingMode: live\n    changes: ask'));
    const on = host(there, changed);
    const options = { clock: clockAt(new Date(at)) };
    const argv = ['--prod-all', '--with-gateway', '--yes'];
    const { stderr } = await verb(there, argv, on, options);
    expect(stderr[0]).toContain(`the gateway is left for later; not now: ${why}`);
    await verb(there, [...argv, '--force'], on, options);
    expect(deeds(on).filter((deed) => deed.startsWith('apply'))).toEqual([
      `apply ${there.release.id} --gateway ask`,
      `apply ${there.release.id} --gateway now`,
    ]);
  });

  test('in the window of the stack it is touched', async () => {
    const there = await checkout();
    const options = { clock: clockAt(new Date('2026-11-21T04:50:00Z')) };
    const { stdout } = await verb(there, ['--prod-all', '--plan', '--json'], host(there, changed), options);
    expect(JSON.parse(stdout.join(''))).toMatchObject({ gateway: 'touched' });
  });

  test('--without-gateway leaves it', async () => {
    const at = await checkout(SIMULATED);
    const on = host(at, changed);
    await verb(at, ['--prod-all', '--without-gateway'], on);
    expect(deeds(on)).toContain(`apply ${at.release.id} --gateway leave`);
  });

  test('with changes: ask a person at a terminal is asked for it by itself', async () => {
    const at = await checkout(PROD.replace('tradingMode: live', 'tradingMode: live\n    changes: ask'));
    const on = host(at, changed);
    const { stdout } = await verb(at, ['--prod-all'], on);
    expect(stdout).toContain('gateway: waits for a person to ask for it (--with-gateway)');
    await verb(at, ['--prod-all'], on, { answer: 'y' });
    expect(deeds(on).filter((deed) => deed.startsWith('apply'))).toEqual([
      `apply ${at.release.id} --gateway ask`,
      `apply ${at.release.id} --gateway now`,
    ]);
  });

  test('one that needs no login may be changed at any time', async () => {
    const at = await checkout(SIMULATED);
    const { stdout } = await verb(at, ['--prod-all', '--plan'], host(at, changed));
    expect(stdout.join('\n')).not.toContain('waits for');
  });
});
