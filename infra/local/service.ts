import { join } from 'node:path';
import { Container, type ContainerArgs, type Network, RemoteImage, type Volume } from '@pulumi/docker';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import { DEFINITION_LABEL } from '../../compose/render.ts';
import type { ServiceSpec, StackSpec } from '../../compose/spec.ts';
import { mountsOf } from './mounts.ts';

/** What a service stands in. */
export interface ServiceSurroundings {
  readonly stack: string;
  readonly spec: StackSpec;
  /** Hash of the service's definition. */
  readonly definition: string;
  /** The release's folder on this machine. */
  readonly folder: string;
  readonly networks: ReadonlyMap<string, Network>;
  readonly volumes: ReadonlyMap<string, Volume>;
}

/**
 * One service: its image and its container, as compose would run them. The provider knows neither a limit of processes
 * nor an OOM score: those two values of the spec hold on a host only.
 */
export class Service extends ComponentResource {
  constructor(service: ServiceSpec, around: ServiceSurroundings, options: ComponentResourceOptions) {
    super('gatehouse:local:Service', `${around.stack}-${service.name}`, {}, options);
    const name = `${around.stack}-${service.name}`;
    const image = imageOf(name, service, around, { parent: this });
    const args: ContainerArgs = {
      name,
      image: image.imageId,
      ...process(service, around),
      ...connections(service, around),
      ...mountsOf(service, around),
      ...confinement(service),
    };
    new Container(name, args, { parent: this, deleteBeforeReplace: true });
    this.registerOutputs();
  }
}

/** Pulled, or built from a folder of the release under the name compose gives it. */
function imageOf(
  name: string,
  { image }: ServiceSpec,
  { definition, folder }: ServiceSurroundings,
  options: ComponentResourceOptions,
): { readonly imageId: Output<string> } {
  // Another stack, or compose, may use the image too: it stays when the stack goes.
  if (image.kind === 'pulled')
    return new RemoteImage(name, { name: image.reference, keepLocally: true }, options);
  const build = { context: join(folder, image.context), buildArgs: image.args };
  return new RemoteImage(name, { name: `${image.name}:${definition}`, build, keepLocally: true }, options);
}

function process(service: ServiceSpec, { spec, definition }: ServiceSurroundings) {
  const { user, entrypoint, environment, definitionVariable, health } = service;
  const all = { ...environment, ...(definitionVariable && { [definitionVariable]: definition }) };
  return {
    ...(user !== undefined && { user: `${user}:${user}` }),
    ...(entrypoint && { entrypoints: [...entrypoint] }),
    envs: Object.entries(all).map(([key, value]) => `${key}=${value}`),
    labels: [{ label: DEFINITION_LABEL, value: definition }],
    restart: 'unless-stopped',
    init: service.init,
    stopTimeout: service.stopGraceSeconds,
    destroyGraceSeconds: service.stopGraceSeconds,
    logDriver: 'json-file',
    logOpts: { 'max-size': '10m', 'max-file': '3' },
    healthcheck: {
      tests: [...health.test],
      interval: `${health.intervalSeconds}s`,
      timeout: `${health.timeoutSeconds}s`,
      retries: health.retries,
      startPeriod: `${health.startPeriodSeconds}s`,
    },
    // Whoever waits for this service starts when it is healthy; nobody waits for the gateway.
    wait: spec.services.some(({ waitsFor }) => waitsFor.includes(service.name)),
    waitTimeout: health.startPeriodSeconds + health.intervalSeconds * (health.retries + 1),
  } satisfies Partial<ContainerArgs>;
}

function connections({ name, networks, publish, hostNames }: ServiceSpec, around: ServiceSurroundings) {
  return {
    networksAdvanced: networks.flatMap((network) => {
      const made = around.networks.get(network);
      return made ? [{ name: made.name, aliases: [name] }] : [];
    }),
    ports: publish.map(({ bind, published, target }) => ({
      internal: target,
      external: published,
      ip: bind,
      protocol: 'tcp',
    })),
    hosts: hostNames.map((host) => ({ host, ip: 'host-gateway' })),
  } satisfies Partial<ContainerArgs>;
}

function confinement({ readOnlyRoot, capabilities, openFiles, memoryMb }: ServiceSpec) {
  return {
    readOnly: readOnlyRoot,
    capabilities: { drops: ['ALL'], adds: [...capabilities] },
    securityOpts: ['no-new-privileges'],
    memory: memoryMb,
    ...(openFiles !== undefined && { ulimits: [{ name: 'nofile', soft: openFiles, hard: openFiles }] }),
  } satisfies Partial<ContainerArgs>;
}
