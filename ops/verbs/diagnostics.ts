import { readApiKey } from '../api-key.ts';
import { insideChecks } from '../checks/inside.ts';
import { outsideChecks } from '../checks/outside.ts';
import { stackOutput } from '../commands/pulumi.ts';
import { deployedActions, readTarget, type Target } from '../target.ts';
import { publishedEdge } from '../target-edge.ts';
import { hostOfTarget } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';
import { runDiagnosis } from './run-diagnosis.ts';

/** Looks at a deployed stack from the outermost layer in, and names the one state it is in. */
export async function diagnostics(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const apiKey = await apiKeyOf(context);
  const edge = await publishedEdge(target, context);
  const host = await hostOfTarget(target, context);
  const actions = deployedActions(target, host, context);
  const { clientId } = target.config.bridge;
  const connectOnce = context.options.connectOnce === true;
  const expected = () => addressOf(target, context);
  try {
    const checks = [
      ...(edge ? outsideChecks({ edge, actions, apiKey, connectOnce, expected, clientId }) : []),
      ...(await insideChecks({ target, actions, host, context })),
    ];
    return await runDiagnosis(checks, context);
  } finally {
    await host.close();
  }
}

async function apiKeyOf({ options }: VerbContext): Promise<string | undefined> {
  return options.apiKeyFile === undefined ? undefined : readApiKey(String(options.apiKeyFile));
}

/** What Pulumi made, to compare the name with; on a machine without Pulumi's login nobody can tell. */
async function addressOf(
  { stack, instance, url }: Target,
  { local, options }: VerbContext,
): Promise<string | undefined> {
  if (instance === undefined || url === undefined || options.url !== undefined) return undefined;
  return local.run(stackOutput(stack, 'address')).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}
