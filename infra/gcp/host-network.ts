import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';

/** Where IAP's tunnels come from: the one range that may reach port 22 (Google's documentation of IAP forwarding). */
const IAP_RANGE = '35.235.240.0/20';

const SSH_PORT = 22;

/** Any private range does: nothing else is in this network. */
const SUBNET_RANGE = '10.80.0.0/24';

export interface HostNetworkArgs {
  readonly region: string;
  /** Open to the world, TCP. */
  readonly publicPorts: readonly number[];
}

/**
 * A network of its own, since the default one has rules that let ssh and RDP in from anywhere. What no rule allows is
 * denied by the network itself.
 */
export class HostNetwork extends ComponentResource {
  readonly subnetwork: Output<string>;
  /** Network tag of the machine the rules are for. */
  readonly tag: string;

  constructor(name: string, { region, publicPorts }: HostNetworkArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:HostNetwork', name, {}, options);
    this.tag = `${name}-host`;
    const child = { parent: this };
    const network = new compute.Network(name, { name, autoCreateSubnetworks: false }, child);
    const subnetwork = new compute.Subnetwork(
      name,
      { name, network: network.id, region, ipCidrRange: SUBNET_RANGE },
      child,
    );
    const rule = (purpose: string, sourceRanges: string[], ports: readonly number[]) =>
      new compute.Firewall(
        `${name}-${purpose}`,
        {
          name: `${name}-${purpose}`,
          network: network.id,
          direction: 'INGRESS',
          sourceRanges,
          targetTags: [this.tag],
          allows: [{ protocol: 'tcp', ports: ports.map(String) }],
        },
        child,
      );
    if (publicPorts.length > 0) rule('public', ['0.0.0.0/0'], publicPorts);
    rule('iap-ssh', [IAP_RANGE], [SSH_PORT]);
    this.subnetwork = subnetwork.id;
    this.registerOutputs();
  }
}
