import { join } from 'node:path';
import { Network, Volume } from '@pulumi/docker';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Config } from '../../compose/config.ts';
import { type Release, ROOT, writeRelease } from '../../compose/release.ts';
import type { ServiceName, StackSpec } from '../../compose/spec.ts';
import type { Outputs } from '../outputs.ts';
import { Service } from './service.ts';

export interface LocalStackArgs {
  readonly config: Config;
  readonly release: Release;
  /** Where release folders are written; by default out/ of the checkout. */
  readonly out?: string;
}

/** The stack on this machine's own Docker engine, from the same StackSpec as the compose file. */
export class LocalStack extends ComponentResource {
  readonly outputs: Outputs;

  private constructor(
    name: string,
    args: LocalStackArgs,
    folder: string,
    options?: ComponentResourceOptions,
  ) {
    super('gatehouse:local:Stack', name, {}, options);
    const { spec, definitions, id } = args.release;
    const child = { parent: this };
    const networks = named(spec.networks, ({ name: own, internal }) => networkOf(name, own, internal, child));
    const volumes = named(keptByDocker(spec), (volume) => volumeOf(name, volume.name, child));
    const started: Partial<Record<ServiceName, Service>> = {};
    for (const service of spec.services) {
      const waitsFor = service.waitsFor.flatMap((one) => started[one] ?? []);
      const definition = definitions[service.name] ?? '';
      const surroundings = { stack: name, spec, definition, folder, networks, volumes };
      started[service.name] = new Service(service, surroundings, { ...child, dependsOn: waitsFor });
    }
    this.outputs = { url: urlOf(args.config), release: id, folder };
    this.registerOutputs(this.outputs);
  }

  /** Writes the release's folder, which containers mount and images are built from. Throws a ComposeError. */
  static async of(
    name: string,
    args: LocalStackArgs,
    options?: ComponentResourceOptions,
  ): Promise<LocalStack> {
    const folder = await writeRelease(args.release, args.out ?? join(ROOT, 'out'));
    return new LocalStack(name, args, folder, options);
  }
}

function networkOf(
  stack: string,
  name: string,
  internal: boolean,
  options: ComponentResourceOptions,
): Network {
  return new Network(`${stack}-${name}`, { name: `${stack}_${name}`, internal }, options);
}

/** It holds orders and certificates: `pulumi destroy` leaves it, and the next `pulumi up` finds it again. */
function volumeOf(stack: string, name: string, options: ComponentResourceOptions): Volume {
  return new Volume(`${stack}-${name}`, { name: `${stack}_${name}` }, { ...options, retainOnDelete: true });
}

/** A volume with a folder of this machine is mounted from there. */
function keptByDocker({ volumes }: StackSpec) {
  return volumes.filter(({ hostFolder }) => hostFolder === undefined);
}

function named<T extends { readonly name: string }, R>(list: readonly T[], make: (item: T) => R) {
  return new Map(list.map((item) => [item.name, make(item)]));
}

function urlOf({ caddy }: Config): string {
  const host =
    caddy.tls === 'domain' ? caddy.domain : caddy.tls === 'address' ? caddy.address : caddy.names[0];
  return `https://${host}:${caddy.httpsPort}`;
}
