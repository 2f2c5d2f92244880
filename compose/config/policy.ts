import { z } from 'zod';

function reason(what: string) {
  return z
    .string()
    .regex(/\S\s+\S/, 'must be the reason, in words')
    .optional()
    .describe(`Lets through ${what}. The value is the reason.`);
}

const allowed = z
  .strictObject({
    'free-tier-region': reason('a region where no machine is free'),
    'free-tier-machine': reason('a machine type that is billed'),
    'free-tier-disks': reason('disks of another type than pd-standard, or more than 30 GB in all'),
    'free-tier-snapshots': reason('snapshots, which are billed by the GB'),
    'free-tier-address': reason('a second address, or one that is not in use'),
    'secret-versions': reason('more than 6 versions of secrets, which is what is free'),
    'public-ports': reason('ports other than 80 and 443 that the world may reach'),
    'ssh-by-iap': reason("ssh from elsewhere than Identity-Aware Proxy's range"),
    'own-account': reason("a machine that runs as the project's default service account"),
    'narrow-roles': reason('owner, editor, viewer, or a role on the whole project'),
    'startup-in-place': reason('metadataStartupScript, a change of which replaces the machine'),
    'data-protected': reason('a data disk that one command can delete'),
    'no-secret-values': reason("a secret's value among the inputs, and so in Pulumi's state"),
  })
  .prefault({})
  .describe('Rules of infra/policy that are switched off, by name.');

export const policySection = z
  .strictObject({ allow: allowed })
  .prefault({})
  .describe(
    'What this stack may do that infra/policy would refuse (`pulumi preview --policy-pack infra/policy`).',
  );

/** A rule of infra/policy. */
export type PolicyName = keyof z.output<typeof allowed>;

/** Rules switched off, each with its reason. */
export type PolicyAllow = z.output<typeof allowed>;

export const POLICY_NAMES = Object.keys(allowed.unwrap().shape) as PolicyName[];
