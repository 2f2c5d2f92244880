import { readdir } from 'node:fs/promises';
import type { Verb } from './verb.ts';

/** The stack npm start runs: the bridge and the simulated gateway on this machine, without Docker. */
export const DEV_STACK = 'dev';

/** The stack of the documentation: its verbs are listed even before it has a file. */
const PROD_STACK = 'prod';

/** A verb on one stack, and the flag that asks for it. */
export interface StackVerb {
  readonly flag: string;
  readonly stack: string;
  readonly verb: Verb;
}

/** The stacks of a checkout: dev, prod, and every other that has a Pulumi.<stack>.yaml. */
export async function findStacks(root: string): Promise<string[]> {
  const files = await readdir(root);
  const named = files.flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
  return [...new Set([DEV_STACK, PROD_STACK, ...named.sort()])];
}

/** Every verb on every stack it is for, and at the end those that are of no stack. */
export function stackVerbs(stacks: readonly string[], verbs: readonly Verb[]): StackVerb[] {
  const ofStacks = stacks.flatMap((stack) =>
    verbs
      .filter(({ on }) => on === (stack === DEV_STACK ? 'dev' : 'deployed'))
      .map((verb) => ({ flag: `--${stack}-${verb.name}`, stack, verb })),
  );
  const ofNone = verbs.filter(({ on }) => on === 'checkout');
  return [...ofStacks, ...ofNone.map((verb) => ({ flag: verb.name, stack: '', verb }))];
}
