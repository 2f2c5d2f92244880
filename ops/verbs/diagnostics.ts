import { readApiKey } from '../api-key.ts';
import type { Actions, Check } from '../checks/check.ts';
import { containersCheck } from '../checks/containers.ts';
import { diskCheck } from '../checks/disk.ts';
import { dnsCheck } from '../checks/dns.ts';
import { dockerCheck } from '../checks/docker.ts';
import type { Edge } from '../checks/edge.ts';
import { executionsCheck } from '../checks/executions.ts';
import { healthCheck } from '../checks/health.ts';
import { hostCheck, hostElsewhere } from '../checks/host.ts';
import { memoryCheck } from '../checks/memory.ts';
import { pingCheck } from '../checks/ping.ts';
import { probeCheck, remoteProber } from '../checks/probe.ts';
import { tcpCheck } from '../checks/tcp.ts';
import { tlsCheck } from '../checks/tls.ts';
import type { Remote } from '../remote.ts';
import { deployedActions, probeCommand, readTarget, type Target } from '../target.ts';
import { edgeOfTarget } from '../target-edge.ts';
import { hostOfTarget, runsHere } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';
import { runDiagnosis } from './run-diagnosis.ts';

/** Looks at a deployed stack from the outermost layer in, and names the one state it is in. */
export async function diagnostics(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const apiKey = await apiKeyOf(context);
  const edge = await edgeOfTarget(target, context);
  const host = await hostOfTarget(target, context);
  const actions = deployedActions(target, host);
  try {
    const checks = [
      ...outside(edge, actions, apiKey, context),
      ...(await inside(target, actions, host, context)),
    ];
    return await runDiagnosis(checks, context);
  } finally {
    await host.close();
  }
}

function outside(
  edge: Edge,
  actions: Actions,
  apiKey: string | undefined,
  { options }: VerbContext,
): Check[] {
  return [
    dnsCheck(edge, actions),
    tcpCheck(edge, actions),
    ...(edge.url.protocol === 'https:' ? [tlsCheck(edge, actions, () => new Date())] : []),
    pingCheck(edge, actions),
    healthCheck(edge, actions, { connect: false }),
    ...(options.connectOnce ? [healthCheck(edge, actions, { connect: true })] : []),
    executionsCheck(edge, actions, apiKey),
  ];
}

async function inside(
  target: Target,
  actions: Actions,
  host: Remote,
  context: VerbContext,
): Promise<Check[]> {
  const { project, services, instance } = target;
  const { options, local } = context;
  const unsaid = instance === undefined && options.ssh === undefined && !options.dryRun;
  if (unsaid && !(await runsHere(target, local))) return [hostElsewhere(project)];
  const linux = host !== local || process.platform === 'linux';
  return [
    hostCheck(host),
    diskCheck(host, ['/']),
    ...(linux ? [memoryCheck(host)] : []),
    dockerCheck(host),
    containersCheck(host, project, services, actions),
    probeCheck(remoteProber(host, probeCommand(target)), actions),
  ];
}

async function apiKeyOf({ options }: VerbContext): Promise<string | undefined> {
  return options.apiKeyFile === undefined ? undefined : readApiKey(String(options.apiKeyFile));
}
