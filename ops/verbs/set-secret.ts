import type { StackSecret } from '../../compose/secrets.ts';
import { verbLine } from '../again.ts';
import { auditSecret } from '../secrets/audit.ts';
import { secretOf, withStore } from '../secrets/find.ts';
import { shaped } from '../secrets/shape.ts';
import { secretValue } from '../secrets/value.ts';
import { readTarget } from '../target.ts';
import type { VerbContext } from '../verb.ts';

/** Puts a password or key where the stack finds it; the value comes by standard input or is typed unseen. */
export async function setSecret(context: VerbContext): Promise<number> {
  const { options, out, stack } = context;
  const target = await readTarget(context.root, stack);
  const secret = secretOf(target, context.args[0] ?? '');
  return withStore(target, secret, context, async (store, host) => {
    if (options.dryRun) {
      for (const line of store.plan()) out.line(line);
      return 0;
    }
    const { value, notes } = shaped(secret, await secretValue(secret.name, context));
    for (const note of notes) out.note(`${secret.name}: ${note}`);
    await store.write(value);
    await auditSecret(target, host, context, { verb: 'set-secret', name: secret.name });
    const { where, seen } = store;
    out.line(
      options.json
        ? JSON.stringify({ stack, secret: secret.name, where, seen })
        : `${secret.name} is in ${where}; ${seen}`,
    );
    for (const line of next(secret, context)) out.note(line);
    return 0;
  });
}

/** The bridge watches its keys; a gateway reads its credentials when it logs in. */
function next({ service }: StackSecret, context: VerbContext): string[] {
  if (service !== 'gateway') return [];
  return [
    'A gateway that runs has read the old one: it takes the new one at its next full login,',
    `${verbLine(context, 'restart-gateway', '--cold')}, which may ask for the 2FA.`,
  ];
}
