import { type Command, command } from './command.ts';

/** Room on the file systems that hold these folders, in 1024-byte blocks, in POSIX's columns. */
export function df(...folders: readonly string[]): Command {
  return command('df', '-P', '-k', ...folders);
}

/** Memory and swap in bytes (procps, so Linux only). */
export function free(): Command {
  return command('free', '-b');
}

/** How long the machine is up, and its load. */
export function uptime(): Command {
  return command('uptime');
}

/** The processes that hold most memory (procps, so Linux only), with their names and no arguments. */
export function biggestProcesses(): Command {
  return command('ps', '-eo', 'rss,comm', '--sort=-rss');
}
