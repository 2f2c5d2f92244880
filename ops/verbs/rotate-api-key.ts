import { SECRETS } from '../../compose/spec.ts';
import { verbLine } from '../again.ts';
import { auditSecret } from '../secrets/audit.ts';
import { secretOf, withStore } from '../secrets/find.ts';
import { rotate } from '../secrets/rotate.ts';
import { tryKey } from '../secrets/try-key.ts';
import { readTarget } from '../target.ts';
import { edgeOfTarget } from '../target-edge.ts';
import type { VerbContext } from '../verb.ts';

/** A new API key beside the old one; with --finish the old one goes, once the bridge is seen to take the new one. */
export async function rotateApiKey(context: VerbContext): Promise<number> {
  const { stack } = context;
  const target = await readTarget(context.root, stack);
  const secret = secretOf(target, SECRETS.bridge.apiKeys);
  const entry = { verb: 'rotate-api-key', name: secret.name };
  return withStore(target, secret, context, (store, host) =>
    rotate(
      {
        store,
        attempt: (key) => tryKey(() => edgeOfTarget(target, context), key),
        changed: () => auditSecret(target, host, context, entry),
        verb: verbLine(context, 'rotate-api-key'),
      },
      context,
    ),
  );
}
