import { naming } from './again.ts';
import { OpsError, opsError } from './errors.ts';
import type { Output } from './output.ts';

/** An error with what to do about it: this room's own, and those of the rooms it calls. */
interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface Printing {
  readonly json: boolean;
  readonly debug: boolean;
  /** The stack the verb was for: a hint that names a verb of any stack then names this one's. */
  readonly stack?: string | undefined;
  /** By commander's names: a hint that names a verb of this stack names the same machine. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** What was typed: for a hint that wants it again, with something added. */
  readonly line?: string | undefined;
}

/** Prints an error as `Error:` and `Try:`, or as JSON on standard output, and returns the exit status. */
export function printError(error: unknown, out: Output, { json, debug, ...typed }: Printing): 1 | 2 {
  const told = hasHint(error) ? error : unexpected(error);
  const { code, message } = told;
  const hint = filled(told.hint, typed);
  if (json) out.line(JSON.stringify({ error: { code, message, hint } }));
  else {
    out.note(`${out.style('red', 'Error:')} ${message}`);
    out.note(`${out.style('cyan', 'Try:')} ${hint}`);
  }
  if (debug && error instanceof Error) out.note(String(error.stack));
  return told instanceof OpsError ? told.exit : 2;
}

type Given = Pick<Printing, 'stack' | 'options' | 'line'>;

function filled(hint: string, { stack, options = {}, line = 'the same' }: Given): string {
  const own =
    stack === undefined ? hint : naming(hint.replaceAll('--<stack>-', `--${stack}-`), { stack, options });
  return own.replaceAll('<this line>', line).replaceAll(' <stack>', ` ${stack ?? '<stack>'}`);
}

/** Errors of compose and of the bridge have the same shape: their mistakes are in what was asked for. */
function hasHint(error: unknown): error is Told {
  return error instanceof Error && 'hint' in error && 'code' in error && typeof error.hint === 'string';
}

/** What a disk or its rights answer to whoever wants to write: no mistake of ours, wherever it comes from. */
const DISK_SAYS_NO = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR']);

function unexpected(error: unknown): OpsError {
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof Error && typeof path === 'string' && DISK_SAYS_NO.has(String(code)))
    return opsError('folder-unusable', path, String(code));
  return opsError('internal-error', error instanceof Error ? error.message : String(error));
}
