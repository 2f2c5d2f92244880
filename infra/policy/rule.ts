import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import type { PolicyName } from '../../compose/config/policy.ts';

/** A rule: what must hold, and what to do where it does not. It is switched off by its name. */
export type Rule = (ResourceValidationPolicy | StackValidationPolicy) & { readonly name: PolicyName };

interface About {
  readonly name: PolicyName;
  /** What must hold, as one sentence. */
  readonly description: string;
  /** What to do about it, as an imperative. */
  readonly remedy: string;
}

/** The inputs of a resource as a rule reads them. Reading one that a preview does not know yet throws. */
export type Inputs = Readonly<Record<string, unknown>>;

interface Looked {
  readonly type: string;
  readonly props: Inputs;
  readonly opts: { readonly protect: boolean };
}

/** A rule about each resource by itself. `wrong` says what is wrong with one, in a few words. */
export function eachResource(about: About, wrong: (resource: Looked) => Iterable<string>): Rule {
  return {
    ...described(about),
    validateResource: (args, report) => {
      for (const what of wrong(args)) report(`${args.name}: ${said(what, about)}`);
    },
  };
}

/** A rule about all resources together. `wrong` says what is wrong with them, and with which. */
export function allResources(
  about: About,
  wrong: (resources: readonly PolicyResource[]) => Iterable<[what: string, resource?: PolicyResource]>,
): Rule {
  return {
    ...described(about),
    validateStack: ({ resources }, report) => {
      for (const [what, resource] of wrong(resources)) {
        report(`${resource ? `${resource.name}: ` : ''}${said(what, about)}`, resource?.urn);
      }
    },
  };
}

function described({ name, description, remedy }: About) {
  return { name, description, remediationSteps: remedy };
}

function said(what: string, { name, remedy }: About): string {
  return `${what}. ${remedy}; or give policy.allow.${name} in the stack's configuration a reason.`;
}

/** Types of resources the rules look at. */
export const TYPES = {
  instance: 'gcp:compute/instance:Instance',
  disk: 'gcp:compute/disk:Disk',
  address: 'gcp:compute/address:Address',
  globalAddress: 'gcp:compute/globalAddress:GlobalAddress',
  firewall: 'gcp:compute/firewall:Firewall',
  resourcePolicy: 'gcp:compute/resourcePolicy:ResourcePolicy',
  snapshot: 'gcp:compute/snapshot:Snapshot',
  bucket: 'gcp:storage/bucket:Bucket',
  secret: 'gcp:secretmanager/secret:Secret',
  secretVersion: 'gcp:secretmanager/secretVersion:SecretVersion',
} as const;

/** A group of inputs, or an empty one where there is none. */
export function group(value: unknown): Inputs {
  return typeof value === 'object' && value !== null ? (value as Inputs) : {};
}

/** A list of inputs, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
