import { opsError } from '../errors.ts';
import type { Surroundings } from '../verb.ts';

/**
 * A secret value: all of standard input where something is piped in, else typed twice without being shown. Throws
 * secret-differs, secret-nowhere or not-answered.
 */
export async function secretValue(name: string, { piped, prompts }: Surroundings): Promise<string> {
  const text = await piped?.();
  if (text !== undefined) return text;
  if (prompts === undefined) throw opsError('secret-nowhere', name);
  const first = await prompts.hidden(`${name}:`);
  const second = await prompts.hidden('The same again:');
  if (first !== second) throw opsError('secret-differs', name);
  return first;
}
