import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { alone } from './lock.ts';

/** Where parts are kept between runs: outside the checkout, so that a clean clone starts warm. */
export function cachePath(...segments: string[]): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatehouse', ...segments);
}

export interface Recipe {
  /** Throws when the folder is not there or not what it should be. Run before every use. */
  check: (folder: string) => Promise<unknown>;
  /** Fills an empty folder. It is renamed afterwards, so nothing in it may depend on where it was made. */
  make: (folder: string) => Promise<unknown>;
}

/**
 * A folder in the cache that passes its check: the one that is there, or a new one, made aside and renamed into place
 * so that a run cut short never leaves half a part. Two runs that need it at once make it once.
 * @throws whatever `make` threw, or `check` on the new folder.
 */
export async function cachedFolder(name: string, recipe: Recipe): Promise<string> {
  const folder = cachePath(name);
  if (await passes(recipe, folder)) return folder;
  await alone(cachePath('locks', name), async () => {
    if (!(await passes(recipe, folder))) await renew(folder, recipe);
  });
  return folder;
}

async function passes({ check }: Recipe, folder: string): Promise<boolean> {
  return check(folder).then(
    () => true,
    () => false,
  );
}

async function renew(folder: string, { check, make }: Recipe): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const aside = await mkdtemp(`${folder}.new-`);
  try {
    await make(aside);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await check(folder);
}
