import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type FakeSite, fakeSite } from './fake-site.ts';

const HOUR = 3_600_000;

async function lock(site: FakeSite, more: Record<string, unknown>): Promise<string> {
  const owner = JSON.stringify({
    owner: 'bob@desk',
    verb: '--prod-all',
    since: '2026-01-02T03:04:05Z',
    expires: new Date(Date.now() + HOUR).toISOString(),
    ...more,
  });
  await mkdir(site.at('lock'), { recursive: true });
  await writeFile(site.at('lock/owner'), `${owner}\n`);
  return owner;
}

const boot = async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();

describe('a lock', () => {
  test('that somebody holds is refused with its owner, and nothing is done', async () => {
    const site = await fakeSite();
    const owner = await lock(site, {});
    const { status, stdout } = await site.apply(await site.release());
    expect([status, stdout]).toEqual([75, `${owner}\n`]);
    expect(await site.dockerHas('calls')).toEqual([]);
    expect(await site.read('lock/owner')).toBe(`${owner}\n`);
  });

  test('that is asked for over and over leaves no folder of a run behind', async () => {
    const site = await fakeSite();
    await lock(site, {});
    const { id } = await site.release();
    expect((await site.run(id, [])).status).toBe(75);
    expect(await readdir(site.at('runs'))).toEqual([]);
  });

  test.each([
    ['has ended', async () => ({ expires: '2026-01-02T04:04:05Z' }), 'it ended at 2026-01-02T04:04:05Z'],
    [
      'is of a process that is gone',
      async () => ({ pid: 4_194_305, boot: await boot() }),
      'its process 4194305 is gone',
    ],
    [
      'is from before the host was started anew',
      async () => ({ pid: 1, boot: 'other' }),
      'the host was started anew since',
    ],
  ])('that %s is taken, which is said and written down', async (_, more, reason) => {
    const site = await fakeSite();
    await lock(site, await more());
    const { status, stderr } = await site.apply(await site.release());
    expect(status).toBe(0);
    expect(stderr).toContain(
      `the lock of bob@desk (--prod-all, since 2026-01-02T03:04:05Z) is taken: ${reason}`,
    );
    expect(await site.audit()).toMatchObject([{ brokeLock: { owner: 'bob@desk', reason } }]);
    expect(await readdir(site.folder)).not.toContain('lock');
  });

  test('without an owner, as a loss of power leaves it, is taken', async () => {
    const site = await fakeSite();
    await mkdir(site.at('lock'));
    await writeFile(site.at('lock/owner'), '');
    expect(await site.apply(await site.release())).toMatchObject({ status: 0 });
    expect(await site.audit()).toMatchObject([
      { brokeLock: { owner: 'nobody', reason: 'it names no owner' } },
    ]);
    expect(await readdir(site.folder)).not.toContain('lock');
  });

  test('of a process that is there is held', async () => {
    const site = await fakeSite();
    await lock(site, { pid: process.pid, boot: await boot() });
    expect((await site.apply(await site.release())).status).toBe(75);
  });

  test('that cannot be read is nobody’s to take', async () => {
    const site = await fakeSite();
    await mkdir(site.at('lock'));
    await writeFile(site.at('lock/owner'), 'who knows\n');
    expect(await site.apply(await site.release())).toMatchObject({ status: 75, stdout: 'who knows\n' });
  });

  test('it was told to work under is taken over, and given back at the end', async () => {
    const site = await fakeSite();
    const owner = await lock(site, {});
    expect((await site.apply(await site.release(), '--under-lock', owner)).status).toBe(0);
    expect(await readdir(site.folder)).not.toContain('lock');
  });

  test('it was told to work under and is another’s: nothing is done', async () => {
    const site = await fakeSite();
    const owner = await lock(site, {});
    const theirs = await lock(site, { owner: 'eve@desk' });
    expect(await site.apply(await site.release(), '--under-lock', owner)).toMatchObject({
      status: 1,
      outcome: { outcome: 'failed', why: { code: 'lock-lost' } },
    });
    expect(await site.read('lock/owner')).toBe(`${theirs}\n`);
  });

  test('while a run is at it names that run', async () => {
    const site = await fakeSite();
    const release = await site.release();
    await site.docker('hold-up');
    const first = site.start(release);
    await expect
      .poll(() => site.read('lock/owner').catch(() => ''), { timeout: 60_000 })
      .toContain('ann@desk');
    const second = await site.apply(release);
    expect(second.status).toBe(75);
    expect(JSON.parse(second.stdout)).toMatchObject({
      owner: 'ann@desk',
      verb: '--local-all',
      release: release.id,
    });
    await site.dockerForgets('hold-up');
    expect(await first.ended).toEqual([0, null]);
  });
});
