import { Provider } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, interpolate } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import type { Release } from '../../compose/release.ts';
import type { StackSpec } from '../../compose/spec.ts';
import type { Outputs } from '../outputs.ts';
import { DataDisk } from './data-disk.ts';
import { Host } from './host.ts';
import { HostAccount } from './host-account.ts';
import { HostAddress } from './host-address.ts';
import { HostNetwork } from './host-network.ts';
import { Services } from './services.ts';

export interface GcpStackArgs {
  readonly host: GcpHostConfig;
  readonly release: Pick<Release, 'id' | 'spec'>;
}

/** A machine on Google Cloud, and what it needs around it. */
export class GcpStack extends ComponentResource {
  readonly outputs: Outputs;

  constructor(name: string, { host, release }: GcpStackArgs, options?: ComponentResourceOptions) {
    super('gatehouse:gcp:Stack', name, {}, options);
    const { project, zone } = host;
    const region = regionOf(zone);
    const provider = new Provider(`${name}-gcp`, { project, region, zone }, { parent: this });
    const inProject = { parent: this, providers: { gcp: provider } };
    const services = new Services(name, { project }, inProject);
    // Nothing can be made in a new project before the APIs are on.
    const enabled = { ...inProject, dependsOn: [services] };
    const network = new HostNetwork(name, { region, publicPorts: publicPorts(release.spec) }, enabled);
    const account = new HostAccount(name, {}, enabled);
    const address = new HostAddress(name, { region }, enabled);
    const disk = new DataDisk(name, { zone, sizeGb: host.dataDiskGb }, enabled);
    new Host(name, { host, release: release.id, network, account, address, disk }, enabled);
    this.outputs = {
      address: address.address,
      url: interpolate`https://${address.address}`,
      release: release.id,
    };
    this.registerOutputs(this.outputs);
  }
}

/** us-west1-b is in us-west1. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** What the stack publishes to the world, in ascending order; ports bound to loopback are not. */
export function publicPorts(spec: StackSpec): number[] {
  const ports = spec.services.flatMap(({ publish }) => publish).filter(({ bind }) => !isLoopback(bind));
  return [...new Set(ports.map(({ published }) => published))].sort((a, b) => a - b);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
