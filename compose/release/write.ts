import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ComposeError } from '../errors.ts';
import type { Release } from '../release.ts';
import { type ReleaseFile, releaseId } from './files.ts';

/** The one file of a release folder that its id does not cover. */
const PROVENANCE = 'provenance.json';

/**
 * Writes a release to <out>/<id>/ and returns that folder: all of it, or nothing. A release that stands there
 * already is checked and left alone. Throws ComposeError out-unwritable or release-damaged.
 */
export async function writeRelease(release: Release, out: string): Promise<string> {
  const folder = join(out, release.id);
  if (await exists(folder)) {
    await checkRelease(folder, release.id);
    return folder;
  }
  const draft = await draftIn(out);
  try {
    await fill(draft, release);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new ComposeError('out-unwritable', `${folder} could not be written`, error);
  }
  return folder;
}

/** Reads a release folder back and compares its id. Throws ComposeError release-damaged. */
export async function checkRelease(folder: string, id: string): Promise<void> {
  const found = releaseId(await filesIn(folder));
  if (found !== id) throw new ComposeError('release-damaged', `${folder} holds ${found}, not ${id}`);
}

async function draftIn(out: string): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    return await mkdtemp(join(out, '.draft-'));
  } catch (error) {
    throw new ComposeError('out-unwritable', `${out} is no folder that can be written to`, error);
  }
}

async function fill(draft: string, { files, provenance }: Release): Promise<void> {
  for (const { path, mode, bytes } of files) await put(join(draft, path), bytes, mode);
  await put(join(draft, PROVENANCE), Buffer.from(`${JSON.stringify(provenance, undefined, 2)}\n`), 0o444);
  // mkdtemp makes a folder for its owner alone; containers read this one as other users.
  await chmod(draft, 0o755);
}

/** The mode is set apart from the creation: the umask must not show in the release. */
async function put(path: string, bytes: Buffer, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await chmod(dirname(path), 0o755);
  await writeFile(path, bytes, { flag: 'wx' });
  await chmod(path, mode);
}

async function filesIn(folder: string): Promise<ReleaseFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== PROVENANCE);
  return Promise.all(paths.map((path) => read(folder, path)));
}

async function read(folder: string, path: string): Promise<ReleaseFile> {
  const file = join(folder, path);
  const mode = (await stat(file)).mode & 0o777;
  return { path, mode: mode as ReleaseFile['mode'], bytes: await readFile(file) };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
