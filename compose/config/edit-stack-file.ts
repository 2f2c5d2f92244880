import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ComposeError } from '../errors.ts';

/**
 * Writes one of our keys into Pulumi.<stack>.yaml, whole or not at all; its comments and all else stay as they are.
 * `path` is below `gatehouse:`, such as gateway and image. Throws ComposeError stack-missing or stack-unreadable.
 */
export async function setStackKey(
  root: string,
  stack: string,
  [section, ...rest]: readonly [string, ...string[]],
  value: string,
): Promise<void> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ComposeError('stack-missing', `there is no readable ${file}`, error);
  });
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) throw new ComposeError('stack-unreadable', `${file}: ${problem.message}`);
  document.setIn(['config', `gatehouse:${section}`, ...rest], value);
  await writeFile(`${file}.new`, document.toString({ lineWidth: 0 }));
  await rename(`${file}.new`, file);
}
