import { readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { BridgeError } from '../errors.ts';
import { type ApiKey, parseKeys } from './keys.ts';

/** @throws BridgeError `keys-file-missing` or `keys-file-invalid`. */
export function readKeysFile(path: string): ApiKey[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new BridgeError('keys-file-missing', `API keys file: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return parseKeys(text);
}

export interface KeysWatcher {
  /** The keys as they are now; called only when they differ from before. */
  changed(keys: readonly ApiKey[]): void;
  /** The file cannot be used as it is; called once for each mistake. */
  refused(error: BridgeError): void;
}

/** Milliseconds; the directory's events are quicker, but not every file system has them. */
const POLL = 30_000;
/** Milliseconds: an editor writes in several steps. */
const SETTLE = 100;

/**
 * Watches the file's directory, for secrets are replaced by renaming a new file into place, which a watch on the
 * file itself never sees.
 * @returns ends it.
 */
export function watchKeysFile(
  path: string,
  initial: readonly ApiKey[],
  watcher: KeysWatcher,
  poll = POLL,
): () => void {
  const check = checker(path, initial, watcher);
  let settling: NodeJS.Timeout | undefined;
  const soon = () => {
    settling ??= setTimeout(() => {
      settling = undefined;
      check();
    }, SETTLE);
  };
  const polling = setInterval(check, poll).unref();
  const endEvents = watchFolder(dirname(path), soon);
  return () => {
    clearTimeout(settling);
    clearInterval(polling);
    endEvents();
  };
}

function checker(path: string, initial: readonly ApiKey[], watcher: KeysWatcher): () => void {
  let current = JSON.stringify(initial);
  let refused = '';
  return () => {
    try {
      const keys = readKeysFile(path);
      refused = '';
      if (JSON.stringify(keys) === current) return;
      current = JSON.stringify(keys);
      watcher.changed(keys);
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      if (error.message !== refused) watcher.refused(error);
      refused = error.message;
    }
  };
}

/** Where events cannot be had, polling remains. */
function watchFolder(folder: string, changed: () => void): () => void {
  try {
    const events = watch(folder, changed);
    events.on('error', () => events.close());
    return () => events.close();
  } catch {
    return () => {};
  }
}
