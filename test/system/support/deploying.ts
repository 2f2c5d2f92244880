import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFailed } from 'vitest';
import { stringify } from 'yaml';
import { USERS } from '../../../compose/spec.ts';
import { gatehouse } from '../../../ops/main.ts';
import { localRemote, type Remote, sshRemote } from '../../../ops/remote.ts';
import { collector } from '../../ops/helpers.ts';
import { freePorts } from '../../support/port.ts';
import { ensureCommand } from '../parts/apt.ts';
import { ensureCompose } from '../parts/docker-compose.ts';
import { type DockerEngine, ensureDockerEngine } from '../parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from '../parts/images.ts';
import { ensureSshd, environmentOf, type Sshd } from '../parts/sshd.ts';
import { until } from '../parts/until.ts';
import { usePart } from '../parts/use-part.ts';
import { type Ask, ask, type Reply } from './https.ts';
import { IMAGES } from './stack.ts';

/** Who deploys, as locks and audit lines name this machine's user. */
export const OWNER = `${userInfo().username}@${hostname()}`;

export const API_KEY = 'deploy-key-0123456789abcdef';

/** Keys of the configuration that differ from a stack that serves. */
export interface Keys {
  readonly logLevel?: string;
  readonly cacheMb?: number;
  readonly secrets?: string;
  readonly seed?: number;
  readonly changes?: string;
}

/** What a verb came to. */
export interface Ended {
  readonly status: number;
  readonly stdout: readonly string[];
  readonly stderr: string;
}

/** A checkout whose stack is deployed over a real sshd to a site of its own on a real engine. */
export class Deploying {
  readonly #engine: DockerEngine;
  readonly #sshd: Sshd;
  readonly home: string;
  readonly name: string;
  readonly ports: readonly number[];
  #authority = '';

  constructor(engine: DockerEngine, sshd: Sshd, home: string, ports: readonly number[]) {
    this.#engine = engine;
    this.#sshd = sshd;
    this.home = home;
    this.ports = ports;
    this.name = `gh-deploy-${process.pid}-${ports[0]}`;
  }

  /** Writes the stack file. */
  async configure({
    logLevel = 'info',
    cacheMb = 50,
    secrets = 'secrets',
    seed = 7,
    changes = 'window',
  }: Keys): Promise<void> {
    const [httpPort, httpsPort] = this.ports;
    const config = {
      'gatehouse:name': this.name,
      'gatehouse:host': { kind: 'local', secretsDir: join(this.home, secrets) },
      'gatehouse:gateway': { dialect: 'simulated', seed, changes },
      'gatehouse:bridge': { logLevel, cacheMb },
      'gatehouse:caddy': { tls: 'internal', names: ['localhost'], bind: '127.0.0.1', httpPort, httpsPort },
      'gatehouse:images': IMAGES,
    };
    await writeFile(join(this.home, 'Pulumi.local.yaml'), stringify({ config }));
  }

  /** Runs a verb; `before` is called with each command's line before it is run on the host. */
  async verb(
    argv: readonly string[],
    before: (line: string) => Promise<void> = async () => {},
  ): Promise<Ended> {
    const out = collector({ isTTY: true, env: { NO_COLOR: '1' } });
    const reach = async (): Promise<Remote> => {
      const remote = await sshRemote(this.target);
      const run: Remote['run'] = async (command, onLine) => {
        await before([command.program, ...command.args].join(' '));
        return remote.run(command, onLine);
      };
      return { ...remote, run };
    };
    const all = [...argv, '--ssh', 'host', ...this.#hostFolder(argv)];
    const around = { root: this.home, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse(all, around);
    onTestFailed(() => console.error([all.join(' '), ...out.stdout, ...out.stderr].join('\n')));
    return { status, stdout: out.stdout, stderr: out.stderr.join('\n') };
  }

  #hostFolder(argv: readonly string[]): string[] {
    return argv[0] === '--local-budget' ? [] : ['--host-folder', join(this.home, 'host')];
  }

  get target() {
    const { host, port, user, identityFile, knownHostsFile } = this.#sshd;
    return { host, port, user, identityFile, knownHostsFile };
  }

  /** Container id and start time of every service that runs. */
  async containers(): Promise<Record<string, string>> {
    const ids = await this.#engine.docker('ps', '--quiet', '--no-trunc', '--filter', this.#ours);
    if (ids === '') return {};
    const format = '{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.State.StartedAt}}';
    const lines = await this.#engine.docker('inspect', '--format', format, ...ids.split('\n'));
    return Object.fromEntries(lines.split('\n').map((line) => line.split(/ (.*)/).slice(0, 2)));
  }

  site(...path: string[]): string {
    return join(this.home, 'host/stacks', this.name, ...path);
  }

  async audit(): Promise<Record<string, unknown>[]> {
    const text = await readFile(this.site('audit.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** One request through Caddy, whose certificate is checked. */
  async get(path: string, more: Partial<Ask> = {}): Promise<Reply> {
    if (this.#authority === '') {
      const file = '/data/caddy/pki/authorities/local/root.crt';
      this.#authority = await this.#engine.docker('exec', `${this.name}-caddy-1`, 'cat', file);
    }
    return ask({ port: this.ports[1] ?? 0, path, ca: this.#authority, ...more });
  }

  ready(): Promise<void> {
    const well = async () => (await this.get('/health').catch(() => undefined))?.json?.status === 'ok';
    return until('/health says that all is well', well, { limit: 180_000, every: 250 });
  }

  get #ours(): string {
    return `label=com.docker.compose.project=${this.name}`;
  }

  /** Removes all that was made on the engine and on disk. */
  async close(): Promise<void> {
    for (const [list, remove] of [
      ['ps --all', 'rm --force'],
      ['network ls', 'network rm'],
      ['volume ls', 'volume rm'],
    ] as const) {
      const ids = await this.#engine.docker(...list.split(' '), '--quiet', '--filter', this.#ours);
      if (ids) await this.#engine.docker(...remove.split(' '), ...ids.split('\n'));
    }
    await rm(this.home, { recursive: true, force: true });
  }
}

/** A checkout for the tests of the surrounding describe, with the engine and the sshd of its host. */
export function useDeploying() {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  const rsync = usePart(async () => ({ path: await ensureCommand('rsync', 'rsync', ['rsync']) }));
  const at = usePart(async () => {
    rsync();
    return deploying(engine(), sshd());
  });
  return { engine, sshd, at };
}

/** A checkout with a stack that nothing was deployed of yet. */
async function deploying(engine: DockerEngine, sshd: Sshd): Promise<Deploying> {
  await ensureCompose();
  await ensureNodeBaseImage(engine, IMAGES.node);
  await ensureCaddyImage(engine, IMAGES.caddy);
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-deploy-'));
  await writeKeys(join(home, 'secrets'), `app:read+trade:${API_KEY}\n`);
  await writeKeys(join(home, 'bad-secrets'), `app:no-such-scope:${API_KEY}\n`);
  const made = new Deploying(engine, sshd, home, await freePorts(2));
  await made.configure({});
  return made;
}

async function writeKeys(secrets: string, keys: string): Promise<void> {
  const file = join(secrets, 'bridge/API_KEYS');
  await mkdir(join(secrets, 'bridge'), { recursive: true });
  await writeFile(file, keys, { mode: 0o400 });
  // As on a host: owned by the container's user, since compose ignores owner and mode of file secrets.
  for (const path of [join(secrets, 'bridge'), file]) await chown(path, USERS.bridge, USERS.bridge);
}
