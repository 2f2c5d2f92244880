import { auditLineIfThere } from '../commands/secrets.ts';
import { siteOf } from '../deploy/site.ts';
import type { Remote } from '../remote.ts';
import { personHere } from '../runbook/holder.ts';
import type { Target } from '../target.ts';
import type { VerbContext } from '../verb.ts';

/**
 * Notes on the host who changed which secrets, never to what. Secret Manager keeps a log of its own, so without a
 * host nothing is noted; nor on a host where nothing was deployed yet.
 */
export async function auditSecret(
  { project }: Pick<Target, 'project'>,
  host: Remote | undefined,
  { options, stack }: VerbContext,
  { verb, name }: { readonly verb: string; readonly name: string },
): Promise<void> {
  if (host === undefined) return;
  const { folder } = siteOf(host, String(options.hostFolder), project);
  const line = {
    at: new Date().toISOString(),
    who: personHere(),
    what: `--${stack}-${verb}`,
    secret: name,
    outcome: 'applied',
  };
  await host.run(auditLineIfThere(folder, JSON.stringify(line)));
}
