import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath } from './cache.ts';
import { MissingPart } from './missing-part.ts';
import { sh } from './shell.ts';
import { until } from './until.ts';

/** Short and fixed: a socket's path has room for 107 bytes, and every test run of this machine must find the same one. */
const RUN_FOLDER = '/run/gatehouse-tests';
const PID_FILE = join(RUN_FOLDER, 'docker.pid');

export const DOCKERD_HOST = `unix://${join(RUN_FOLDER, 'docker.sock')}`;
/** Held shared by each run that uses our daemon; whoever gets it exclusively is the last. */
export const USERS_LOCK = join(RUN_FOLDER, 'users.lock');
/** Held while the daemon is looked for and started. */
export const START_LOCK = join(RUN_FOLDER, 'start.lock');

/** The engine's answer to a version request: undefined when nothing answers on that host (undefined: docker's default). */
export async function engineVersion(docker: string, host?: string): Promise<string | undefined> {
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  const result = await sh({ nothrow: true, env })`${docker} version --format ${'{{.Server.Version}}'}`;
  return result.ok ? result.stdout.trim() : undefined;
}

/**
 * Starts dockerd on its own socket and data folder and waits until it answers.
 * @throws MissingPart, with the daemon's log as cause, when it does not come up (no privileges, no cgroups, ...).
 */
export async function startDockerd(dockerd: string, docker: string): Promise<void> {
  await mkdir(cachePath('docker'), { recursive: true });
  await removeStalePid();
  const exited = await spawnDockerd(dockerd);
  try {
    await until('dockerd answers', async () => (await engineVersion(docker, DOCKERD_HOST)) !== undefined, {
      givenUp: exited,
    });
  } catch (error) {
    const log = dockerdLog();
    throw new MissingPart('Docker engine', `${(error as Error).message}: ${log.trim().split('\n').at(-1)}`, {
      cause: new Error(log),
    });
  }
}

/** Ends our daemon, and with it its containers, and waits until it is gone. Does nothing when it is gone already. */
export async function stopDockerd(): Promise<void> {
  const pid = runningPid();
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  await until('dockerd has ended', () => runningPid() === undefined);
}

export function dockerdLog(): string {
  return existsSync(logFile()) ? readFileSync(logFile(), 'utf8') : '';
}

function logFile(): string {
  return cachePath('docker', 'dockerd.log');
}

/** Not detached: Ctrl-C in a terminal ends the daemon with the tests. @returns says how it ended, once it has. */
async function spawnDockerd(dockerd: string): Promise<() => string | undefined> {
  const config = cachePath('docker', 'daemon.json');
  await writeFile(config, '{}\n'); // else it reads /etc/docker/daemon.json, whose settings may clash with these flags
  const log = openSync(logFile(), 'w');
  const flags = ['--host', DOCKERD_HOST, '--data-root', cachePath('docker', 'data'), '--config-file', config];
  const child = spawn(dockerd, [...flags, '--exec-root', join(RUN_FOLDER, 'exec'), '--pidfile', PID_FILE], {
    stdio: ['ignore', log, log],
  });
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  child.unref();
  closeSync(log);
  return () => ended;
}

/** dockerd refuses to start while any process has the recorded id, which after a crash may be another program's. */
async function removeStalePid(): Promise<void> {
  if (runningPid() === undefined) await rm(PID_FILE, { force: true });
}

function runningPid(): number | undefined {
  try {
    const pid = Number(readFileSync(PID_FILE, 'utf8'));
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd' ? pid : undefined;
  } catch {
    return undefined;
  }
}
