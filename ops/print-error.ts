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
}

/** Prints an error as `Error:` and `Try:`, or as JSON on standard output, and returns the exit status. */
export function printError(error: unknown, out: Output, { json, debug, stack }: Printing): 1 | 2 {
  const told = hasHint(error) ? error : unexpected(error);
  const { code, message } = told;
  const hint = stack === undefined ? told.hint : told.hint.replaceAll('--<stack>-', `--${stack}-`);
  if (json) out.line(JSON.stringify({ error: { code, message, hint } }));
  else {
    out.note(`${out.style('red', 'Error:')} ${message}`);
    out.note(`${out.style('cyan', 'Try:')} ${hint}`);
  }
  if (debug && error instanceof Error) out.note(String(error.stack));
  return told instanceof OpsError ? told.exit : 2;
}

/** Errors of compose and of the bridge have the same shape: their mistakes are in what was asked for. */
function hasHint(error: unknown): error is Told {
  return error instanceof Error && 'hint' in error && 'code' in error && typeof error.hint === 'string';
}

function unexpected(error: unknown): OpsError {
  return opsError('internal-error', error instanceof Error ? error.message : String(error));
}
