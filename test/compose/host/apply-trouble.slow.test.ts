import { chmod, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Release } from '../../../compose/release.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

const NOISY = { bridge: { logLevel: 'debug' } };

async function served() {
  const site = await fakeSite();
  const first = await site.serve(await site.release());
  return { site, first, release: await site.release(NOISY) };
}

/** How often a process was woken: one that waits for a docker that says nothing, by a signal alone. */
async function wakings(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
}

describe('before anything is touched', () => {
  test('a docker that is not there', async () => {
    const { site, release } = await served();
    await site.docker('down');
    expect(await site.apply(release)).toMatchObject({
      status: 1,
      outcome: {
        outcome: 'failed',
        why: {
          code: 'docker-missing',
          message: 'docker does not answer: Cannot connect to the Docker daemon',
          hint: expect.stringContaining('systemctl start docker'),
        },
      },
      stderr: expect.stringMatching(/docker-missing: docker does not answer.*\n.*Try: start the engine/),
    });
    expect(await readdir(site.folder)).not.toContain('lock');
  });

  test('a disk that is full', async () => {
    const { site, release } = await served();
    const { outcome } = await site.run(release.id, ['--supervised'], { LEAST_ROOM_MB: '999999999' });
    expect(outcome).toMatchObject({
      why: { code: 'disk-full', message: expect.stringMatching(/MB are free in .*; 999999999 are needed$/) },
    });
    expect(await site.deeds()).toEqual([]);
  });

  test('an image for which there is no room', async () => {
    const { site, release } = await served();
    await site.docker('fail-image', 'write /app/bridge.mjs: no space left on device');
    expect(await site.apply(release)).toMatchObject({ outcome: { why: { code: 'disk-full' } } });
  });

  test('an image that is not built: what runs goes on', async () => {
    const { site, first, release } = await served();
    await site.docker('fail-image', 'pull access denied for node');
    expect(await site.apply(release)).toMatchObject({
      outcome: {
        why: { code: 'image-failed', message: expect.stringContaining('pull access denied for node') },
      },
    });
    expect((await site.running()).bridge).toBe(first.id);
    expect(await readdir(site.folder)).not.toContain('lock');
  });

  test('a release that was sent by half, or edited', async () => {
    const { site, release } = await served();
    const file = site.at('releases', release.id, 'bridge/bridge.mjs');
    await chmod(file, 0o644);
    await writeFile(file, 'half');
    expect(await site.apply(release)).toMatchObject({
      outcome: { why: { code: 'release-damaged', message: expect.stringMatching(/ holds r-[\da-f]{16}$/) } },
    });
    expect(await site.deeds()).toEqual([]);
  });

  test.each([
    [['--gateway', 'soon'], '--gateway must be leave, window, ask or now; got "soon"'],
    [['--only'], '--only needs a value'],
    [['--quickly'], 'no such argument: --quickly'],
  ])('what it is told wrongly: %s', async (args, message) => {
    const { site, release } = await served();
    expect(await site.apply(release, ...args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('a stop between two steps ends it, unlocked', async () => {
    const { site, first, release } = await served();
    await site.docker('hold-image');
    const run = site.start(release);
    const build = `build gatehouse/bridge:${release.definitions.bridge}`;
    await expect.poll(() => site.deeds(), { timeout: 60_000 }).toContain(build);
    const { pid } = JSON.parse(await site.read('lock/owner'));
    const before = await wakings(pid);
    run.child.kill('SIGTERM');
    await expect.poll(() => wakings(pid), { timeout: 60_000 }).toBeGreaterThan(before);
    await site.dockerForgets('hold-image');
    expect(await run.ended).toEqual([1, null]);
    expect((await site.running()).bridge).toBe(first.id);
    expect(await site.audit()).toMatchObject([{ outcome: 'failed', why: 'stopped' }]);
    expect(await readdir(site.folder)).not.toContain('lock');
  });
});

describe('in the middle of a swap', () => {
  /** A run whose docker is at the bridge's container, and stays there until hold-up is forgotten. */
  async function heldAt(site: FakeSite, release: Release) {
    await site.docker('hold-up');
    const run = site.start(release);
    await expect.poll(() => site.deeds(), { timeout: 60_000 }).toContain(`up bridge of ${release.id}`);
    return run;
  }

  test('a stop is heard when the swap is through', async () => {
    const { site, release } = await served();
    const run = await heldAt(site, release);
    run.child.kill('SIGTERM');
    await site.dockerForgets('hold-up');
    expect(await run.ended).toEqual([0, null]);
    expect((await site.running()).bridge).toBe(release.id);
  });

  test('a connection that is cut takes nothing with it', async () => {
    const { site, release } = await served();
    const run = await heldAt(site, release);
    run.child.kill('SIGKILL');
    await run.ended;
    await site.dockerForgets('hold-up');
    await expect.poll(() => site.audit(), { timeout: 60_000 }).toMatchObject([{ outcome: 'applied' }]);
    expect((await site.running()).bridge).toBe(release.id);
    const [kept = ''] = await readdir(site.at('runs'));
    await expect
      .poll(() => site.read('runs', kept, 'result'), { timeout: 60_000 })
      .toContain('"outcome":"applied"');
  });

  test('a run that is killed: the next one sees it, and judges against the last good release', async () => {
    const { site, first, release } = await served();
    const run = await heldAt(site, release);
    const { pid } = JSON.parse(await site.read('lock/owner'));
    process.kill(pid, 'SIGKILL');
    await site.dockerForgets('hold-up');
    await run.ended;
    // docker went on without it: the bridge of the release runs, and nobody has judged it.
    await expect.poll(() => site.running(), { timeout: 60_000 }).toMatchObject({ bridge: release.id });
    const other = await site.release({ bridge: { logLevel: 'trace' } });
    await site.docker('fail-up', String(other.definitions.bridge));
    const { outcome, stderr } = await site.apply(other);
    expect(stderr).toContain(`its process ${pid} is gone`);
    expect(stderr).toContain(`a run was cut short: --local-all of ann@desk with ${release.id}`);
    expect(outcome).toMatchObject({ outcome: 'went-back' });
    expect((await site.running()).bridge).toBe(first.id);
  });

  test('a container that is half made is finished', async () => {
    const { site, first } = await served();
    const [gateway = '', bridge = '', caddy = ''] = await site.dockerHas('containers');
    const half = bridge
      .replace('gatehouse-bridge-1', '0a1b_gatehouse-bridge-1')
      .replace(/running$/, 'created');
    await site.docker('containers', gateway, bridge, half, caddy);
    expect(await site.apply(first)).toMatchObject({ status: 0 });
    expect(await site.deeds()).toEqual([`up bridge of ${first.id}`]);
  });
});

describe('looking only', () => {
  test('--plan says what it would do, and needs no lock', async () => {
    const { site, release } = await served();
    const { status, outcome, stderr } = await site.run(release.id, ['--plan']);
    expect([status, outcome]).toEqual([
      0,
      expect.objectContaining({
        outcome: 'applied',
        services: expect.arrayContaining([{ name: 'bridge', change: 'changed', done: false }]),
      }),
    ]);
    expect(stderr).toMatch(/bridge: replaced \(requests wait some seconds at Caddy/);
    expect(await site.deeds()).toEqual([]);
    expect((await readdir(site.folder)).sort()).toEqual(['current', 'releases']);
  });

  test('--plan on a host without docker tells that, and writes nothing down', async () => {
    const { site, release } = await served();
    await site.docker('down');
    expect(await site.run(release.id, ['--plan'])).toMatchObject({
      status: 1,
      outcome: { outcome: 'failed', why: { code: 'docker-missing' } },
    });
    expect(await site.audit()).toEqual([]);
  });

  test('--dry-run prints the exact commands, and runs none of them', async () => {
    const { site, first, release } = await served();
    await rm(site.at('runs'), { recursive: true, force: true });
    const { status, stderr } = await site.run(release.id, ['--dry-run']);
    expect(status).toBe(0);
    const folder = site.at('releases', release.id);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^timeout 1800 docker build --quiet --tag gatehouse\/bridge:\w+ --build-arg .*\/bridge$/,
      ),
      `timeout 185 docker compose -f ${folder}/compose.yaml up --detach --no-deps --no-build --pull never --wait --wait-timeout 5 bridge`,
    ]);
    expect(await site.deeds()).toEqual([]);
    expect((await site.running()).bridge).toBe(first.id);
    expect(await readlink(site.at('current'))).toBe(`releases/${first.id}`);
    expect((await readdir(site.folder)).sort()).toEqual(['current', 'releases']);
  });
});
