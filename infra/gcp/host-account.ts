import { serviceaccount } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';

/** Google's limit for the id of a service account. */
const LONGEST_ID = 30;

const SUFFIX = '-host';

/** The machine's own account: the project's default one may edit everything in the project. It has no role yet. */
export class HostAccount extends ComponentResource {
  readonly email: Output<string>;

  constructor(name: string, _args: Record<string, never>, options: ComponentResourceOptions) {
    super('gatehouse:gcp:HostAccount', name, {}, options);
    const account = new serviceaccount.Account(
      name,
      { accountId: accountId(name), displayName: `Machine of the Gatehouse stack ${name}` },
      { parent: this },
    );
    this.email = account.email;
    this.registerOutputs();
  }
}

/** At least 6 characters by its suffix, and cut where a name takes more than Google's 30. */
export function accountId(name: string): string {
  return `${name.slice(0, LONGEST_ID - SUFFIX.length).replace(/-$/, '')}${SUFFIX}`;
}
