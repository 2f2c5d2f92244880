import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ComposeError } from '../errors.ts';
import { isGroup } from './keys.ts';

/** Pulumi's namespace of our keys: the name of the project in Pulumi.yaml. */
export const STACK_NAMESPACE = 'gatehouse:';

/**
 * The gatehouse: keys of Pulumi.<stack>.yaml, without the prefix. Other namespaces (gcp:, docker:) are Pulumi's.
 * Throws ComposeError stack-missing or stack-unreadable.
 */
export async function readStackFile(root: string, stack: string): Promise<Record<string, unknown>> {
  const name = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(root, name), 'utf8').catch((error: unknown) => {
    throw new ComposeError('stack-missing', `there is no readable ${name} in ${root}`, error);
  });
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) throw new ComposeError('stack-unreadable', `${name}: ${problem.message}`);
  const content: unknown = document.toJS();
  if (!isGroup(content) || !isGroup(content.config)) {
    throw new ComposeError('stack-unreadable', `${name} has no config: section`);
  }
  return ownKeys(content.config);
}

/**
 * Our keys out of all that Pulumi hands a program (`pulumi.runtime.allConfig()`): there every value is a text,
 * and a group of keys is JSON.
 */
export function ownKeysFromPulumi(all: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ownKeys(all)).map(([key, text]) => [key, fromText(String(text))]));
}

function ownKeys(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(STACK_NAMESPACE))
      .map(([key, value]) => [key.slice(STACK_NAMESPACE.length), value]),
  );
}

function fromText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
