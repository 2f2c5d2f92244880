import { type Catalogue, entry } from './entry.ts';

/** Errors of writing a stack's file, and of deleting a stack. */
export const STACK_ERRORS = {
  'init-invalid': (flag: string, complaint: string) =>
    entry(2, `${flag} ${complaint}`, `give ${flag} another value; nothing was written`),
  'init-missing': (flag: string, message: string) =>
    entry(
      2,
      `${flag} is needed: ${message}`,
      `give ${flag}, or run it on a terminal without --yes to be asked`,
    ),
  'init-unused': (flag: string, choices: string) =>
    entry(2, `${flag} says nothing with ${choices}`, `leave ${flag} out, or choose otherwise`),
  'stack-exists': (name: string) =>
    entry(
      2,
      `${name} is there already: nothing was asked or written`,
      '--force replaces it and keeps a copy; --stack NAME makes another stack',
    ),
  'teardown-unconfirmed': (stack: string) =>
    entry(
      2,
      'the name of the stack was not given: nothing was deleted',
      `type it when asked, or give --confirm ${stack}; --plan says what would go`,
    ),
} as const satisfies Catalogue;
