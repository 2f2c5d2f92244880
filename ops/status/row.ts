import { BY_HAND } from '../errors/entry.ts';
import { OpsError } from '../errors.ts';

/** One line of the screen. */
export interface Row {
  /** For --json. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Something is not as it should be; undefined where a row only tells. */
  readonly bad?: boolean;
}

/** A row, or several, that take some time to find out. */
export type Finding = () => Promise<readonly Row[]>;

/** Finds all of them out at the same time; what could not be looked at says why, and the others are there. */
export async function foundOut(
  findings: readonly (readonly [name: string, title: string, find: Finding])[],
): Promise<Row[]> {
  const rows = findings.map(([name, title, find]) =>
    find().catch((error: unknown) => [unknown(name, title, error)]),
  );
  return (await Promise.all(rows)).flat();
}

function unknown(name: string, title: string, error: unknown): Row {
  return { name, title, text: `unknown: ${inOneLine(error)}`, bad: true };
}

/** Of a command that failed what to do where that is known, else its own last words: the command itself is longer than a screen is wide. */
function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = error.message.split('\n');
  const failed = error instanceof OpsError && error.code === 'command-failed';
  if (failed && error.hint !== BY_HAND) return error.hint;
  const line = (failed ? lines.at(-1) : lines[0]) ?? '';
  return line.replace(/^ {2}\| |:$/g, '');
}

/** How long ago something was, or in how long it will be: 5 min, 3 h, 2 d. */
export function span(from: Date, to: Date): string {
  const minutes = Math.abs(to.getTime() - from.getTime()) / 60_000;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
