import { PORTS } from '../../compose/spec.ts';
import { stackSpec } from '../../compose/stack.ts';
import { composeExec, composeLogRange, composePs } from '../commands/compose.ts';
import { dockerState, dockerStats, dockerVersion } from '../commands/docker.ts';
import * as look from '../commands/incident.ts';
import { oomKills, socketsIn, startupMarker } from '../commands/look.ts';
import { biggestProcesses, df, free, uptime } from '../commands/system.ts';
import type { Target } from '../target.ts';
import { redactInspect } from './inspect.ts';
import type { HostPart } from './part.ts';
import { screenshot } from './screen.ts';

/** The most lines of a service's log: an hour of a gateway in debug mode is no reason to fail. */
const MOST_LINES = 50_000;

/** What a host can tell of an incident, the outermost first. `containers` are those of the stack, by name. */
export function hostParts(target: Target, site: string, containers: readonly string[]): HostPart[] {
  return [...machine(), ...stack(target, site, containers), ...gateway(target), ...logs(target)];
}

function machine(): HostPart[] {
  return [
    { file: 'host/uptime.txt', command: uptime() },
    { file: 'host/startup.jsonl', command: startupMarker() },
    { file: 'host/disk.txt', command: df('/') },
    { file: 'host/memory.txt', command: free() },
    { file: 'host/pressure.txt', command: look.pressures() },
    { file: 'host/oom.txt', command: oomKills() },
    { file: 'host/processes.txt', command: biggestProcesses() },
    { file: 'host/sockets.txt', command: look.tcpSockets() },
    { file: 'host/units.log', command: look.unitsOfAnHour() },
    { file: 'host/kernel.log', command: look.kernelOfAnHour() },
  ];
}

function stack({ project, config }: Target, site: string, containers: readonly string[]): HostPart[] {
  const spec = stackSpec(config);
  const each =
    containers.length === 0
      ? []
      : [
          { file: 'docker/state.jsonl', command: dockerState(...containers) },
          {
            file: 'docker/inspect.json',
            command: look.dockerInspect(...containers),
            shape: (text: string) => redactInspect(text, spec),
          },
          { file: 'docker/stats.jsonl', command: dockerStats(...containers) },
        ];
  return [
    { file: 'site.txt', command: look.siteFiles(site) },
    { file: 'docker/version.txt', command: dockerVersion() },
    { file: 'docker/ps.jsonl', command: composePs(project) },
    ...each,
  ];
}

/** The JVM may be asked to print into its own log: before that is read. */
function gateway({ project, config, services }: Target): HostPart[] {
  if (!services.includes('gateway')) return [];
  const { dialect } = config.gateway;
  const vnc = 'vncPort' in config.gateway && config.gateway.vncPort !== undefined;
  const inside = (command: HostPart['command']) => composeExec(project, 'gateway', command);
  const port = dialect === 'extrange' ? PORTS.vnc : undefined;
  return [
    { file: 'gateway/sockets.txt', command: socketsIn(project, 'gateway') },
    { file: 'gateway/threads.txt', command: look.threadDump(project) },
    ...(vnc
      ? [{ file: 'gateway/screen.png', command: look.screenStream(inside, port), shape: screenshot }]
      : []),
  ];
}

function logs({ project, services }: Target): HostPart[] {
  return services.map((service) => ({
    file: `logs/${service}.log`,
    command: composeLogRange(project, { service, since: '1h', lines: MOST_LINES }),
  }));
}
