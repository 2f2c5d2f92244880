import { describe, expect, test, vi } from 'vitest';
import { checkout, deeds, host, type Says, verb } from '../deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;

describe('the lock', () => {
  const held = { owner: 'ann@desk', verb: '--prod-all', since: '2026-01-02T03:04:05.000Z' };
  const changed = { gateway: same, bridge: 'old', caddy: same };

  test('is refused while somebody else is at it', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('exit 75') ? { exit: 75, stdout: JSON.stringify(held) } : undefined,
    );
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect(status).toBe(1);
    expect(stderr.slice(-2)).toEqual([
      'Error: ann@desk holds the lock on a recording: --prod-all, since 2026-01-02T03:04:05.000Z, until it ends',
      expect.stringMatching(
        /^Try: wait .* has died: npx gatehouse --prod-all --ssh gate --url \S+ --break-lock ann@desk$/,
      ),
    ]);
    expect(deeds(on)).toEqual(['lock']);
  });

  test('is refused by the host’s apply, too', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply') ? { exit: 75, stdout: JSON.stringify(held) } : undefined,
    );
    expect((await verb(at, ['--prod-all'], on)).stderr.join('\n')).toContain('ann@desk holds the lock');
  });

  test('is broken by the name of its owner, and no other', async () => {
    const at = await checkout();
    const owner: Says = ({ program }) => (program === 'cat' ? { stdout: JSON.stringify(held) } : undefined);
    const ann = host(at, changed, owner);
    expect(await verb(at, ['--prod-all', '--break-lock', 'ann@desk'], ann)).toMatchObject({ status: 0 });
    expect(deeds(ann).slice(0, 2)).toEqual(['unlock', 'lock']);
    const bob = host(at, changed, owner);
    const { status, stderr } = await verb(at, ['--prod-all', '--break-lock', 'bob@desk'], bob);
    expect([status, stderr[0]]).toEqual([
      2,
      'Error: --break-lock names bob@desk, and the lock is of ann@desk',
    ]);
    expect(deeds(bob)).toEqual([]);
  });
});
