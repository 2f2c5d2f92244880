import { type Command, commandLine } from './commands/command.ts';
import { lastLines, opsError } from './errors.ts';
import type { Result } from './machine.ts';

/** Milliseconds a command may take when it does not say. */
export const DEFAULT_TIMEOUT_MS = 60_000;

/** 128 + SIGTERM, as a shell counts: what a timeout ends a command with. */
export const TIMED_OUT = 143;

/** Exit status of a shell that finds no such program. */
export const NOT_FOUND = 127;

/** The result of a command that ended as it may. Throws program-missing or command-failed, with its last lines. */
export function judged(command: Command, result: Result, where: string): Result {
  const ok = command.okExits ?? [0];
  const missing = result.exit === NOT_FOUND ? command.program : missingForSudo(result);
  if (ok.includes(result.exit) && missing === undefined) return result;
  if (missing !== undefined) throw opsError('program-missing', missing, where);
  const said = lastLines(result.stderr.trim() === '' ? result.stdout : result.stderr);
  throw opsError('command-failed', commandLine(command), where, manner(command, result.exit), said);
}

/** sudo says so with status 1, which of many a command is an answer. */
function missingForSudo({ exit, stderr }: Result): string | undefined {
  return exit === 1 ? /^sudo: (\S+): command not found$/.exec(stderr.trim())?.[1] : undefined;
}

function manner({ timeoutMs = DEFAULT_TIMEOUT_MS }: Command, exit: number): string {
  return exit === TIMED_OUT ? `did not end within ${timeoutMs / 1000} s` : `ended with status ${exit}`;
}
