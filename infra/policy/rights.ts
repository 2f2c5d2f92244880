import { eachResource, group, type Rule, TYPES } from './rule.ts';

/** The account a project has without anybody having made it; it may edit all of the project. */
const DEFAULT_ACCOUNT = /^(default$|\d+-compute@developer\.gserviceaccount\.com$)/;

const BROAD_ROLES = ['roles/owner', 'roles/editor', 'roles/viewer'];

/** What can be granted on a project alone, and shows nothing of it. */
const PROJECT_ROLES = ['roles/logging.logWriter', 'roles/monitoring.metricWriter'];

/** A grant: gcp:projects/iAMMember:IAMMember, gcp:storage/bucketIAMBinding:BucketIAMBinding and the like. */
const GRANT = /iam(member|binding)$/i;

/** Where a grant reaches everything below. */
const WIDE = /^gcp:(projects|folder|organizations)\//;

const ownAccount = eachResource(
  {
    name: 'own-account',
    description:
      "No machine runs as the project's default service account, which may edit the whole project.",
    remedy: 'Give the machine an account of its own, with a role on each thing it needs',
  },
  function* ({ type, props }) {
    if (type !== TYPES.instance || props.serviceAccount === undefined) return;
    const { email } = group(props.serviceAccount);
    if (email === undefined || DEFAULT_ACCOUNT.test(String(email)))
      yield 'the machine runs as the default service account';
  },
);

const narrowRoles = eachResource(
  {
    name: 'narrow-roles',
    description:
      'Nobody is made owner, editor or viewer, and roles are granted on things, not on the project.',
    remedy: 'Grant a predefined role on the one secret, bucket, machine or account it is for',
  },
  function* ({ type, props }) {
    if (!GRANT.test(type)) return;
    const role = String(props.role);
    if (BROAD_ROLES.includes(role)) yield `${role} is granted`;
    else if (WIDE.test(type) && !PROJECT_ROLES.includes(role))
      yield `${role} is granted on the whole project`;
  },
);

export const RIGHTS: readonly Rule[] = [ownAccount, narrowRoles];
