import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { opsError } from '../errors.ts';
import type { SecretStore } from '../secrets/store.ts';

/** The keys file of npm start, which its bridge watches. */
export function keysStore(path: string): SecretStore {
  return {
    where: path,
    seen: 'npm start sees it at once',
    read: () =>
      readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw opsError('file-unreadable', path, error.code ?? error.message);
      }),
    write: (value) => replace(path, `${value}\n`),
    readPlan: () => [`# reads ${path}`],
    plan: () => [`# rewrites ${path}`],
  };
}

/** Renamed into place, so that a reader never sees half of it; readable by its owner only from the start on. */
async function replace(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  try {
    await rm(aside, { force: true });
    await writeFile(aside, text, { flag: 'wx', mode: 0o600 });
    await rename(aside, path);
  } catch (error) {
    throw opsError('folder-unusable', path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
