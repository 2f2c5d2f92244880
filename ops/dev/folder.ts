import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { opsError } from '../errors.ts';

/** Where npm start keeps what outlives it, and what tells others that it runs. Git ignores the folder. */
export interface DevFolder {
  readonly path: string;
  readonly apiKeys: string;
  /** Who runs and where: there only while it runs. */
  readonly state: string;
  /** The bridge's order journal. */
  readonly data: string;
  /** The bridge's log of the last run. */
  readonly log: string;
}

export function devFolder(root: string): DevFolder {
  const path = join(root, '.gatehouse');
  return {
    path,
    apiKeys: join(path, 'dev-api-keys'),
    state: join(path, 'dev.json'),
    data: join(path, 'dev-data'),
    log: join(path, 'dev.log'),
  };
}

/** Makes the folder, readable by its owner only. Throws folder-unusable. */
export async function makeDevFolder(folder: DevFolder): Promise<void> {
  try {
    await mkdir(folder.data, { recursive: true, mode: 0o700 });
    await chmod(folder.path, 0o700);
  } catch (error) {
    throw opsError('folder-unusable', folder.path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
