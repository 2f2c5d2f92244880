import { constants, copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, readStackFile } from '../../compose/config.ts';
import { opsError } from '../errors.ts';
import { STAND_INS } from './answers.ts';

export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/**
 * The stack file that is there already; undefined without one. Throws stack-exists for one that says something, unless
 * it is to be replaced: the example that comes with a checkout names no project of anybody's.
 */
export async function existing(root: string, stack: string, force: boolean): Promise<string | undefined> {
  const name = stackFileName(stack);
  const text = await readFile(join(root, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw opsError('file-unreadable', name, error.code ?? error.message);
  });
  if (text === undefined || force || (await isExample(root, stack))) return text;
  throw opsError('stack-exists', name);
}

async function isExample(root: string, stack: string): Promise<boolean> {
  try {
    const { host } = readConfig(await readStackFile(root, stack));
    return host.kind === 'gcp' && host.project === STAND_INS.project;
  } catch {
    return false;
  }
}

/** Writes the file in one step; the one of before is kept beside it. Returns the name of that, if there was one. */
export async function replaceStackFile(
  root: string,
  stack: string,
  text: string,
  before: string | undefined,
): Promise<string | undefined> {
  const path = join(root, stackFileName(stack));
  try {
    const kept = before === undefined ? undefined : await setAside(path);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    return kept;
  } catch (error) {
    throw opsError('folder-unusable', path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

/** A copy under a name that is free: an older copy is never overwritten. */
async function setAside(path: string, number = 1): Promise<string> {
  const copy = `${path}.bak${number === 1 ? '' : `.${number}`}`;
  try {
    await copyFile(path, copy, constants.COPYFILE_EXCL);
    return copy;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return setAside(path, number + 1);
    throw error;
  }
}
