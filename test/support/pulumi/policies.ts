import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationArgs,
  StackValidationArgs,
} from '@pulumi/policy';
import type { Rule } from '../../../infra/policy/rule.ts';
import type { Registered } from './computed.ts';

/** A resource as mocks collect it, or as a test makes it up. */
export interface Judged extends Registered {
  readonly protect?: boolean;
}

/** What the rules say about these resources, as `<rule>: <sentence>`, in the order of the rules. */
export async function verdicts(rules: readonly Rule[], resources: readonly Judged[]): Promise<string[]> {
  const all = resources.map(asPolicySees);
  const said: string[] = [];
  for (const rule of rules) {
    const report = (sentence: string) => said.push(`${rule.name}: ${sentence}`);
    if ('validateStack' in rule) await rule.validateStack(stackArgs(all), report);
    else for (const one of all) await each(rule, one, report);
  }
  return said;
}

async function each(rule: Rule, one: PolicyResource, report: (sentence: string) => void): Promise<void> {
  if (!('validateResource' in rule) || !rule.validateResource) return;
  for (const validate of [rule.validateResource].flat()) await validate(resourceArgs(one), report);
}

function asPolicySees({ type, name, inputs, protect = false }: Judged): PolicyResource {
  const opts: PolicyResourceOptions = {
    protect,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
  };
  const urn = `urn:pulumi:test::gatehouse::${type}::${name}`;
  const never = { isType: () => false, asType: () => undefined, dependencies: [], propertyDependencies: {} };
  return { type, name, urn, props: inputs, opts, ...never };
}

const unused = {
  stackTags: new Map<string, string>(),
  getConfig: <T extends object>() => ({}) as T,
  notApplicable: (): never => {
    throw new Error('no rule of ours declines');
  },
};

function resourceArgs({ type, name, urn, props, opts }: PolicyResource): ResourceValidationArgs {
  return { type, name, urn, props, opts, isType: () => false, asType: () => undefined, ...unused };
}

function stackArgs(resources: PolicyResource[]): StackValidationArgs {
  return { resources, ...unused };
}
