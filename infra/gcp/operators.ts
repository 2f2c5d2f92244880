import { compute, iap, serviceaccount } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Host } from './host.ts';
import type { HostAccount } from './host-account.ts';

export interface OperatorsArgs {
  readonly zone: string;
  /** user:, group: or serviceAccount: with an address. */
  readonly operators: readonly string[];
  readonly host: Pick<Host, 'name'>;
  readonly account: Pick<HostAccount, 'id'>;
}

/** People who may reach the machine by ssh and be root there: four grants each, on this machine and no other. */
export class Operators extends ComponentResource {
  constructor(name: string, args: OperatorsArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Operators', name, {}, options);
    const { zone, host, account } = args;
    const child = { parent: this };
    for (const member of new Set(args.operators)) {
      const own = `${name}-${member}`;
      new iap.TunnelInstanceIAMMember(
        own,
        { zone, instance: host.name, role: 'roles/iap.tunnelResourceAccessor', member },
        child,
      );
      new compute.InstanceIAMMember(
        own,
        { zone, instanceName: host.name, role: 'roles/compute.osAdminLogin', member },
        child,
      );
      // Its guest attributes, which the role above leaves out: its host keys, and how far its boot is.
      new compute.InstanceIAMMember(
        `${own}-look`,
        { zone, instanceName: host.name, role: 'roles/compute.viewer', member },
        child,
      );
      // To be root on a machine is to be its account.
      new serviceaccount.IAMMember(
        own,
        { serviceAccountId: account.id, role: 'roles/iam.serviceAccountUser', member },
        child,
      );
    }
    this.registerOutputs();
  }
}
