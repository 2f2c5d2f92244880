import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { $, type ProcessPromise, which } from 'zx/core';
import { type Command, command, commandLine, quote } from './commands/command.ts';
import { rsync } from './commands/rsync.ts';
import {
  destination,
  knownHosts,
  type SshTarget,
  ssh,
  sshExit,
  sshSession,
  sshTunnel,
} from './commands/ssh.ts';
import { lastLines, opsError } from './errors.ts';
import { forward } from './forward.ts';
import { DEFAULT_TIMEOUT_MS, judged, NOT_FOUND, TIMED_OUT } from './judged.ts';
import type { OnLine, Remote, Result, Watch } from './machine.ts';
import { sshFailure } from './ssh-failure.ts';

export type { OnLine, Remote, Result, Watch } from './machine.ts';

const HERE = `this machine (${hostname()})`;

/** 128 + SIGKILL, for any other signal. */
const KILLED = 137;

/** Exit status of ssh itself: no connection, no entry. */
const SSH_FAILED = 255;

/** This machine. */
export function localRemote(): Remote {
  const where = HERE;
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
export async function sshRemote(given: SshTarget): Promise<Remote> {
  // A socket's path may have 104 characters on macOS, whose own temporary folders use up half of them.
  const folder = await mkdtemp(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'gatehouse-'));
  const controlPath = join(folder, 'ssh');
  const target = await knowing(given, join(folder, 'known_hosts'));
  const where = destination(target);
  const told = (command: Command, result: Result) => {
    if (result.exit === SSH_FAILED) throw sshFailure(target, result.stderr);
    return judged(command, result, where);
  };
  return {
    where,
    run: async (command, onLine) => told(command, await execute(ssh(target, command, controlPath), onLine)),
    line: (command) => commandLine(ssh(target, command)),
    attach: (command, signal) => attached(ssh(target, command, controlPath), signal),
    session: (line) => attached(sshSession(target, line, controlPath)),
    sessionLine: (line) => commandLine(sshSession(target, line)),
    tunnel: async (tunnel, watch) => {
      const { exit, stderr } = await held(sshTunnel(target, tunnel), watch);
      if (watch.signal.aborted) return undefined;
      const died = `ended with status ${exit}`;
      return exit === SSH_FAILED ? sshFailure(target, stderr) : new Error(lastLines(stderr) || died);
    },
    tunnelLine: (tunnel) => commandLine(sshTunnel(target, tunnel)),
    send: async (sending) => {
      const result = await execute(rsync(sending, { target, controlPath }));
      return told(rsync(sending, { target }), result);
    },
    sendLine: (sending) => commandLine(rsync(sending, { target })),
    close: async () => {
      await execute(sshExit(target, controlPath)).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The target with a file of its host keys, where they were told. */
async function knowing(target: SshTarget, file: string): Promise<SshTarget> {
  const text = knownHosts(target);
  if (text === '') return target;
  await writeFile(file, text);
  return { ...target, knownHostsFile: file };
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
  // From a host, too, this status may come: of what is missing there.
  if (result.exit === NOT_FOUND) await needHere(program);
  return result;
}

/** Throws program-missing where this machine has no such program. */
async function needHere(program: string): Promise<void> {
  if ((await which(program, { nothrow: true })) === null) throw opsError('program-missing', program, HERE);
}

/** On the terminal of this process, where there is one: what is typed goes there. */
async function attached({ program, args }: Command, signal?: AbortSignal): Promise<number> {
  await needHere(program);
  const shell = $({ shell: '/bin/sh', prefix: 'exec ', quote, stdio: 'inherit', nothrow: true, quiet: true });
  const running = shell`${[program, ...args]}`;
  const end = () => void running.child?.kill('SIGTERM');
  signal?.addEventListener('abort', end);
  const { exitCode } = await running;
  signal?.removeEventListener('abort', end);
  return exitCode ?? KILLED;
}

function shellHere(line?: string): Command {
  return command('sh', ...(line === undefined ? [] : ['-c', line]));
}

/** Runs a program until it ends or is ended: its standard input stays open, its first output says that it is up. */
async function held({ program, args }: Command, { signal, onUp }: Watch): Promise<Result> {
  await needHere(program);
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
