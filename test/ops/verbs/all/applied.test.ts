import { createServer } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { recordingRemote } from '../../../../ops/recording.ts';
import { run } from '../../around.ts';
import { listening } from '../../helpers.ts';
import { checkout, deeds, host, outcome, verb } from '../deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;

describe('--prod-all', () => {
  const changed = { gateway: same, bridge: 'old', caddy: same };

  test('sends the release, has the host apply it under its lock, and looks from outside', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const { status, stdout } = await verb(at, ['--prod-all'], on);
    expect([status, stdout.slice(-2)]).toEqual([
      0,
      [
        `${at.release.id} runs on a recording; touched: bridge; verdict: healthy (7 s)`,
        expect.stringMatching(/^from outside: http:\/\/127\.0\.0\.1:\d+ answers$/),
      ],
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', `apply ${at.release.id} --gateway window`, 'unlock']);
    const lock = on.commands.find(({ args }) => args.includes('lock'))?.args.at(-1);
    const apply = on.commands.find(({ program }) => program.endsWith('/host/apply'));
    expect(apply?.args.at(-1)).toBe(lock);
    expect(JSON.parse(lock ?? '')).toMatchObject({ verb: '--prod-all', client: { pid: process.pid } });
  });

  test('gives the outcome to machines', async () => {
    const at = await checkout();
    const { stdout } = await verb(at, ['--prod-all', '--json', '--yes'], host(at, changed));
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      {
        stack: 'prod',
        ...JSON.parse(outcome(at.release.id)),
        outside: { reached: true, words: expect.any(String) },
      },
    ]);
  });

  test('asks at a terminal, and does nothing after a no', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const { status, stderr } = await verb(at, ['--prod-all'], on, { answer: 'n' });
    expect([status, stderr[0]]).toEqual([1, 'Error: not confirmed: nothing was done']);
    expect(deeds(on)).toEqual([]);
    expect(await verb(at, ['--prod-all'], on, { answer: 'y' })).toMatchObject({ status: 0 });
  });

  test('sends nothing twice', async () => {
    const at = await checkout();
    const on = host(at, changed, ({ program }) => (program === 'test' ? {} : undefined));
    expect(await verb(at, ['--prod-all'], on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual(['lock', `apply ${at.release.id} --gateway window`, 'unlock']);
  });

  test('says when the stack is stopped', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply')
        ? { stdout: outcome(at.release.id, { services: [], stopped: true }) }
        : undefined,
    );
    const { status, stdout } = await verb(at, ['--prod-all'], on, { answers: false });
    expect([status, stdout.at(-1)]).toEqual([
      0,
      `${at.release.id} is current on a recording, and the stack is stopped: --prod-start starts it`,
    ]);
  });

  test('says when the stack does not answer from outside', async () => {
    const at = await checkout();
    const { status, stdout } = await verb(at, ['--prod-all'], host(at, changed), { answers: false });
    expect([status, stdout.at(-1)]).toEqual([1, expect.stringMatching(/^from outside: /)]);
  });
});

test('--prod-rebuild-bridge touches the bridge alone, whatever else has changed', async () => {
  const at = await checkout();
  const on = host(at, { gateway: 'old', bridge: 'old', caddy: 'old' });
  const { status, stdout } = await verb(at, ['--prod-rebuild-bridge'], on);
  expect([status, stdout[0]]).toEqual([0, `release ${at.release.id}`]);
  expect(deeds(on)).toEqual([
    'lock',
    'rsync',
    'mv',
    `apply ${at.release.id} --only bridge --gateway window`,
    'unlock',
  ]);
});

describe('--prod-sync-bridge', () => {
  test('sends the release and restarts nothing', async () => {
    const at = await checkout();
    const on = host(at, { bridge: 'old' });
    const { status, stdout } = await verb(at, ['--prod-sync-bridge'], on);
    expect([status, stdout]).toEqual([0, [`${at.release.id} is on a recording; 12,345 bytes sent`]]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', 'unlock']);
  });

  test('the second time sends nothing', async () => {
    const at = await checkout();
    const on = host(at, { bridge: 'old' }, ({ program }) => (program === 'test' ? {} : undefined));
    const { stdout } = await verb(at, ['--prod-sync-bridge', '--json'], on);
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      { stack: 'prod', release: at.release.id, sent: 0 },
    ]);
    expect(deeds(on)).toEqual(['lock', 'unlock']);
  });

  test('--dry-run prints what it would do', async () => {
    const at = await checkout();
    const on = host(at, {});
    const { stdout } = await verb(at, ['--prod-sync-bridge', '--dry-run'], on);
    expect(stdout.join('\n')).toMatch(/^rsync .*\.partial\/$/m);
    expect(deeds(on)).toEqual([]);
  });
});

test('an instance is reached through IAP as an OS Login user, by rsync too', async () => {
  const at = await checkout();
  const on = host(at, { gateway: same, bridge: 'old', caddy: same });
  const local = recordingRemote(() => ({ stdout: 'me_example_com\n' }));
  const { stdout } = await run(at.root, ['--prod-all', '--dry-run'], { host: on, local });
  const sent = stdout.find((line) => line.startsWith('rsync'));
  expect(sent).toContain('ProxyCommand=gcloud compute start-iap-tunnel gatehouse %p');
  expect(sent).toMatch(
    / '--rsync-path=sudo -n rsync' -- out\/r-[\da-f]{16}\/ OS_LOGIN_USER@gatehouse:\/var\/lib\/gatehouse\/\S+\.partial\/$/,
  );
  expect(stdout.find((line) => line.includes('/host/apply'))).toContain(
    "npx gatehouse --prod-ssh -- 'sudo -n /var/lib/gatehouse/",
  );
  const server = createServer((_, response) => response.end('{"ok":true}'));
  const url = `http://127.0.0.1:${await listening(server)}`;
  const { status, reached } = await run(at.root, ['--prod-all', '--url', url], { host: on, local });
  expect([status, reached]).toEqual([
    0,
    [
      expect.objectContaining({
        user: 'me_example_com',
        sudo: true,
        iap: { project: 'acme-trading', zone: 'us-west1-b' },
      }),
    ],
  ]);
});
