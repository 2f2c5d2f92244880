import { gatewayPart } from '../../compose/gateway/gateway.ts';
import { PORTS } from '../../compose/spec.ts';
import { siteOf } from '../deploy/site.ts';
import type { Remote } from '../remote.ts';
import { probeCommand, type Target } from '../target.ts';
import { runsHere } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';
import type { Actions, Check } from './check.ts';
import { clockCheck } from './clock.ts';
import { containersCheck } from './containers.ts';
import { diskCheck } from './disk.ts';
import { dockerCheck } from './docker.ts';
import { type Hop, hopCheck } from './hop.ts';
import { hostCheck, hostElsewhere } from './host.ts';
import { ibcCheck } from './ibc.ts';
import { memoryCheck } from './memory.ts';
import { oomCheck } from './oom.ts';
import { pressureCheck } from './pressure.ts';
import { probeCheck, remoteProber } from './probe.ts';
import { releaseCheck } from './release.ts';
import { socketsCheck } from './sockets.ts';
import { startupCheck } from './startup.ts';
import { stoppedCheck } from './stopped.ts';

export interface Inside {
  readonly target: Target;
  readonly actions: Actions;
  readonly host: Remote;
  readonly context: VerbContext;
}

/** What can be seen on the host of a stack, outermost first; where nobody said which it is, that alone. */
export async function insideChecks(inside: Inside): Promise<Check[]> {
  const { target, context } = inside;
  const { options, local } = context;
  const unsaid = target.instance === undefined && options.ssh === undefined && !options.dryRun;
  if (unsaid && !(await runsHere(target, local))) return [hostElsewhere(target.project)];
  return [...machineChecks(inside), ...stackChecks(inside), ...gatewayChecks(inside)];
}

function machineChecks({ target, actions, host, context }: Inside): Check[] {
  const { instance, config } = target;
  const linux = host !== context.local || process.platform === 'linux';
  const folders = instance ? ['/', String(context.options.hostFolder)] : ['/'];
  const swapMb = config.host.kind === 'gcp' ? config.host.swapMb : 0;
  return [
    hostCheck(host),
    ...(instance ? [startupCheck(host, actions)] : []),
    diskCheck(host, folders),
    ...(linux ? [memoryCheck(host, { swapMb }), pressureCheck(host), oomCheck(host, actions)] : []),
  ];
}

function stackChecks({ target, actions, host, context }: Inside): Check[] {
  const { project, services } = target;
  const site = siteOf(host, String(context.options.hostFolder), project).folder;
  return [
    dockerCheck(host),
    stoppedCheck(host, site, actions),
    containersCheck(host, project, services, actions),
    releaseCheck(host, project, site, actions),
  ];
}

/** A gateway that runs elsewhere can be probed and not looked into. */
function gatewayChecks({ target, actions, host }: Inside): Check[] {
  const { project, services } = target;
  const own = services.includes('gateway');
  const hop = hopOf(target);
  const { readOnly = false } = target.config.gateway as { readOnly?: boolean };
  return [
    ...(hop ? [hopCheck(host, project, hop, actions)] : []),
    ...(services.includes('bridge')
      ? [probeCheck(remoteProber(host, probeCommand(target, 'data')), actions)]
      : []),
    ...(own ? [ibcCheck(host, { container: `${project}-gateway-1`, readOnly }, actions)] : []),
    ...(own ? [socketsCheck(host, project, portsOf(target), actions)] : []),
    clockCheck(host, () => new Date()),
  ];
}

/** Only images of IBKR's own gateway have a forwarder in front of it. */
function hopOf({ config }: Target): Hop | undefined {
  const { dialect } = config.gateway;
  if (dialect !== 'gnzsnz' && dialect !== 'extrange') return undefined;
  const { port, tradingMode } = gatewayPart(config).endpoint;
  return { forwarder: port, api: [PORTS.api[tradingMode]] };
}

/** Clients of other containers come in by the forwarder, which is a client of the gateway's own port in its turn. */
function portsOf(target: Target): number[] {
  const { port, tradingMode } = gatewayPart(target.config).endpoint;
  return [...new Set([port, PORTS.api[tradingMode]])];
}
