import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';

/** The tier of the address and of the machine's interface, which must be the same. */
export const NETWORK_TIER = 'PREMIUM';

export interface HostAddressArgs {
  readonly region: string;
}

/** A static address: names and certificates outlive the machine. It is billed while the machine is stopped. */
export class HostAddress extends ComponentResource {
  readonly address: Output<string>;

  constructor(name: string, { region }: HostAddressArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:HostAddress', name, {}, options);
    const address = new compute.Address(
      name,
      { name, region, addressType: 'EXTERNAL', networkTier: NETWORK_TIER },
      { parent: this },
    );
    this.address = address.address;
    this.registerOutputs();
  }
}
