import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCommand } from './apt.ts';
import { cachePath } from './cache.ts';
import type { DockerEngine } from './docker-engine.ts';
import { engineVersion } from './dockerd.ts';
import { MissingPart } from './missing-part.ts';
import { isRoot, sh } from './shell.ts';
import { until } from './until.ts';

/** A Docker engine of one test file's own, in a network namespace of its own: it may be killed, and see no network. */
export interface PrivateEngine extends DockerEngine {
  /** Runs a program in the engine's network: published ports are on the loopback there. @returns standard output */
  inside(...command: string[]): Promise<string>;
  /** Ends the daemon by a signal and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again, with keys of daemon.json. */
  start(config?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Starts one. It shares nothing with the engine of other tests, not even firewall rules. @throws MissingPart */
export async function ensurePrivateEngine(
  config: Readonly<Record<string, unknown>> = {},
): Promise<PrivateEngine> {
  if (!isRoot()) throw new MissingPart('private Docker engine', 'only root can start one');
  const dockerd = await ensureCommand('Docker engine', 'dockerd', ['docker.io']);
  const docker = await ensureCommand('Docker client', 'docker', ['docker-cli']);
  await ensureCommand('iproute2', 'ip', ['iproute2']);
  const containerd = await ensureCommand('containerd', 'containerd', ['containerd']);
  const place = await makePlace();
  const tasks = await spawnContainerd(containerd, place);
  const host = `unix://${join(place.run, 'docker.sock')}`;
  const env = { ...process.env, DOCKER_HOST: host };
  let child: ChildProcess | undefined;

  const start: PrivateEngine['start'] = async (keys = {}) => {
    child = await spawnDockerd(dockerd, host, place, keys);
    const running = child;
    await until(
      'the private dockerd answers',
      async () => (await engineVersion(docker, host)) !== undefined,
      {
        givenUp: () => (running.exitCode === null ? undefined : logOf(place)),
      },
    );
  };
  const end: PrivateEngine['end'] = async (signal) => {
    if (child) await ended(child, signal);
  };
  const run: DockerEngine['docker'] = async (...args) => (await sh({ env })`${docker} ${args}`).stdout.trim();

  await start(config);
  return {
    env,
    ours: true,
    version: (await engineVersion(docker, host)) ?? 'unknown',
    docker: run,
    log: () => logOf(place),
    inside: async (...command) => (await sh`ip netns exec ${place.namespace} ${command}`).stdout,
    start,
    end,
    close: async () => {
      const left = await run('ps', '--all', '--quiet').catch(() => '');
      if (left) await run('rm', '--force', '--volumes', ...left.split('\n'));
      await end('SIGTERM');
      await ended(tasks, 'SIGTERM');
      await removePlace(place);
    },
  };
}

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

interface Place {
  readonly namespace: string;
  /** For sockets, whose paths must be short. */
  readonly run: string;
  readonly data: string;
}

async function makePlace(): Promise<Place> {
  const namespace = `gatehouse-test-${process.pid}`;
  await sh`ip netns add ${namespace}`;
  await sh`ip -n ${namespace} link set lo up`;
  await mkdir('/run/gatehouse-tests', { recursive: true });
  const run = await mkdtemp('/run/gatehouse-tests/p-');
  await mkdir(cachePath(), { recursive: true });
  return { namespace, run, data: await mkdtemp(cachePath('docker-private-')) };
}

/** What a killed daemon leaves mounted is let go of with its folders. */
async function removePlace({ namespace, run, data }: Place): Promise<void> {
  await sh({ nothrow: true })`ip netns delete ${namespace}`;
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const own = mounts
    .map((line) => line.split(' ')[1] ?? '')
    .filter((at) => at.startsWith(run) || at.startsWith(data));
  for (const at of own.reverse()) await sh({ nothrow: true })`umount --lazy ${at}`;
  await rm(run, { recursive: true, force: true });
  await rm(data, { recursive: true, force: true });
}

/** A process of its own, as on a host: a dockerd that is killed must not take the containers' keeper with it. */
async function spawnContainerd(containerd: string, { namespace, run, data }: Place): Promise<ChildProcess> {
  const config = join(run, 'containerd.toml');
  const lines = [
    'version = 2',
    `root = "${join(data, 'containerd')}"`,
    `state = "${join(run, 'containerd')}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    '[grpc]',
    `address = "${containerdSocket(run)}"`,
  ];
  await writeFile(config, lines.join('\n'));
  const log = openSync(join(data, 'dockerd.log'), 'a');
  const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, containerd, '--config', config], {
    stdio: ['ignore', log, log],
  });
  child.unref();
  closeSync(log);
  return child;
}

const containerdSocket = (run: string) => join(run, 'containerd.sock');

/** By nsenter and not by `ip netns exec`, whose mounts a daemon started later would not see. */
async function spawnDockerd(
  dockerd: string,
  host: string,
  { namespace, run, data }: Place,
  keys: Readonly<Record<string, unknown>>,
): Promise<ChildProcess> {
  const config = join(run, 'daemon.json');
  await writeFile(config, JSON.stringify(keys));
  await rm(join(run, 'docker.pid'), { force: true });
  const log = openSync(join(data, 'dockerd.log'), 'a');
  const flags = ['--host', host, '--config-file', config, '--data-root', join(data, 'data')];
  const child = spawn(
    'nsenter',
    [
      `--net=/run/netns/${namespace}`,
      dockerd,
      ...flags,
      ...['--containerd', containerdSocket(run)],
      ...['--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid')],
    ],
    { stdio: ['ignore', log, log] },
  );
  child.unref();
  closeSync(log);
  return child;
}

function logOf({ data }: Place): string {
  return readFileSync(join(data, 'dockerd.log'), 'utf8');
}
