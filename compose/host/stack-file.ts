import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { gatewayPart } from '../gateway/gateway.ts';
import { costsOf } from '../plan.ts';
import type { Definitions } from '../render.ts';
import { type FileSpec, PATHS, PROBE_CLIENT_IDS, type ServiceSpec, type StackSpec } from '../spec.ts';
import { windowOf, windowWords } from '../window.ts';

/**
 * What `host/apply` of a release must know of its stack, as the JSON file beside it. Services stand in the order
 * they start; `costs` are in words, by what happens to the service.
 */
export function hostStack(config: Config, spec: StackSpec, definitions: Definitions): string {
  const window = windowOf(config.gateway);
  const content = {
    project: spec.name,
    services: spec.services.map((service) => hostService(service, definitions[service.name] ?? '', config)),
    gateway: { changes: changesOf(config.gateway), window: { ...window, words: windowWords(window) } },
    probe: probeInStack(config, PROBE_CLIENT_IDS.apply),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The probe of the release, run where the bridge runs: it reaches the gateway as the bridge does. */
export function probeInStack(config: Config, clientId: number): string[] {
  const { host, port } = gatewayPart(config).endpoint;
  const inside = ['docker', 'compose', '-p', config.name, 'exec', '-T', 'bridge'];
  const gateway = ['--host', host, '--port', String(port), '--client-id', String(clientId)];
  return [...inside, 'node', `${PATHS.bridgeApp}/probe.mjs`, ...gateway, '--level', 'account', '--json'];
}

function hostService({ name, image }: ServiceSpec, definition: string, { gateway }: Config) {
  return {
    name,
    definition,
    ...(image.kind === 'pulled'
      ? { image: image.reference }
      : { image: `${image.name}:${definition}`, build: { context: image.context, args: image.args } }),
    // A gateway may wait minutes for its login, or for a person: its health says nothing yet.
    waits: name !== 'gateway',
    costs: costsOf(name, gateway),
  };
}

function changesOf(gateway: Config['gateway']): 'window' | 'ask' | 'now' {
  return gateway.dialect === 'external' ? 'now' : gateway.changes;
}

/** The scripts that put a release into force, which travel with it: its own `apply` is the one that fits. */
export async function hostScripts(root: string): Promise<FileSpec[]> {
  const parts = (await readdir(join(root, 'compose/host/lib'))).filter((name) => name.endsWith('.sh')).sort();
  return ['apply', 'window', ...parts.map((name) => `lib/${name}`)].map((name) => ({
    path: `host/${name}`,
    executable: !name.startsWith('lib/'),
    from: { kind: 'copy', source: `compose/host/${name}` },
  }));
}
