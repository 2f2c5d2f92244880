/** What every error of this room has: a code, a sentence that names thing, rule and value, and what to do. */
export interface Entry {
  readonly message: string;
  readonly hint: string;
  /** Exit status: 1 something is broken, 2 the command line or its surroundings are not as they must be. */
  readonly exit: 1 | 2;
}

/** Errors by their codes, each made of the facts it names. */
export type Catalogue = Record<string, (...facts: never[]) => Entry>;

export const entry = (exit: 1 | 2, message: string, hint: string): Entry => ({ exit, message, hint });

/** The sentence, with what a program printed below it. */
export function withLines(sentence: string, lines: string): string {
  return lines === '' ? sentence : `${sentence}:\n${lines.replaceAll(/^/gm, '  | ')}`;
}
