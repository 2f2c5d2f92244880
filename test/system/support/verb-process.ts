import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshTarget } from '../../../ops/commands/ssh.ts';
import { until } from '../parts/until.ts';

/** A verb that runs in a process of its own. */
export interface VerbProcess {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until the output says so. */
  says(words: RegExp): Promise<RegExpExecArray>;
  /** Ctrl-C, as a terminal sends it to the process alone. @returns the exit status */
  interrupt(): Promise<number | null>;
  ended(): Promise<number | null>;
}

export function verbProcess(
  root: string,
  target: SshTarget,
  argv: readonly string[],
  env = process.env,
): VerbProcess {
  const main = join(import.meta.dirname, 'run-verb.ts');
  const child = spawn(process.execPath, [main, root, JSON.stringify(target), ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = async () => {
    await closed;
    return child.exitCode;
  };
  return {
    child,
    output: () => output,
    says: async (words) => {
      await until(`it says ${words}`, () => words.test(output), { limit: 60_000, every: 50 });
      return words.exec(output) as RegExpExecArray;
    },
    interrupt: async () => {
      child.kill('SIGINT');
      return ended();
    },
    ended,
  };
}

/** The programs that a verb has started: its ssh or its rsync, and what bundles. */
export async function childrenOf({ child: { pid } }: VerbProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Kills them, as a connection is cut. Some may have ended with the verb. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
