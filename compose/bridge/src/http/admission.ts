import { BridgeError } from '../errors.ts';
import type { AppDeps } from './deps.ts';
import { FailedAttempts } from './failed-attempts.ts';
import type { ApiKey, Scope } from './keys.ts';
import { FREQUENT_PATHS } from './request-log.ts';

/** Answered without a key: to who only wants to know whether it is up, and to browsers, which send none. */
const OPEN_PATHS: ReadonlySet<string> = new Set([...FREQUENT_PATHS, '/docs']);

/** What a caller is judged by. */
export interface Caller {
  readonly method: string;
  readonly path: string;
  /** As sent in X-API-KEY. */
  readonly key: string | undefined;
  readonly address: () => string;
}

/**
 * Lets a caller in: scope read to look, scope trade to change anything.
 * @returns whose key it is; undefined where none is wanted
 * @throws BridgeError `api-key-missing`, `api-key-unknown`, `scope-missing` or `too-many-attempts`.
 */
export type Admission = (caller: Caller) => ApiKey | undefined;

export function createAdmission({
  findKey,
  clock,
  log,
}: Pick<AppDeps, 'findKey' | 'clock' | 'log'>): Admission {
  const attempts = new FailedAttempts(clock);
  return ({ method, path, key: sent, address }) => {
    if (OPEN_PATHS.has(path)) return undefined;
    if (!sent) throw new BridgeError('api-key-missing', 'there is no X-API-KEY header');
    // To read an address costs more than to compare a key, and there is hardly ever one that failed.
    if (!attempts.isEmpty) attempts.require(address());
    const key = findKey(sent);
    if (!key) {
      const from = address();
      if (attempts.failed(from))
        log.warn({ address: from }, 'too many wrong API keys: not listened to any more');
      throw new BridgeError('api-key-unknown', 'the X-API-KEY header fits no key');
    }
    const scope: Scope = method === 'GET' || method === 'HEAD' ? 'read' : 'trade';
    if (!key.scopes.includes(scope))
      throw new BridgeError('scope-missing', `key ${key.name} lacks scope ${scope}`);
    return key;
  };
}
