import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, type ProcessPromise } from 'zx/core';
import { type Command, commandLine, quote } from './commands/command.ts';
import { rsync, type Sending } from './commands/rsync.ts';
import { destination, type SshTarget, ssh, sshExit } from './commands/ssh.ts';
import { lastLines, opsError } from './errors.ts';
import { sshFailure } from './ssh-failure.ts';

/** What a command left behind. */
export interface Result {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A machine that commands run on. */
export interface Remote {
  /** The machine in words, for messages. */
  readonly where: string;
  /** Throws an OpsError (command-failed, program-missing, ssh-*) for any exit that is no answer. */
  run(command: Command): Promise<Result>;
  /** The command as one line that does the same when pasted here. */
  line(command: Command): string;
  /** Makes a folder there equal to one here. Throws as run does. */
  send(sending: Sending): Promise<Result>;
  /** What send does, as one line that does the same when pasted here. */
  sendLine(sending: Sending): string;
  /** Ends what was kept open for further commands. Never throws. */
  close(): Promise<void>;
}

/** Milliseconds a command may take when it does not say. */
const DEFAULT_TIMEOUT_MS = 60_000;

/** 128 + SIGTERM, as a shell counts: what a timeout ends a command with. */
const TIMED_OUT = 143;

/** 128 + SIGKILL, for any other signal. */
const KILLED = 137;

/** Exit status of ssh itself: no connection, no entry. */
const SSH_FAILED = 255;

/** Exit status of a shell that finds no such program. */
const NOT_FOUND = 127;

/** This machine. */
export function localRemote(): Remote {
  const where = `this machine (${hostname()})`;
  return {
    where,
    run: async (command) => judged(command, await execute(command), where),
    line: commandLine,
    send: async (sending) => judged(rsync(sending), await execute(rsync(sending)), where),
    sendLine: (sending) => commandLine(rsync(sending)),
    close: async () => {},
  };
}

/** A host by ssh. All commands share one connection, made by the first; close() ends it. */
export async function sshRemote(target: SshTarget): Promise<Remote> {
  // A socket's path may have 104 characters on macOS, whose own temporary folders use up half of them.
  const folder = await mkdtemp(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'gatehouse-'));
  const controlPath = join(folder, 'ssh');
  const where = destination(target);
  const told = (command: Command, result: Result) => {
    if (result.exit === SSH_FAILED) throw sshFailure(where, result.stderr);
    return judged(command, result, where);
  };
  return {
    where,
    run: async (command) => told(command, await execute(ssh(target, command, controlPath))),
    line: (command) => commandLine(ssh(target, command)),
    send: async (sending) => {
      const result = await execute(rsync(sending, { target, controlPath }));
      if (result.exit === NOT_FOUND) throw opsError('program-missing', 'rsync', `${where} or this machine`);
      return told(rsync(sending, { target }), result);
    },
    sendLine: (sending) => commandLine(rsync(sending, { target })),
    close: async () => {
      await execute(sshExit(target, controlPath));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The only place where a program is started. Its standard input is closed unless the command brings one. */
async function execute(command: Command): Promise<Result> {
  const { program, args, stdin, timeoutMs = DEFAULT_TIMEOUT_MS } = command;
  const late = Promise.withResolvers<Result>();
  const shell = $({
    shell: '/bin/sh',
    // Without exec the program would be a child of the shell, and a timeout would leave it running.
    prefix: 'exec ',
    quote,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(stdin === undefined ? {} : { input: Buffer.from(stdin) }),
    timeout: timeoutMs,
    kill: async (pid, signal) => {
      process.kill(Number(pid), signal);
      late.resolve({ exit: TIMED_OUT, stdout: '', stderr: '', ms: timeoutMs });
    },
    nothrow: true,
    quiet: true,
  });
  const running = shell`${[program, ...args]}`;
  const result = await Promise.race([resultOf(running), late.promise]);
  // After a timeout, ssh's shared connection holds the outputs as long as the command on the host runs.
  for (const stream of [running.stdout, running.stderr]) stream.destroy();
  return result;
}

async function resultOf(running: ProcessPromise): Promise<Result> {
  const { exitCode, signal, stdout, stderr, duration } = await running;
  return { exit: exitCode ?? (signal === 'SIGTERM' ? TIMED_OUT : KILLED), stdout, stderr, ms: duration };
}

function judged(command: Command, result: Result, where: string): Result {
  const ok = command.okExits ?? [0];
  if (ok.includes(result.exit)) return result;
  if (result.exit === NOT_FOUND) throw opsError('program-missing', command.program, where);
  const said = lastLines(result.stderr.trim() === '' ? result.stdout : result.stderr);
  throw opsError('command-failed', commandLine(command), where, manner(command, result.exit), said);
}

function manner({ timeoutMs = DEFAULT_TIMEOUT_MS }: Command, exit: number): string {
  return exit === TIMED_OUT ? `did not end within ${timeoutMs / 1000} s` : `ended with status ${exit}`;
}
