import { type Config, readConfig, readStackFile } from '../compose/config.ts';
import { gatewayPart } from '../compose/gateway/gateway.ts';
import { PATHS, type ServiceName } from '../compose/spec.ts';
import { stackSpec } from '../compose/stack.ts';
import type { Level } from '../healthchecks/verdict.ts';
import { type Typed, verbLine } from './again.ts';
import type { Actions } from './checks/check.ts';
import { PROBE_CLIENT_ID } from './checks/probe.ts';
import { type Command, command, commandLine } from './commands/command.ts';
import { composeExec, composeLogs, composePs } from './commands/compose.ts';
import { instanceStatus } from './commands/gcloud.ts';
import { stackOutput } from './commands/pulumi.ts';
import type { SshTarget } from './commands/ssh.ts';
import type { Remote } from './remote.ts';

/** A deployed stack, as far as its file tells: where it is from outside, and what runs on its host. */
export interface Target {
  readonly stack: string;
  readonly config: Config;
  /** The compose project. */
  readonly project: string;
  readonly services: readonly ServiceName[];
  /** Its public URL; undefined where only Pulumi knows the address. */
  readonly url: URL | undefined;
  readonly publicAuthority: boolean;
  /** The instance behind IAP; undefined for a stack on this machine's own engine. */
  readonly instance?: Required<Pick<SshTarget, 'host' | 'iap'>>;
}

/** Reads the stack's file. Throws a ComposeError: stack-missing, stack-unreadable or config-invalid. */
export async function readTarget(root: string, stack: string): Promise<Target> {
  const config = readConfig(await readStackFile(root, stack));
  const { host, name } = config;
  return {
    stack,
    config,
    project: name,
    services: stackSpec(config).services.map((service) => service.name),
    url: urlOf(config),
    publicAuthority: config.caddy.tls !== 'internal',
    ...(host.kind === 'gcp' && { instance: { host: name, iap: { project: host.project, zone: host.zone } } }),
  };
}

/** localhost, the default name of an internal certificate, says nothing about where a host in a cloud is. */
function urlOf({ caddy, host }: Config): URL | undefined {
  const named =
    caddy.tls === 'domain' ? caddy.domain : caddy.tls === 'address' ? caddy.address : caddy.names[0];
  if (named === undefined || (named === 'localhost' && host.kind === 'gcp')) return undefined;
  return new URL(`https://${named.includes(':') ? `[${named}]` : named}:${caddy.httpsPort}`);
}

/** The probe of the release, run where the bridge runs: it reaches the gateway as the bridge does. */
export function probeCommand({ config, project }: Target, level: Level = 'account'): Command {
  const { host, port } = gatewayPart(config).endpoint;
  const gateway = ['--host', host, '--port', String(port), '--client-id', String(PROBE_CLIENT_ID)];
  const program = command('node', `${PATHS.bridgeApp}/probe.mjs`, ...gateway, '--level', level, '--json');
  return composeExec(project, 'bridge', program);
}

/** What to paste next, for a deployed stack and the machine that the line named. */
export function deployedActions(target: Target, remote: Remote, typed: Typed): Actions {
  const { stack, project, instance, url } = target;
  const address = instance
    ? stackOutput(stack, 'address')
    : command('getent', 'hosts', url?.hostname ?? 'localhost');
  const machine = instance ? instanceStatus(instance.host, instance.iap) : composePs(project);
  return {
    withKey: verbLine(typed, 'diagnostics', '--api-key-file FILE'),
    address: commandLine(address),
    machine: commandLine(machine),
    logs: (service) => remote.line(composeLogs(project, service, 100)),
    probe: remote.line(probeCommand(target)),
    verb: (name, ...more) => verbLine(typed, name, ...more),
  };
}
