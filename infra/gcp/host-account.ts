import { createHash } from 'node:crypto';
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

/** Characters of the hash that stands for what a long name loses. */
const HASH_LENGTH = 6;

/**
 * Id of the account of a stack: at least 6 characters by its suffix. A name that takes more than Google's 30 is cut and
 * ends with a hash of all of it: two names that begin alike would share an account, and with it their secrets.
 */
export function accountId(name: string): string {
  const whole = `${name}${SUFFIX}`;
  if (whole.length <= LONGEST_ID) return whole;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  const room = LONGEST_ID - SUFFIX.length - hash.length - 1;
  return `${name.slice(0, room).replace(/-+$/, '')}-${hash}${SUFFIX}`;
}
