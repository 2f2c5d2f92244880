import { interpolate, type Output } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import type { Config } from '../../compose/config.ts';
import { costLines, monthlyCost } from '../../compose/cost.ts';
import type { Release } from '../../compose/release.ts';
import type { Outputs } from '../outputs.ts';
import { loopbackPorts } from './published.ts';

/** Where a tunnel to the edge starts on the operator's machine. */
const LOCAL_HTTPS_PORT = 8443;

export interface GcpOutputsArgs {
  readonly config: Config & { readonly host: GcpHostConfig };
  readonly release: Pick<Release, 'id' | 'spec'>;
  readonly address: Output<string>;
  readonly bucket: Output<string>;
}

/** What `pulumi up` ends with: where it is, how to get there, what runs, what it costs. */
export function gcpOutputs({ config, release, address, bucket }: GcpOutputsArgs): Outputs {
  return {
    url: urlOf(config, address),
    address,
    ssh: sshCommand(config),
    tunnel: `${sshCommand(config)} -- -N ${forwards(config, release).join(' ')}`,
    release: release.id,
    bucket,
    alertsTo: alertsTo(config),
    monthlyCost: costLines(monthlyCost(config)),
  };
}

/** Caddy answers to the names it serves alone: without one that the world resolves, the way is the tunnel. */
function urlOf({ caddy, services }: Config, address: Output<string>): Output<string> | string {
  if (!services.caddy) return 'none: services.caddy is false, see tunnel';
  const port = caddy.httpsPort === 443 ? '' : `:${caddy.httpsPort}`;
  if (caddy.tls === 'address') return interpolate`https://${address}${port}`;
  if (caddy.tls === 'domain') return `https://${caddy.domain}${port}`;
  const name = caddy.names[0] ?? 'localhost';
  return name === 'localhost' ? `https://localhost:${LOCAL_HTTPS_PORT}, by tunnel` : `https://${name}${port}`;
}

/** Of Google's own ssh, which brings the key and finds the tunnel. */
function sshCommand({ name, host }: GcpOutputsArgs['config']): string {
  return `gcloud compute ssh ${name} --project=${host.project} --zone=${host.zone} --tunnel-through-iap`;
}

/** The edge, and each port of the machine's loopback under the same number here. */
function forwards({ caddy, services }: Config, { spec }: Pick<Release, 'spec'>): string[] {
  const edge = services.caddy ? [`-L ${LOCAL_HTTPS_PORT}:127.0.0.1:${caddy.httpsPort}`] : [];
  const loopback = loopbackPorts(spec).filter((port) => port !== caddy.httpPort && port !== caddy.httpsPort);
  return [...edge, ...loopback.map((port) => `-L ${port}:127.0.0.1:${port}`)];
}

function alertsTo({ alerts }: Config): string {
  const all = [...alerts.emails, ...alerts.channels];
  return all.length > 0 ? all.join(', ') : 'nobody: give gatehouse:alerts an address';
}
