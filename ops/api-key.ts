import { readFile } from 'node:fs/promises';
import { parseKeys } from '../compose/bridge/src/http/keys.ts';
import { opsError } from './errors.ts';

/**
 * The first API key of a file that may read: a bare key, or the keys file of a bridge. Throws file-unreadable, or a
 * BridgeError keys-file-invalid; no message carries a key.
 */
export async function readApiKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw opsError('file-unreadable', path, error.code ?? error.message);
  });
  const key = parseKeys(text).find(({ scopes }) => scopes.includes('read'));
  if (key === undefined) throw opsError('file-unreadable', path, 'it has no key with the scope read');
  return key.key;
}
