import { writeFile } from 'node:fs/promises';
import { opsError } from './errors.ts';

/** Writes a file that only its owner may read, and never over one that is there. Throws file-taken or folder-unusable. */
export async function writeNewFile(file: string, content: string | Buffer): Promise<void> {
  await writeFile(file, content, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw opsError('file-taken', file);
    throw opsError('folder-unusable', file, error.code ?? error.message);
  });
}
