import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Run } from './figures.ts';

const RUSAGE = fileURLToPath(new URL('peers/rusage.py', import.meta.url));

/** One of the processes that are compared. */
export interface Contender {
  readonly name: string;
  /** `{id}` in an argument becomes a number that no other run has. */
  readonly command: readonly string[];
}

/**
 * Runs the contenders by turns, so that what else the machine does meets all of them alike.
 * @throws Error with the output of a run that failed: its cost would say nothing
 */
export async function measure(
  python: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, readonly Run[]>> {
  const child = spawn(python, [RUSAGE], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ rounds, commands: contenders.map(({ command }) => command) }));
  const output = await text(child.stdout);
  if (output === '') throw new Error('a run failed; its output stands above');
  const runs = JSON.parse(output) as Run[][];
  return new Map(contenders.map(({ name }, i) => [name, runs[i] ?? []]));
}
