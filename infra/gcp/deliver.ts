import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ComposeError } from '../../compose/errors.ts';
import { releaseArchive } from '../../compose/release/archive.ts';
import type { Release } from '../../compose/release.ts';

/**
 * Writes a release as one file, <out>/<id>.tar.gz, whole or not at all, and returns its path. Throws ComposeError
 * out-unwritable.
 */
export async function writeArchive(
  { id, files }: Pick<Release, 'id' | 'files'>,
  out: string,
): Promise<string> {
  const path = join(out, `${id}.tar.gz`);
  const bytes = await releaseArchive(files);
  try {
    await mkdir(out, { recursive: true });
    // Two programs may write the same release at once.
    await writeFile(`${path}.${process.pid}`, bytes);
    await rename(`${path}.${process.pid}`, path);
  } catch (error) {
    throw new ComposeError('out-unwritable', `${path} could not be written`, error);
  }
  return path;
}
