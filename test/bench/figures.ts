/** What one run of a process cost: seconds, and bytes at its peak. */
export interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/** The middle value: half of the others are above it. One slow run on a busy machine does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** What is held against what: `cost` may be at most `share` of `of`. */
export interface Goal {
  readonly name: string;
  readonly cost: number;
  readonly share: number;
  readonly of: number;
}

/** One line that says what was wanted, what came out, and whether that is enough. */
export function goalLine({ name, cost, share, of }: Goal): string {
  const reached = cost / of;
  return `goal: ${name}: at most ${Number(share.toFixed(2))}, is ${reached.toFixed(3)}: ${reached <= share ? 'met' : 'missed'}`;
}

/** Rows under headings as a Markdown table, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}
