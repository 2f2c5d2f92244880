import { chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readConfig, readStackFile } from '../../../compose/config.ts';
import { buildRelease, type Release, writeRelease } from '../../../compose/release.ts';
import { USERS } from '../../../compose/spec.ts';
import { freePorts } from '../../support/port.ts';
import { ensureCompose } from '../parts/docker-compose.ts';
import type { DockerEngine } from '../parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from '../parts/images.ts';
import { sh } from '../parts/shell.ts';
import { ensureGatewayImage, GATEWAY_IMAGE } from './gateway-image.ts';
import { IMAGES } from './stack.ts';

/** A stack on its site, as a deploy leaves it: IB Gateway's stand-in, bridge and Caddy. */
export interface Deployed {
  /** The checkout's place: Pulumi.local.yaml is in it. */
  readonly root: string;
  readonly name: string;
  readonly release: Release;
  readonly httpsPort: number;
  /** For --host-folder. */
  readonly hostFolder: string;
  site(...path: string[]): string;
  /** Settings of the gateway on the host. */
  settings(...path: string[]): string;
  audit(): Promise<Record<string, unknown>[]>;
  compose(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Makes the release in its site, its images, data and secrets, starts it and notes that it is the current one. */
export async function deployed(engine: DockerEngine): Promise<Deployed> {
  await ensureCompose();
  await ensureNodeBaseImage(engine, IMAGES.node);
  await ensureCaddyImage(engine, IMAGES.caddy);
  await ensureGatewayImage(engine, IMAGES.node);
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-verbs-'));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const name = `gh-verbs-${process.pid}-${httpsPort}`;
  const config = {
    'gatehouse:name': name,
    'gatehouse:host': { kind: 'local', secretsDir: join(root, 'secrets'), dataDir: join(root, 'data') },
    'gatehouse:gateway': { dialect: 'gnzsnz', image: GATEWAY_IMAGE },
    'gatehouse:caddy': { tls: 'internal', names: ['localhost'], bind: '127.0.0.1', httpPort, httpsPort },
    'gatehouse:images': IMAGES,
  };
  await writeFile(join(root, 'Pulumi.local.yaml'), stringify({ config }));
  const hostFolder = join(root, 'host');
  const site = (...path: string[]) => join(hostFolder, 'stacks', name, ...path);
  const release = await buildRelease(readConfig(await readStackFile(root, 'local')), { stack: 'local' });
  const folder = await writeRelease(release, site('releases'));
  const compose = async (...args: string[]) =>
    (await sh({ env: engine.env, cwd: folder })`docker compose ${args}`).stdout;
  const close = async () => {
    await compose('down', '--volumes', '--timeout', '5').catch(() => '');
    await rm(root, { recursive: true, force: true });
  };
  try {
    await fill(root, release);
    await images(engine, release, folder);
    await compose('up', '--detach', '--no-build');
    await symlink(`releases/${release.id}`, site('current'));
  } catch (error) {
    await close();
    throw error;
  }
  const audit = async () =>
    (await readFile(site('audit.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const settings = (...path: string[]) => join(root, 'data/gateway', ...path);
  return { root, name, release, httpsPort, hostFolder, site, settings, audit, compose, close };
}

/** Data folders and secrets, owned by whom the containers run as. */
async function fill(root: string, { spec }: Release): Promise<void> {
  for (const { hostFolder, owner } of spec.volumes) {
    if (hostFolder === undefined) continue;
    await mkdir(hostFolder, { recursive: true });
    await chown(hostFolder, owner, owner);
  }
  const secret = async (service: string, file: string, text: string, owner: number) => {
    const folder = join(root, 'secrets', service);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), text, { mode: 0o400 });
    for (const path of [folder, join(folder, file)]) await chown(path, owner, owner);
  };
  await secret('gateway', 'TWS_USERID', 'user', USERS.gnzsnz);
  await secret('gateway', 'TWS_PASSWORD', 'password', USERS.gnzsnz);
  await secret('bridge', 'API_KEYS', 'app:read+trade:verbs-key-0123456789abcdef\n', USERS.bridge);
}

async function images(engine: DockerEngine, { spec, definitions }: Release, folder: string): Promise<void> {
  for (const { name, image } of spec.services) {
    if (image.kind !== 'built') continue;
    const args = Object.entries(image.args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    const tag = `${image.name}:${definitions[name]}`;
    await engine.docker('build', '--quiet', '--tag', tag, ...args, join(folder, image.context));
  }
}
