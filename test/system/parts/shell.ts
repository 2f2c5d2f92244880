import { delimiter } from 'node:path';
import { $, which } from 'zx';

/** Directories that hold daemons (dockerd, sshd) and are not on the PATH of an ordinary user. */
const DAEMON_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** zx's `$` without echo and without standard input, so that no tool can stop to ask. A failure's error holds its output. */
export const sh = $({ quiet: true, stdio: ['ignore', 'pipe', 'pipe'] });

/** Absolute path of a command, looked for on PATH and among the daemons; undefined when there is none. */
export async function findCommand(command: string): Promise<string | undefined> {
  const path = [process.env.PATH, ...DAEMON_FOLDERS].join(delimiter);
  return (await which(command, { path, nothrow: true })) ?? undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
