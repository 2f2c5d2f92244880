import type { Output, Style } from '../output.ts';
import type { CheckResult } from './check.ts';
import type { CheckReport, Diagnosis } from './diagnose.ts';

const MARKS: Readonly<Record<CheckResult, readonly [word: string, style: Style]>> = {
  passed: ['ok', 'green'],
  beneath: ['>>', 'yellow'],
  failed: ['FAIL', 'red'],
  skipped: ['-', 'dim'],
  'not-reached': ['-', 'dim'],
};

/** The row of one check: mark, layer, what was seen, milliseconds. `width` is that of the widest title. */
export function row(report: CheckReport, width: number, out: Output): string {
  const [word, style] = MARKS[report.result];
  const ms = report.ms > 0 ? out.style('dim', `  ${report.ms} ms`) : '';
  return `  ${out.style(style, word.padEnd(4))}  ${report.title.padEnd(width)}  ${report.summary}${ms}`;
}

/** What stands beneath the rows: the state, its evidence, the remedy and the next command. */
export function conclusion({ healthy, state }: Diagnosis, out: Output): string[] {
  if (healthy) return ['', out.style('green', `State: ${state.code}. ${state.message}`)];
  return [
    '',
    out.style('red', `State: ${state.code}. ${state.message}`),
    ...state.evidence.map((line) => `  ${line}`),
    `Remedy: ${state.hint}`,
    ...(state.action === null ? [] : ['Next:', `  ${state.action}`]),
  ];
}
