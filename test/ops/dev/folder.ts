import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DevFolder, devFolder, makeDevFolder } from '../../../ops/dev/folder.ts';

/** An empty folder in place of a checkout, until the test ends. */
export async function emptyRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-dev-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** The folder of npm start in one. */
export async function newFolder(): Promise<DevFolder> {
  const made = devFolder(await emptyRoot());
  await makeDevFolder(made);
  return made;
}

/** Permission bits, as chmod takes them. */
export async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
