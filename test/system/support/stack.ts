import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../../compose/config.ts';
import { buildRelease, type Release, writeRelease } from '../../../compose/release.ts';
import { USERS } from '../../../compose/spec.ts';
import { freePorts } from '../../support/port.ts';
import { ensureCompose } from '../parts/docker-compose.ts';
import type { DockerEngine } from '../parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from '../parts/images.ts';
import { sh } from '../parts/shell.ts';

/** Stand in for the official images, which cannot be pulled everywhere: same programs, same paths. */
export const IMAGES = { node: 'gatehouse-test/node:24.21.0', caddy: 'gatehouse-test/caddy:2.11.9' };

/** A name Caddy makes a certificate for, beside localhost. */
export const NAME = 'gatehouse.test';

/** The stack of a release, up on a real engine. */
export interface RunningStack {
  readonly config: Config;
  readonly release: Release;
  readonly folder: string;
  readonly apiKey: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Where its secrets and releases are. */
  readonly home: string;
  /** Runs `docker compose ARGS` on the stack. @returns standard output */
  compose(...args: string[]): Promise<string>;
  /** What the services logged, for a failure. */
  log(): string;
  close(): Promise<void>;
}

export interface StackOptions {
  /** Keys of the configuration that differ from the simulated gateway behind `tls internal`. */
  readonly config?: Record<string, unknown>;
}

/** Makes a release, its images and its secrets, and starts it with `docker compose up --wait`. */
export async function startStack(engine: DockerEngine, options: StackOptions = {}): Promise<RunningStack> {
  await ensureCompose();
  await ensureNodeBaseImage(engine, IMAGES.node);
  await ensureCaddyImage(engine, IMAGES.caddy);
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-stack-'));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const name = `gh-${process.pid}-${httpsPort}`;
  const apiKey = `test-key-${httpsPort}-0123456789abcdef`;
  await writeSecrets(home, apiKey);
  const config = readConfig({
    name,
    host: { kind: 'local', secretsDir: `${home}/secrets` },
    gateway: { dialect: 'simulated' },
    caddy: { tls: 'internal', names: ['localhost', NAME], bind: '127.0.0.1', httpPort, httpsPort },
    images: IMAGES,
    ...options.config,
  });
  const release = await buildRelease(config);
  const folder = await writeRelease(release, `${home}/releases`);
  const compose = async (...args: string[]) =>
    (await sh({ env: engine.env, cwd: folder })`docker compose ${args}`).stdout;
  let logs = '';
  const close = async () => {
    await compose('down', '--volumes', '--timeout', '5').catch(() => '');
    await rm(home, { recursive: true, force: true });
  };
  const stack = {
    config,
    release,
    folder,
    apiKey,
    httpPort,
    httpsPort,
    home,
    compose,
    log: () => logs,
    close,
  };
  try {
    await buildImages(engine, release, folder);
    await compose('up', '--detach', '--wait', '--no-build');
  } catch (error) {
    logs = await compose('logs', '--no-color').catch(String);
    await close();
    throw new Error(`the stack did not come up:\n${logs}`, { cause: error });
  }
  return stack;
}

async function writeSecrets(home: string, apiKey: string): Promise<void> {
  const folder = join(home, 'secrets/bridge');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'API_KEYS'), `app:read+trade:${apiKey}\n`, { mode: 0o400 });
  // As on a host: owned by the container's user, since compose ignores owner and mode of file secrets.
  await chown(folder, USERS.bridge, USERS.bridge);
  await chown(join(folder, 'API_KEYS'), USERS.bridge, USERS.bridge);
}

/** By `docker build`: compose of the engine's age and of ours need a builder plugin that is not on every machine. */
async function buildImages(
  engine: DockerEngine,
  { spec, definitions }: Release,
  folder: string,
): Promise<void> {
  for (const { name, image } of spec.services) {
    if (image.kind !== 'built') continue;
    const args = Object.entries(image.args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    await engine.docker(
      'build',
      '--quiet',
      '--tag',
      `${image.name}:${definitions[name]}`,
      ...args,
      join(folder, image.context),
    );
  }
}
