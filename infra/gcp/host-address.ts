import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';

export interface HostAddressArgs {
  readonly region: string;
  readonly networkTier: GcpHostConfig['networkTier'];
}

/** A static address: names and certificates outlive the machine. It is billed while the machine is stopped. */
export class HostAddress extends ComponentResource {
  readonly address: Output<string>;
  /** The tier as Google writes it. The machine's interface must have the same. */
  readonly networkTier: string;

  constructor(name: string, { region, networkTier }: HostAddressArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:HostAddress', name, {}, options);
    this.networkTier = networkTier.toUpperCase();
    const address = new compute.Address(
      name,
      // Named by its tier: another tier is another address, made before the one in use can go.
      { name: `${name}-${networkTier}`, region, addressType: 'EXTERNAL', networkTier: this.networkTier },
      { parent: this },
    );
    this.address = address.address;
    this.registerOutputs();
  }
}
