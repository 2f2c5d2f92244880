import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { type ApiKey, parseKeys } from '../../compose/bridge/src/http/keys.ts';
import { opsError } from '../errors.ts';

/** 192 bits, as 32 characters that need no quoting in a shell. */
const KEY_BYTES = 24;

const HEADER = '# API keys of npm start: name:scope[+scope]:key. Remove the file to have a new key made.';

/**
 * The keys of the file, made with one key on the first call and readable by its owner only from the start on.
 * Throws file-unreadable, folder-unusable, or a BridgeError keys-file-invalid.
 */
export async function devApiKeys(path: string): Promise<ApiKey[]> {
  const line = `dev:read+trade:${randomBytes(KEY_BYTES).toString('base64url')}`;
  try {
    await writeFile(path, `${HEADER}\n${line}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw opsError('folder-unusable', path, code ?? String(error));
  }
  return parseKeys(await readBack(path));
}

async function readBack(path: string): Promise<string> {
  try {
    await chmod(path, 0o600);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw opsError('file-unreadable', path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
