import { gatewayPart } from '../../compose/gateway/gateway.ts';
import { LOOPBACK } from '../../compose/spec.ts';
import { stackSpec } from '../../compose/stack.ts';
import { dockerAddresses } from '../commands/docker.ts';
import { opsError } from '../errors.ts';
import type { Place } from '../runbook/place.ts';
import { needContainer } from '../situation/refusals.ts';
import { readContainers } from '../situation/site-facts.ts';

/** A place as the host of the stack sees it. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a container names the machine it runs on. */
const HOST_NAME = 'host.docker.internal';

/** Where the API is without asking anybody; undefined where it is at an address of the gateway's container. */
export function knownApiAddress({ target: { config } }: Place): Address | undefined {
  const { host, port } = gatewayPart(config).endpoint;
  if (config.gateway.dialect === 'external') return { host: host === HOST_NAME ? LOOPBACK : host, port };
  const gateway = stackSpec(config).services.find(({ name }) => name === 'gateway');
  const published = gateway?.publish.find(({ target }) => target === port)?.published;
  return published === undefined ? undefined : { host: LOOPBACK, port: published };
}

/**
 * Where the API is, as the host sees it: published on its loopback (gateway.apiPort), a gateway elsewhere, or else the
 * gateway's container on the network it shares with the bridge. Throws container-none where it does not run.
 */
export async function apiAddress(place: Place): Promise<Address> {
  const known = knownApiAddress(place);
  if (known) return known;
  const { site, target } = place;
  const { name } = needContainer(await readContainers(site, target), 'gateway', place);
  const { stdout } = await site.host.run(dockerAddresses(name));
  const host = addressOn(stdout, `${target.project}_api`);
  if (host === undefined) throw opsError('container-none', 'gateway', site.host.where, target.stack);
  return { host, port: gatewayPart(target.config).endpoint.port };
}

/** A container that is stopped has its networks, and no address on them. */
function addressOn(text: string, network: string): string | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${network} `));
  return line?.split(' ')[1]?.trim() || undefined;
}
