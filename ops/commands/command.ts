/** A program to run, as data: built anywhere, executed by remote.ts only. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** What it reads on standard input. Secrets go this way and no other: it is never printed. */
  readonly stdin?: string;
  /** The file of this checkout that standard input is, where it is one: a line to paste names it. */
  readonly stdinFrom?: string;
  /** Exit statuses that are answers, not failures. By default only 0 is. */
  readonly okExits?: readonly number[];
  /** Milliseconds until it is stopped and counted as failed; remote.ts has a default. */
  readonly timeoutMs?: number;
}

/** A Command without anything beside its arguments. */
export function command(program: string, ...args: readonly string[]): Command {
  return { program, args };
}

/**
 * One argument for a POSIX shell. Only single quotes are used: `$'...'` (which zx writes) is bash's own, and the
 * login shell of a host may be another.
 */
export function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Pulumi's command line comes with the checkout: a person's own shell has it by npx, which puts it on our PATH. */
const AS_TYPED: Readonly<Record<string, readonly string[]>> = { pulumi: ['npx', 'pulumi'] };

/** The command as one line to paste into a POSIX shell. What it reads on standard input is only hinted at. */
export function commandLine({ program, args, stdin, stdinFrom }: Command): string {
  const line = [...(AS_TYPED[program] ?? [program]), ...args].map(quote).join(' ');
  if (stdin === undefined) return line;
  return `${line} < ${stdinFrom ?? `${Buffer.byteLength(stdin)} bytes`}`;
}
