import { secretmanager } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { StackSecret } from '../../compose/secrets.ts';
import type { HostAccount } from './host-account.ts';

export interface SecretsArgs {
  readonly region: string;
  readonly secrets: readonly StackSecret[];
  readonly account: Pick<HostAccount, 'member'>;
}

/**
 * The secrets, empty: a value that passes through Pulumi stays in its state, so versions are added by
 * `gatehouse --<stack>-set-secret` alone. The machine's account may read each of these and no other.
 */
export class Secrets extends ComponentResource {
  constructor(name: string, { region, secrets, account }: SecretsArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Secrets', name, {}, options);
    for (const { id } of secrets) {
      const secret = new secretmanager.Secret(
        id,
        { secretId: id, replication: { userManaged: { replicas: [{ location: region }] } } },
        { parent: this },
      );
      new secretmanager.SecretIamMember(
        id,
        { secretId: secret.id, role: 'roles/secretmanager.secretAccessor', member: account.member },
        { parent: secret },
      );
    }
    this.registerOutputs();
  }
}
