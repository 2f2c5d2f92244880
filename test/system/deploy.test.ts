import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { OWNER, useDeploying } from './support/deploying.ts';

/** Each entry is bundled once: with sources that are edited meanwhile, the second release would not be the first. */
vi.mock('../../compose/release/bundle.ts', async (original) => {
  const { bundle } = await original<typeof import('../../compose/release/bundle.ts')>();
  const made = new Map<string, Promise<Buffer>>();
  const once = (root: string, entry: string) => {
    const known = made.get(entry) ?? bundle(root, entry);
    made.set(entry, known);
    return known;
  };
  return { bundle: once };
});

describe('deploying on a real engine, over a real sshd', () => {
  const { at, engine } = useDeploying();
  const all = (...more: string[]) => at().verb(['--local-all', ...more]);

  test('the first time, everything is started', async () => {
    const { status, stdout, stderr } = await all('--yes');
    expect(status).toBe(0);
    expect(stdout).toContain('  bridge: started for the first time');
    expect(stderr).toMatch(/^ {4} {0,3}\d+ s {2}bridge: starting$/m);
    expect(stdout.at(-1)).toMatch(/^from outside: https:\/\/localhost:\d+ answers$/);
    expect(Object.keys(await at().containers()).sort()).toEqual(['bridge', 'caddy', 'gateway']);
    const releases = await readdir(at().site('releases'));
    expect(releases).toEqual([expect.stringMatching(/^r-[\da-f]{16}$/)]);
    expect(await at().audit()).toMatchObject([
      { who: OWNER, what: '--local-all', before: null, after: releases[0], outcome: 'applied' },
    ]);
    expect(await readdir(at().site())).not.toContain('lock');
    await at().ready();
  });

  test('the second time, nothing is sent or touched', async () => {
    const before = await at().containers();
    expect((await at().verb(['--local-sync-bridge'])).stdout.at(-1)).toContain(
      'it is there already: nothing sent',
    );
    const { status, stdout } = await all('--with-gateway');
    expect([status, stdout.at(-1)]).toEqual([0, 'nothing to do']);
    expect(await at().containers()).toEqual(before);
    expect(await at().audit()).toHaveLength(1);
  });

  test('the budget shows what each service uses', async () => {
    const { stdout } = await at().verb(['--local-budget', '--json']);
    const { rows } = JSON.parse(stdout.join('')) as { rows: { measuredMb?: number }[] };
    for (const { measuredMb } of rows) expect(measuredMb).toBeGreaterThan(0);
  });

  test('a plan and a dry run touch nothing', async () => {
    const before = await at().containers();
    await at().configure({ logLevel: 'debug' });
    const plan = await all('--plan');
    expect(plan.stdout).toContain('  gateway: untouched');
    expect(plan.stdout.join('\n')).toMatch(/^ {2}bridge: replaced \(/m);
    const { stdout } = await all('--dry-run');
    expect(stdout.join('\n')).toMatch(/compose\.yaml up --detach --no-deps .* bridge/);
    expect(stdout.join('\n')).not.toMatch(/ up .* (caddy|gateway)/);
    expect(await at().containers()).toEqual(before);
    expect(await readdir(at().site('releases'))).toHaveLength(1);
  });

  test('what changed is sent, and a dry run on it asks the host', async () => {
    const { stdout } = await at().verb(['--local-sync-bridge', '--json']);
    const { sent } = JSON.parse(stdout.join('')) as { sent: number };
    // Of some MB, only what rsync needs to say which files are as before.
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(60_000);
    const dry = await all('--dry-run');
    expect(dry.stdout.join('\n')).toMatch(/^# {3}there: timeout \d+ docker compose -f \S+ up .* bridge$/m);
  });

  test('a line of the bridge swaps the bridge alone', async () => {
    const before = await at().containers();
    expect(await at().verb(['--local-rebuild-bridge'])).toMatchObject({ status: 0 });
    const after = await at().containers();
    expect(after.bridge).not.toBe(before.bridge);
    expect([after.gateway, after.caddy]).toEqual([before.gateway, before.caddy]);
    expect((await at().audit()).at(-1)).toMatchObject({
      what: '--local-rebuild-bridge',
      services: ['bridge changed'],
      verdict: { before: 'healthy', after: 'healthy' },
      outcome: 'applied',
    });
  });

  test('a rollback brings the release before back, and is listed', async () => {
    const [first, second] = (await at().audit()).map(({ after }) => String(after));
    expect(await at().verb(['--local-rollback', '--yes'])).toMatchObject({ status: 0 });
    expect((await at().audit()).at(-1)).toMatchObject({ after: first, services: ['bridge changed'] });
    const { stdout } = await at().verb(['--local-releases']);
    expect(stdout).toEqual([expect.stringContaining(`* ${first}`), expect.stringContaining(`  ${second}`)]);
    expect(stdout[0]).toContain(`${OWNER}  --local-rollback  applied  healthy`);
    expect(await at().verb(['--local-rollback', String(second), '--yes'])).toMatchObject({ status: 0 });
  });

  test('a bridge that crashes at start goes back, and the one before serves', async () => {
    const before = await at().containers();
    await at().configure({ logLevel: 'debug', secrets: 'bad-secrets' });
    const { status, stderr } = await all();
    expect(status).toBe(1);
    expect(stderr).toContain('what ran before serves again (healthy)');
    expect(stderr).toMatch(/bridge does not come up: [\s\S]*(unhealthy|exited|restarting)/i);
    const after = await at().containers();
    expect([after.gateway, after.caddy]).toEqual([before.gateway, before.caddy]);
    expect((await at().get('/ping')).status).toBe(200);
    await at().configure({ logLevel: 'debug' });
    expect((await all('--plan')).stdout.at(-1)).toBe('nothing to do');
    expect((await at().audit()).at(-1)).toMatchObject({
      outcome: 'went-back',
      why: 'service-failed',
      verdict: { before: 'healthy', after: 'healthy' },
    });
    expect(await readdir(at().site())).not.toContain('lock');
  });

  test('of two at once the second is told who is at it', async () => {
    await at().configure({ logLevel: 'warn' });
    let second: Awaited<ReturnType<typeof all>> | undefined;
    const first = await at().verb(['--local-all'], async (line) => {
      if (line.includes('/host/apply')) second ??= await all();
    });
    expect([first.status, second?.status]).toEqual([0, 1]);
    expect(second?.stderr).toContain(`${OWNER} holds the lock`);
    expect(second?.stderr).toContain('--local-all, since ');
  });

  describe('a lock that a dead run left', () => {
    const lock = async (more: Record<string, unknown>) => {
      await mkdir(at().site('lock'));
      const since = '2026-01-02T03:04:05.000Z';
      const owner = { owner: 'ann@desk', verb: '--local-all', since, ...more };
      await writeFile(at().site('lock/owner'), `${JSON.stringify(owner)}\n`);
    };

    test('is broken by its name', async () => {
      await at().configure({ logLevel: 'error' });
      await lock({});
      expect((await all()).stderr).toContain('--break-lock ann@desk');
      expect((await all('--break-lock', 'bob@desk')).stderr).toContain('the lock is of ann@desk');
      expect(await all('--break-lock', 'ann@desk')).toMatchObject({ status: 0 });
    });

    test('is taken once it has ended', async () => {
      await at().configure({ logLevel: 'trace' });
      await lock({ expires: '2026-01-02T03:19:05.000Z' });
      const { status, stderr } = await all();
      expect(status).toBe(0);
      expect(stderr).toContain(
        'the lock of ann@desk (--local-all, since 2026-01-02T03:04:05.000Z) is taken: it ended',
      );
    });
  });

  test('a release that was sent by half is finished', async () => {
    await at().configure({ cacheMb: 51 });
    const plan = await all('--plan');
    const id = /r-[\da-f]{16}/.exec(plan.stdout.join('\n'))?.[0] ?? '';
    await mkdir(at().site('releases', `${id}.partial`, 'bridge'), { recursive: true });
    await writeFile(at().site('releases', `${id}.partial`, 'bridge/bridge.mjs'), 'half');
    await writeFile(at().site('releases', `${id}.partial`, 'stray'), '');
    expect(await all()).toMatchObject({ status: 0 });
    expect(await readdir(at().site('releases', id))).not.toContain('stray');
    expect(await readdir(at().site('releases'))).not.toContain(`${id}.partial`);
  });

  test('a change of the gateway waits where a person is to be asked, and is done by consent', async () => {
    const before = await at().containers();
    await at().configure({ seed: 8, changes: 'ask' });
    const { status, stdout } = await all();
    expect([status, stdout.join('\n')]).toEqual([0, expect.stringContaining('the gateway part waits')]);
    expect((await at().containers()).gateway).toBe(before.gateway);
    const pending = JSON.parse(await readFile(at().site('pending.json'), 'utf8'));
    expect(pending).toMatchObject({ by: OWNER, until: 'ask' });
    expect(await all('--with-gateway', '--yes')).toMatchObject({ status: 0 });
    expect((await at().containers()).gateway).not.toBe(before.gateway);
    expect(await readdir(at().site())).not.toContain('pending.json');
    await at().ready();
  });

  test('releases are pruned to five, but for what runs', async () => {
    const kept = await readdir(at().site('releases'));
    expect(kept.length).toBeLessThanOrEqual(7);
    const first = String((await at().audit())[0]?.after);
    // Caddy has run since the first, from its folder.
    expect(kept).toContain(first);
    const images = await engine().docker('image', 'ls', '--format', '{{.Tag}}', 'gatehouse/bridge');
    for (const id of kept) {
      const { services } = JSON.parse(await readFile(at().site('releases', id, 'manifest.json'), 'utf8'));
      if (id !== first) expect(images).toContain(services.bridge);
    }
  });
});
