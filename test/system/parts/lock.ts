import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findCommand } from './shell.ts';

/** `shared` and `exclusive` wait for their turn; `exclusive-if-free` does not. */
export type LockMode = 'shared' | 'exclusive' | 'exclusive-if-free';

const FLOCK_FLAGS: Record<LockMode, string[]> = {
  shared: ['--shared'],
  exclusive: ['--exclusive'],
  'exclusive-if-free': ['--exclusive', '--nonblock'],
};

export type Release = () => Promise<void>;

/**
 * Takes an advisory lock on a file through flock(1), whose holder ends when our end of its standard input closes:
 * a killed test run leaves no lock behind.
 * @returns the release, or undefined when `exclusive-if-free` found the lock taken.
 */
export async function lock(file: string, mode: LockMode): Promise<Release | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn('flock', [...FLOCK_FLAGS[mode], file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  const held = await Promise.race([once(holder.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!held) return undefined;
  return async () => {
    holder.stdin.end();
    await exited;
  };
}

/** Runs `work` while no other process does, by an exclusive lock on a file. macOS has no flock: there it just runs. */
export async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await findCommand('flock'))) return work();
  const release = await lock(file, 'exclusive');
  if (!release) throw new Error(`flock could not lock ${file}`);
  try {
    return await work();
  } finally {
    await release();
  }
}
