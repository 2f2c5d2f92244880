import { Provider } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { regionOf } from '../../compose/config/free-tier.ts';
import { bucketName } from '../../compose/config/gcp.ts';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import type { Config } from '../../compose/config.ts';
import type { Release } from '../../compose/release.ts';
import { stackSecrets } from '../../compose/secrets.ts';
import type { Outputs } from '../outputs.ts';
import { AlertChannels } from './alert-channels.ts';
import { BucketAccess } from './bucket-access.ts';
import { BudgetAlert } from './budget-alert.ts';
import { DataDisk } from './data-disk.ts';
import { Host } from './host.ts';
import { HostAccount } from './host-account.ts';
import { HostAddress } from './host-address.ts';
import { HostNetwork } from './host-network.ts';
import { Operators } from './operators.ts';
import { warnOfOtherAddress } from './other-address.ts';
import { gcpOutputs } from './outputs.ts';
import { publicPorts } from './published.ts';
import { PublishedRelease } from './published-release.ts';
import { ReleaseBucket } from './release-bucket.ts';
import { Secrets } from './secrets.ts';
import { Services } from './services.ts';
import { Snapshots } from './snapshots.ts';
import { Watch } from './watch.ts';
import { watched } from './watched.ts';

export interface GcpStackArgs {
  readonly config: Config & { readonly host: GcpHostConfig };
  readonly release: Pick<Release, 'id' | 'spec'>;
  /** The release as one file on this machine. */
  readonly archive: string;
  /** Run as root at every boot of the machine. */
  readonly startupScript: string;
}

/** A machine on Google Cloud, and what it needs around it. */
export class GcpStack extends ComponentResource {
  readonly outputs: Outputs;

  constructor(name: string, args: GcpStackArgs, options?: ComponentResourceOptions) {
    super('gatehouse:gcp:Stack', name, {}, options);
    const { config, release, archive, startupScript } = args;
    const { host } = config;
    const { project, zone } = host;
    const region = regionOf(zone);
    const provider = new Provider(`${name}-gcp`, { project, region, zone }, { parent: this });
    const inProject = { parent: this, providers: { gcp: provider } };
    const services = new Services(name, { project, budget: host.budget !== undefined }, inProject);
    // Nothing can be made in a new project before the APIs are on.
    const bucketOptions = { ...inProject, dependsOn: [services] };
    const bucket = new ReleaseBucket(name, { bucket: bucketName(host, name), region }, bucketOptions);
    // The bucket's name is the one thing that others can have taken: nothing is made before it is ours.
    const ours = { ...inProject, dependsOn: [services, bucket] };
    const network = new HostNetwork(name, { region, publicPorts: publicPorts(release.spec) }, ours);
    const account = new HostAccount(name, { project }, ours);
    const address = new HostAddress(name, { region, networkTier: host.networkTier }, ours);
    const disk = new DataDisk(name, { zone, sizeGb: host.dataDiskGb }, ours);
    if (host.snapshots !== 'none') new Snapshots(name, { region, zone, every: host.snapshots, disk }, ours);
    const secrets = new Secrets(name, { region, secrets: stackSecrets(config), account }, ours);
    const access = new BucketAccess(name, { bucket, account }, ours);
    const published = new PublishedRelease(name, { bucket, id: release.id, archive }, ours);
    // The machine acts on what its metadata names at once: all it needs for that is there before.
    const ready = { ...ours, dependsOn: [...ours.dependsOn, published, secrets, access, account] };
    const made = { host, release: release.id, startupScript, bucket, network, account, address, disk };
    const machine = new Host(name, made, ready);
    new Operators(name, { zone, operators: host.operators, host: machine, account }, ours);
    const channels = new AlertChannels(name, { alerts: config.alerts }, ours);
    const asked = watched(config, address.address);
    if (asked) new Watch(name, { project, ...asked, channels }, ours);
    if (host.budget) new BudgetAlert(name, { project, budget: host.budget, bucket, channels }, ours);
    warnOfOtherAddress(config, address.address);
    this.outputs = gcpOutputs({ config, release, address: address.address, bucket: bucket.bucket });
    this.registerOutputs(this.outputs);
  }
}
