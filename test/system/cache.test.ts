import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { cachedFolder, cachePath, type Recipe } from './parts/cache.ts';
import { lock } from './parts/lock.ts';

beforeEach(async () => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });
});

/** Made of one file that says `whole`. */
function recipe(): Recipe & { made: number } {
  const counted = {
    made: 0,
    check: async (folder: string) => {
      if ((await readFile(join(folder, 'part'), 'utf8')) !== 'whole') throw new Error('not whole');
    },
    make: async (folder: string) => {
      counted.made += 1;
      await writeFile(join(folder, 'part'), 'whole');
    },
  };
  return counted;
}

test('a part is made once', async () => {
  const part = recipe();
  const folder = await cachedFolder('part-1', part);
  expect(await cachedFolder('part-1', part)).toBe(folder);
  expect(part.made).toBe(1);
});

test('a cached part that fails its check is made anew', async () => {
  const part = recipe();
  const folder = await cachedFolder('part-1', part);
  await writeFile(join(folder, 'part'), 'cut o');
  await cachedFolder('part-1', part);
  expect(part.made).toBe(2);
});

test('a failed making leaves nothing behind and says why', async () => {
  const make = async (folder: string) => {
    await writeFile(join(folder, 'half'), '');
    throw new Error('no such version');
  };
  await expect(cachedFolder('part-1', { ...recipe(), make })).rejects.toThrow('no such version');
  expect(await readdir(cachePath())).toEqual(['locks']);
});

test('two runs that need the same part at once make it once', async () => {
  const part = recipe();
  await Promise.all([cachedFolder('part-1', part), cachedFolder('part-1', part)]);
  expect(part.made).toBe(1);
  expect(await readdir(cachePath())).toEqual(['locks', 'part-1']);
});

test.skipIf(process.platform === 'darwin')(
  'a shared lock keeps others from an exclusive one until it is released',
  async () => {
    const file = cachePath('lock');
    const release = await lock(file, 'shared');
    expect(await lock(file, 'exclusive-if-free')).toBeUndefined();
    await release?.();
    const last = await lock(file, 'exclusive-if-free');
    expect(last).toBeDefined();
    await last?.();
  },
);
