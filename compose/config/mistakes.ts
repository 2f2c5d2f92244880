import type { z } from 'zod';
import { ComposeError } from '../errors.ts';
import { chooserOf, configKeys, isGroup, type KeySchema, sectionAt } from './keys.ts';
import { nearest } from './nearest.ts';

/** One mistake in a configuration: where, which rule it breaks, and what stands there. */
export interface Mistake {
  readonly path: string;
  readonly rule: string;
  readonly received: unknown;
}

/** A configuration that may not be used, with every mistake in it. */
export class ConfigError extends ComposeError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super('config-invalid', mistakes.map(line).join('\n'));
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

function line({ path, rule, received }: Mistake): string {
  return `${path}: ${rule}; got ${shown(path, received)}`;
}

/** A value as a person wrote it, unless its key says that it is a secret that strayed into the configuration. */
function shown(path: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (/pass|secret|token|userid|username|apikey/i.test(path.split('.').at(-1) ?? '')) return '[hidden]';
  if (isGroup(value)) return 'a group of keys';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return JSON.stringify(value);
}

/** The sentence for an issue the schema has no words of its own for (zod calls this for each such issue). */
export function ruleFor(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_union' && Array.isArray(issue.options)) return oneOf(issue.options);
  if (issue.input === undefined) return 'must be given';
  if (issue.code === 'invalid_value') return oneOf(issue.values);
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  return 'is not allowed';
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a group of keys',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
};

const oneOf = (values: readonly unknown[]) => `must be one of ${values.join(', ')}`;

/** zod's issues as mistakes: one for each unknown key, and the value that stands at each path. */
export function mistakesIn(issues: readonly z.core.$ZodIssue[], input: unknown): Mistake[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(issue.path, key, input));
    }
    return [{ path: issue.path.join('.'), rule: issue.message, received: valueAt(issue.path, input) }];
  });
}

function unknownKey(path: readonly PropertyKey[], key: string, input: unknown): Mistake {
  const section = sectionAt(path, input);
  const near = nearest(key, Object.keys(section.properties ?? {}));
  const rule = otherBranch(path, key, section) ?? (near ? `is no key; did you mean ${near}?` : 'is no key');
  return { path: [...path, key].join('.'), rule, received: valueAt([...path, key], input) };
}

/** Says so when the key exists, only not with the dialect (or kind, or tls) that was chosen. */
function otherBranch(path: readonly PropertyKey[], key: string, chosen: KeySchema): string | undefined {
  const parent = path.length === 1 ? configKeys().properties?.[String(path[0])] : undefined;
  const owner = parent?.oneOf?.find((branch) => branch.properties?.[key] !== undefined);
  const own = owner && chooserOf(owner);
  const current = chooserOf(chosen);
  return own && current ? `is a key of ${own.key} ${own.value}, not of ${current.value}` : undefined;
}

function valueAt(path: readonly PropertyKey[], input: unknown): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[String(key)] : undefined), input);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
