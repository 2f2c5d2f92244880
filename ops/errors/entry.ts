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

/** Words of programs that a verb starts, each with what mends it: more than running the line again would tell. */
const KNOWN_WORDS = [
  [/gcloud auth login|gcloud config set account/, 'log in to Google first: gcloud auth login'],
  [
    /Is the docker daemon running|Cannot connect to the Docker daemon/,
    'start Docker there: systemctl start docker',
  ],
  [
    /permission denied.*docker daemon socket/i,
    'let this user use Docker: usermod -aG docker USER, then log in anew',
  ],
] as const;

/** What to do about what a program said, or else the hint that is given. */
export function hintFor(lines: string, otherwise: string): string {
  return KNOWN_WORDS.find(([words]) => words.test(lines))?.[1] ?? otherwise;
}

/** The sentence, with what a program printed below it. */
export function withLines(sentence: string, lines: string): string {
  return lines === '' ? sentence : `${sentence}:\n${lines.replaceAll(/^/gm, '  | ')}`;
}
