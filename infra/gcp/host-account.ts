import { projects, serviceaccount } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';

/** Google's limit for the id of a service account. */
const LONGEST_ID = 30;

const SUFFIX = '-host';

export interface HostAccountArgs {
  readonly project: string;
}

/**
 * The machine's own account: the project's default one may edit everything in the project. What it may do beside
 * writing logs is granted where the thing is: on each secret, and on the bucket.
 */
export class HostAccount extends ComponentResource {
  readonly email: Output<string>;
  /** The account as a member of a grant. */
  readonly member: Output<string>;
  /** projects/P/serviceAccounts/EMAIL, for grants on the account itself. */
  readonly id: Output<string>;

  constructor(name: string, { project }: HostAccountArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:HostAccount', name, {}, options);
    const account = new serviceaccount.Account(
      name,
      { accountId: accountId(name), displayName: `Machine of the Gatehouse stack ${name}` },
      { parent: this },
    );
    this.email = account.email;
    this.id = account.name;
    this.member = interpolate`serviceAccount:${account.email}`;
    // Logs belong to a project: there is nothing smaller to grant this on.
    new projects.IAMMember(
      `${name}-logs`,
      { project, role: 'roles/logging.logWriter', member: this.member },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** At least 6 characters by its suffix, and cut where a name takes more than Google's 30. */
export function accountId(name: string): string {
  return `${name.slice(0, LONGEST_ID - SUFFIX.length).replace(/-$/, '')}${SUFFIX}`;
}
