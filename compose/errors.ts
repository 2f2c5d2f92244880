/** One thing a person can meet while making a release: what happened, and what to do about it. */
export class ComposeError extends Error {
  readonly code: ComposeErrorCode;
  readonly hint: string;

  constructor(code: ComposeErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ComposeError';
    this.code = code;
    this.hint = COMPOSE_ERRORS[code];
  }
}

/** Every error of this room, and its hint. */
export const COMPOSE_ERRORS = {
  'config-invalid': 'correct the lines above in the stack file; docs/configuration.md lists every key',
  'stack-missing': 'name a stack that has a Pulumi.<stack>.yaml beside package.json',
  'stack-unreadable': 'the file must be YAML with a config: section of gatehouse: keys',
  'bundle-failed': 'run npm ci, then npm run check: the sources named above do not bundle',
  'out-unwritable': 'name a folder you may write to with --out',
  'release-damaged': 'remove that folder and make the release again: a release is never edited in place',
} as const;

export type ComposeErrorCode = keyof typeof COMPOSE_ERRORS;
