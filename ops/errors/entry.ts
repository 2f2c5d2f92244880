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
    'let this user use Docker: usermod -aG docker USER, then log in anew; or come with --sudo',
  ],
  [
    /sudo: (a password is required|sorry, you must have a tty)/,
    'let this user use sudo without a password: visudo, and USER ALL=(ALL) NOPASSWD: ALL',
  ],
  [
    /passphrase must be set|PULUMI_CONFIG_PASSPHRASE|incorrect passphrase/,
    'say how the state is locked: export PULUMI_CONFIG_PASSPHRASE=... (empty where none was given)',
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set|not logged in|no stack named/i,
    'log Pulumi in to where the state of this stack is: npx pulumi login --local, or the place it was made with',
  ],
] as const;

/** What to do about what a program said, or else the hint that is given. */
export function hintFor(lines: string, otherwise: string): string {
  return KNOWN_WORDS.find(([words]) => words.test(lines))?.[1] ?? otherwise;
}

/** What to do about a command that failed where nothing is known of what it said. */
export const BY_HAND = 'run that line by hand to see all it says';

/** The sentence, with what a program printed below it. */
export function withLines(sentence: string, lines: string): string {
  return lines === '' ? sentence : `${sentence}:\n${lines.replaceAll(/^/gm, '  | ')}`;
}
