import { z } from 'zod';
import { CONFIG_SCHEMA } from './schema.ts';

/** The part of JSON Schema that zod writes for our configuration. */
export interface KeySchema {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly KeySchema[];
  readonly items?: KeySchema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The configuration as JSON Schema, as a person writes it (before defaults are filled in). */
export function configKeys(): KeySchema {
  return z.toJSONSchema(CONFIG_SCHEMA, { io: 'input' }) as KeySchema;
}

/** The section at a path, following in each union the branch the input has chosen. */
export function sectionAt(path: readonly PropertyKey[], input: unknown): KeySchema {
  let schema = configKeys();
  let value = input;
  for (const key of path) {
    value = isGroup(value) ? value[String(key)] : undefined;
    schema = schema.properties?.[String(key)] ?? {};
    schema = branchOf(schema, value) ?? schema;
  }
  return schema;
}

/** The branch of a union whose literal the value carries: `{dialect: 'simulated'}` chooses simulated. */
export function branchOf(schema: KeySchema, value: unknown): KeySchema | undefined {
  return schema.oneOf?.find((branch) => {
    const chooser = chooserOf(branch);
    return chooser !== undefined && isGroup(value) && value[chooser.key] === chooser.value;
  });
}

/** The key by which a branch of a union is chosen, and the value that chooses it. */
export function chooserOf(branch: KeySchema): { key: string; value: string } | undefined {
  for (const [key, schema] of Object.entries(branch.properties ?? {})) {
    if (schema.const !== undefined) return { key, value: schema.const };
  }
  return undefined;
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
