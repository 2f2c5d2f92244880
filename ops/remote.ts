import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { $, type ProcessPromise } from 'zx/core';
import { type Command, command, commandLine, quote } from './commands/command.ts';
import { rsync, type Sending } from './commands/rsync.ts';
import {
  destination,
  type SshTarget,
  ssh,
  sshExit,
  sshSession,
  sshTunnel,
  type Tunnel,
} from './commands/ssh.ts';
import { lastLines, opsError } from './errors.ts';
import { forward } from './forward.ts';
import { sshFailure } from './ssh-failure.ts';

/** What a command left behind. */
export interface Result {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Is told what a command prints while it runs. */
export type OnLine = (line: string) => void;

export interface Watch {
  readonly signal: AbortSignal;
  readonly onUp: () => void;
}

/** A machine that commands run on. */
export interface Remote {
  /** The machine in words, for messages. */
  readonly where: string;
  /**
   * Throws an OpsError (command-failed, program-missing, ssh-*) for any exit that is no answer. `onLine` is called
   * with each line of standard error as it comes; a command that is listened to is not ended by Ctrl-C here.
   */
  run(command: Command, onLine?: OnLine): Promise<Result>;
  /** The command as one line that does the same when pasted here. */
  line(command: Command): string;
  /** Runs a command on this process's own standard streams until it ends. Returns its exit status. */
  attach(command: Command): Promise<number>;
  /** A person's own session there: the shell, or one line for it. Returns its exit status. */
  session(line?: string): Promise<number>;
  /** What session does, as one line to paste. */
  sessionLine(line?: string): string;
  /**
   * Keeps a tunnel up until it breaks or the signal is aborted; `onUp` is called when it stands. Never throws: the
   * error is the reason why it ended, undefined after the signal.
   */
  tunnel(tunnel: Tunnel, watch: Watch): Promise<Error | undefined>;
  /** What tunnel does, as one line to paste. */
  tunnelLine(tunnel: Tunnel): string;
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
    run: async (command, onLine) => judged(command, await execute(command, onLine), where),
    line: commandLine,
    attach: attached,
    session: (line) => attached(shellHere(line)),
    sessionLine: (line) => commandLine(shellHere(line)),
    tunnel: forward,
    tunnelLine: ({ local, host, port }) => `# 127.0.0.1:${local} is passed on to ${host}:${port}`,
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
    run: async (command, onLine) => told(command, await execute(ssh(target, command, controlPath), onLine)),
    line: (command) => commandLine(ssh(target, command)),
    attach: (command) => attached(ssh(target, command, controlPath)),
    session: (line) => attached(sshSession(target, line, controlPath)),
    sessionLine: (line) => commandLine(sshSession(target, line)),
    tunnel: async (tunnel, watch) => {
      const { exit, stderr } = await held(sshTunnel(target, tunnel), watch);
      if (watch.signal.aborted) return undefined;
      const died = `ended with status ${exit}`;
      return exit === SSH_FAILED ? sshFailure(where, stderr) : new Error(lastLines(stderr) || died);
    },
    tunnelLine: (tunnel) => commandLine(sshTunnel(target, tunnel)),
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
async function execute(command: Command, onLine?: OnLine): Promise<Result> {
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
    // A process group of its own: the terminal's Ctrl-C reaches us alone, and the verb says what becomes of it.
    detached: onLine !== undefined,
  });
  const running = shell`${[program, ...args]}`;
  if (onLine) createInterface({ input: running.stderr }).on('line', onLine);
  const result = await Promise.race([resultOf(running), late.promise]);
  // After a timeout, ssh's shared connection holds the outputs as long as the command on the host runs.
  for (const stream of [running.stdout, running.stderr]) stream.destroy();
  return result;
}

/** On the terminal of this process, where there is one: what is typed goes there. */
async function attached({ program, args }: Command): Promise<number> {
  const shell = $({ shell: '/bin/sh', prefix: 'exec ', quote, stdio: 'inherit', nothrow: true, quiet: true });
  const { exitCode } = await shell`${[program, ...args]}`;
  return exitCode ?? KILLED;
}

function shellHere(line?: string): Command {
  return command('sh', ...(line === undefined ? [] : ['-c', line]));
}

/** Runs a program until it ends or is ended: its standard input stays open, its first output says that it is up. */
async function held({ program, args }: Command, { signal, onUp }: Watch): Promise<Result> {
  const shell = $({
    shell: '/bin/sh',
    prefix: 'exec ',
    quote,
    stdio: ['pipe', 'pipe', 'pipe'],
    nothrow: true,
    quiet: true,
    detached: true,
  });
  const running = shell`${[program, ...args]}`;
  running.stdout.once('data', onUp);
  const end = () => running.stdin.end();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const result = await resultOf(running);
  signal.removeEventListener('abort', end);
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
