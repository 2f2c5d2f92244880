import type { VerbContext } from '../verb.ts';
import type { Row } from './row.ts';

/** Prints the rows as one screen, or as JSON. Returns the exit status: 1 when something is not as it should be. */
export function printScreen(rows: readonly Row[], context: VerbContext, now: Date): 0 | 1 {
  const { options, out, stack } = context;
  const healthy = !rows.some(({ bad }) => bad);
  if (options.json) out.line(json(rows, { stack, at: now.toISOString(), healthy }));
  else for (const line of table(rows, context)) out.line(line);
  return healthy ? 0 : 1;
}

function json(rows: readonly Row[], about: object): string {
  const values = rows.map(({ name, text, bad = false }) => [name, { text, bad }] as const);
  return JSON.stringify({ ...about, rows: Object.fromEntries(values) });
}

function table(rows: readonly Row[], { out }: VerbContext): string[] {
  const width = Math.max(...rows.map(({ title }) => title.length));
  return rows.map(({ title, text, bad }) => {
    const mark = bad ? out.style('red', '!') : ' ';
    return `${mark} ${title.padEnd(width)}  ${bad ? out.style('red', text) : text}`;
  });
}
