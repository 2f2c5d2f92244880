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
  const { message } = error as Error;
  const told = error instanceof OpsError || error instanceof Error;
  return {
    name,
    title,
    text: `unknown: ${told ? message.split('\n')[0]?.replace(/:$/, '') : error}`,
    bad: true,
  };
}

/** How long ago something was, or in how long it will be: 5 min, 3 h, 2 d. */
export function span(from: Date, to: Date): string {
  const minutes = Math.abs(to.getTime() - from.getTime()) / 60_000;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
