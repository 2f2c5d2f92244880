import { devFolder, makeDevFolder } from '../dev/folder.ts';
import { keysStore } from '../dev/keys-store.ts';
import { readDevState } from '../dev/state.ts';
import { opsError } from '../errors.ts';
import { rotate } from '../secrets/rotate.ts';
import { tryKey } from '../secrets/try-key.ts';
import type { VerbContext } from '../verb.ts';

/** Milliseconds the bridge of npm start may take. */
const TIMEOUT_MS = 5000;

/** The same as for a deployed stack, with the keys file of npm start. */
export async function devRotateApiKey(context: VerbContext): Promise<number> {
  const folder = devFolder(context.root);
  if (!context.options.dryRun) await makeDevFolder(folder);
  const edge = async () => {
    const { url } = (await readDevState(folder.state)) ?? {};
    if (url === undefined) throw opsError('dev-not-running');
    return { url: new URL(url), publicAuthority: true, timeoutMs: TIMEOUT_MS };
  };
  return rotate(
    {
      store: keysStore(folder.apiKeys),
      attempt: (key) => tryKey(edge, key),
      changed: async () => {},
      verb: 'npx gatehouse --dev-rotate-api-key',
    },
    context,
  );
}
