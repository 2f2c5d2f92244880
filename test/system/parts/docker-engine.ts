import { ensureCommand } from './apt.ts';
import {
  DOCKERD_HOST,
  dockerdLog,
  engineVersion,
  START_LOCK,
  startDockerd,
  stopDockerd,
  USERS_LOCK,
} from './dockerd.ts';
import { alone, lock, type Release } from './lock.ts';
import { MissingPart } from './missing-part.ts';
import { findCommand, isRoot, sh } from './shell.ts';

/** A Docker engine that answers. */
export interface DockerEngine {
  /** This process's environment with DOCKER_HOST set for the engine: pass it to `docker` and `docker compose`. */
  env: NodeJS.ProcessEnv;
  /** False for an engine that was running before: it may hold the user's own containers and images. */
  ours: boolean;
  version: string;
  /** Runs `docker ARGS` on this engine. @returns its standard output, trimmed. @throws zx's ProcessOutput */
  docker: (...args: string[]) => Promise<string>;
  /** The daemon's log; empty for an engine that is not ours. */
  log: () => string;
  /** Stops the daemon if it is ours and no other test run uses it. */
  close: () => Promise<void>;
}

/**
 * The engine the environment points to, if it answers; else one of our own (docker.io by apt, dockerd started by hand
 * on a socket and a data folder of its own), shared by all test runs of this machine.
 * @throws MissingPart
 */
export async function ensureDockerEngine(): Promise<DockerEngine> {
  return (await runningEngine()) ?? (await ownEngine());
}

async function runningEngine(): Promise<DockerEngine | undefined> {
  const docker = await findCommand('docker');
  const version = docker && (await engineVersion(docker));
  if (!version) return undefined;
  return { ...client(docker, process.env), ours: false, version, log: () => '', close: async () => {} };
}

async function ownEngine(): Promise<DockerEngine> {
  if (!isRoot()) throw new MissingPart('Docker engine', 'none answers, and only root can start one');
  const dockerd = await ensureCommand('Docker engine', 'dockerd', ['docker.io']);
  const docker = await ensureCommand('Docker client', 'docker', ['docker-cli']);
  await stopIfUnused(); // what a killed run left, with its containers
  const release = await lock(USERS_LOCK, 'shared');
  try {
    await alone(START_LOCK, () => startUnlessRunning(dockerd, docker));
  } catch (error) {
    await release?.();
    throw error;
  }
  const version = (await engineVersion(docker, DOCKERD_HOST)) ?? 'unknown';
  const env = { ...process.env, DOCKER_HOST: DOCKERD_HOST };
  return { ...client(docker, env), ours: true, version, log: dockerdLog, close: () => leave(release) };
}

function client(docker: string, env: NodeJS.ProcessEnv): Pick<DockerEngine, 'env' | 'docker'> {
  const on = sh({ env });
  return { env, docker: async (...args) => (await on`${docker} ${args}`).stdout.trim() };
}

async function startUnlessRunning(dockerd: string, docker: string): Promise<void> {
  if (await engineVersion(docker, DOCKERD_HOST)) return;
  await startDockerd(dockerd, docker);
  await removeLeftovers(docker);
}

/** A killed run leaves containers that a restart policy brings back with the daemon, holding ports; and old images. */
async function removeLeftovers(docker: string): Promise<void> {
  const { docker: run } = client(docker, { ...process.env, DOCKER_HOST: DOCKERD_HOST });
  const containers = await run('ps', '--all', '--quiet');
  if (containers) await run('rm', '--force', '--volumes', ...containers.split('\n'));
  await run('network', 'prune', '--force');
  await run('volume', 'prune', '--force');
  await run('image', 'prune', '--force');
}

async function leave(release: Release | undefined): Promise<void> {
  await release?.();
  await stopIfUnused();
}

/** Stops the daemon if no test run uses it; the lock held meanwhile keeps newcomers waiting. */
async function stopIfUnused(): Promise<void> {
  const unused = await lock(USERS_LOCK, 'exclusive-if-free');
  if (!unused) return;
  try {
    await stopDockerd();
  } finally {
    await unused();
  }
}
