import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import { type DataDisk, FREE_DISK_TYPE } from './data-disk.ts';
import type { HostAccount } from './host-account.ts';
import { type HostAddress, NETWORK_TIER } from './host-address.ts';
import type { HostNetwork } from './host-network.ts';

/** A family, not an image: a new image of the family is then no difference. */
const BOOT_IMAGE = 'debian-cloud/debian-13';

/** /dev/disk/by-id/google-<this> on the machine, whatever order the disks come in. */
export const DATA_DEVICE = 'gatehouse-data';

/** The metadata key that names the release the machine is to run. */
export const RELEASE_KEY = 'gatehouse-release';

export interface HostArgs {
  readonly host: Pick<GcpHostConfig, 'zone' | 'machineType' | 'bootDiskGb'>;
  /** Id of the release. */
  readonly release: string;
  readonly network: Pick<HostNetwork, 'subnetwork' | 'tag'>;
  readonly account: Pick<HostAccount, 'email'>;
  readonly address: Pick<HostAddress, 'address'>;
  readonly disk: Pick<DataDisk, 'selfLink'>;
}

/**
 * The machine. A new release changes a value of its metadata in place; what would replace it (name, boot disk,
 * interfaces, the field metadataStartupScript) is fixed, left out or ignored here.
 */
export class Host extends ComponentResource {
  constructor(name: string, args: HostArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Host', name, {}, options);
    new compute.Instance(
      name,
      { name, ...machine(args), ...connections(args) },
      {
        parent: this,
        // An image or size chosen for the first boot must not replace a machine that has booted.
        ignoreChanges: ['bootDisk.initializeParams'],
      },
    );
    this.registerOutputs();
  }
}

function machine({ host, release, disk }: HostArgs) {
  return {
    zone: host.zone,
    machineType: host.machineType,
    allowStoppingForUpdate: true,
    bootDisk: {
      initializeParams: { image: BOOT_IMAGE, size: host.bootDiskGb, type: FREE_DISK_TYPE },
    },
    attachedDisks: [{ source: disk.selfLink, deviceName: DATA_DEVICE, mode: 'READ_WRITE' }],
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    metadata: {
      'enable-oslogin': 'TRUE',
      'block-project-ssh-keys': 'TRUE',
      [RELEASE_KEY]: release,
    },
  } satisfies Partial<compute.InstanceArgs>;
}

function connections({ network, account, address }: HostArgs) {
  return {
    tags: [network.tag],
    networkInterfaces: [
      {
        subnetwork: network.subnetwork,
        accessConfigs: [{ natIp: address.address, networkTier: NETWORK_TIER }],
      },
    ],
    // The scope only bounds the token; what it may do is decided by the roles of the account.
    serviceAccount: { email: account.email, scopes: ['cloud-platform'] },
  } satisfies Partial<compute.InstanceArgs>;
}
