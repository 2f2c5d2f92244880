import { ProcessOutput } from 'zx';

/** A real part that cannot be had on this machine. Its message is one line fit for a skipped test; `cause` holds the whole story. */
export class MissingPart extends Error {
  override readonly name = 'MissingPart';
  readonly part: string;

  constructor(part: string, reason: string, options?: ErrorOptions) {
    super(`${part} is missing: ${reason}`, options);
    this.part = part;
  }
}

/** Wraps the failure of a command or check that was to provide `part`: its last line of output becomes the reason. */
export function missing(part: string, doing: string, cause: unknown): MissingPart {
  return cause instanceof MissingPart
    ? cause
    : new MissingPart(part, `${doing} failed: ${lastLine(cause)}`, { cause });
}

function lastLine(cause: unknown): string {
  const text = cause instanceof ProcessOutput ? cause.stderr || cause.stdout : String(cause);
  return text.trim().split('\n').at(-1) || `${cause}`.split('\n')[0] || 'no output';
}
