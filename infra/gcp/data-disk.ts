import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';

/** pd-balanced bills from the first GB. */
export const FREE_DISK_TYPE = 'pd-standard';

export interface DataDiskArgs {
  readonly zone: string;
  readonly sizeGb: number;
}

/**
 * Gateway settings, order journal and certificates, on a disk of their own: the machine can be replaced without a full
 * login and its 2FA. Protected: `pulumi destroy` stops before it.
 */
export class DataDisk extends ComponentResource {
  readonly selfLink: Output<string>;
  readonly name: Output<string>;

  constructor(name: string, { zone, sizeGb }: DataDiskArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:DataDisk', name, {}, options);
    const disk = new compute.Disk(
      `${name}-data`,
      { name: `${name}-data`, zone, type: FREE_DISK_TYPE, size: sizeGb },
      { parent: this, protect: true },
    );
    this.selfLink = disk.selfLink;
    this.name = disk.name;
    this.registerOutputs();
  }
}
