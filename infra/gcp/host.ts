import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import { type DataDisk, FREE_DISK_TYPE } from './data-disk.ts';
import type { HostAccount } from './host-account.ts';
import type { HostAddress } from './host-address.ts';
import type { HostNetwork } from './host-network.ts';
import type { ReleaseBucket } from './release-bucket.ts';

/** A family, not an image: a new image of the family is then no difference. */
const BOOT_IMAGE = 'debian-cloud/debian-13';

/** /dev/disk/by-id/google-<this> on the machine, whatever order the disks come in. */
export const DATA_DEVICE = 'gatehouse-data';

/** What the machine reads about itself, by key: the agent watches the first. */
export const METADATA = {
  release: 'gatehouse-release',
  bucket: 'gatehouse-bucket',
  startupScript: 'startup-script',
} as const;

export interface HostArgs {
  readonly host: Pick<GcpHostConfig, 'zone' | 'machineType' | 'bootDiskGb' | 'deletionProtection'>;
  /** Id of the release the machine is to run. */
  readonly release: string;
  /** Run as root at every boot. */
  readonly startupScript: string;
  readonly bucket: Pick<ReleaseBucket, 'bucket'>;
  readonly network: Pick<HostNetwork, 'subnetwork' | 'tag'>;
  readonly account: Pick<HostAccount, 'email'>;
  readonly address: Pick<HostAddress, 'address' | 'networkTier'>;
  readonly disk: Pick<DataDisk, 'selfLink'>;
}

/**
 * The machine. A new release or script changes a value of its metadata in place; what would replace it (name, boot
 * disk, interfaces, the field metadataStartupScript) is fixed, left out or ignored here.
 */
export class Host extends ComponentResource {
  readonly name: Output<string>;

  constructor(name: string, args: HostArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Host', name, {}, options);
    const instance = new compute.Instance(
      name,
      { name, ...machine(args), metadata: metadata(args), ...connections(args) },
      {
        parent: this,
        // An image or size chosen for the first boot must not replace a machine that has booted.
        ignoreChanges: ['bootDisk.initializeParams'],
        // The name is fixed and the data disk can be attached to one machine alone.
        deleteBeforeReplace: true,
      },
    );
    this.name = instance.name;
    this.registerOutputs();
  }
}

function machine({ host, disk }: HostArgs) {
  return {
    zone: host.zone,
    machineType: host.machineType,
    deletionProtection: host.deletionProtection,
    allowStoppingForUpdate: true,
    bootDisk: {
      initializeParams: { image: BOOT_IMAGE, size: host.bootDiskGb, type: FREE_DISK_TYPE },
    },
    attachedDisks: [{ source: disk.selfLink, deviceName: DATA_DEVICE, mode: 'READ_WRITE' }],
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
  } satisfies Partial<compute.InstanceArgs>;
}

function metadata({ release, bucket, startupScript }: HostArgs) {
  return {
    'enable-oslogin': 'TRUE',
    'block-project-ssh-keys': 'TRUE',
    // What happened on the machine is told from outside by these.
    'enable-guest-attributes': 'TRUE',
    [METADATA.bucket]: bucket.bucket,
    [METADATA.release]: release,
    [METADATA.startupScript]: startupScript,
  };
}

function connections({ network, account, address }: HostArgs) {
  return {
    tags: [network.tag],
    networkInterfaces: [
      {
        subnetwork: network.subnetwork,
        accessConfigs: [{ natIp: address.address, networkTier: address.networkTier }],
      },
    ],
    // The scope only bounds the token; what it may do is decided by the roles of the account.
    serviceAccount: { email: account.email, scopes: ['cloud-platform'] },
  } satisfies Partial<compute.InstanceArgs>;
}
