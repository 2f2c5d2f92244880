import type { Command } from '../commands/command.ts';

/** The end of a stack, as data. */
export interface Teardown {
  readonly deletes: readonly string[];
  readonly keeps: readonly string[];
  readonly steps: readonly { readonly title: string; readonly command: Command }[];
}

/** What a teardown does, in words: nothing of it comes back. */
export function teardownWords({ deletes, keeps }: Teardown): string[] {
  return [
    'deletes:',
    ...deletes.map((thing) => `  ${thing}`),
    'keeps:',
    ...keeps.map((thing) => `  ${thing}`),
  ];
}
