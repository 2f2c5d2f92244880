import type { z } from '@hono/zod-openapi';
import { BridgeError } from '../errors.ts';
import type { brokenRule } from './problem.ts';

type BrokenRule = z.infer<typeof brokenRule>;

/** The error for a failed validation: every issue with the value that came. */
export function invalid({ issues }: Pick<z.ZodError, 'issues'>, data: unknown): BridgeError {
  const errors = brokenRules(issues, data);
  const fields = errors.map(({ path, rule }) => `${path}: ${rule}`).join('; ');
  return new BridgeError('request-invalid', fields, { extra: { errors } });
}

/** The issues of a failed validation with the values that came, all of them. */
export function brokenRules(issues: readonly z.core.$ZodIssue[], data: unknown): BrokenRule[] {
  return issues.map((issue) => ({
    path: issue.path.join('.') || 'body',
    rule: issue.message,
    received: shown(valueAt(data, issue.path)),
  }));
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }, data);
}

/** JSON may be nested more deeply than it can be written again. */
function shown(value: unknown): unknown {
  try {
    JSON.stringify(value);
    return value ?? null;
  } catch {
    return 'nested too deeply to be shown';
  }
}
