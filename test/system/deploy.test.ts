import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { USERS } from '../../compose/spec.ts';
import { gatehouse } from '../../ops/main.ts';
import { localRemote, type Remote, sshRemote } from '../../ops/remote.ts';
import { collector } from '../ops/helpers.ts';
import { ensureCommand } from './parts/apt.ts';
import { ensureCompose } from './parts/docker-compose.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from './parts/images.ts';
import { ensureSshd } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { ask } from './support/https.ts';
import { freePorts } from './support/ports.ts';
import { IMAGES } from './support/stack.ts';

/** Each entry is bundled once: with sources that are edited meanwhile, the second release would not be the first. */
vi.mock('../../compose/release/bundle.ts', async (original) => {
  const { bundle } = await original<typeof import('../../compose/release/bundle.ts')>();
  const made = new Map<string, Promise<Buffer>>();
  const once = (root: string, entry: string) => {
    const known = made.get(entry) ?? bundle(root, entry);
    made.set(entry, known);
    return known;
  };
  return { bundle: once };
});

const OWNER = `${userInfo().username}@${hostname()}`;

describe('--<stack>-all on a real engine, over a real sshd', () => {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  const rsync = usePart(async () => ({ path: await ensureCommand('rsync', 'rsync', ['rsync']) }));
  let home: string;
  let name: string;
  let ports: number[];

  beforeAll(async () => {
    rsync();
    await ensureCompose();
    await ensureNodeBaseImage(engine(), IMAGES.node);
    await ensureCaddyImage(engine(), IMAGES.caddy);
    home = await mkdtemp(join(tmpdir(), 'gatehouse-deploy-'));
    ports = await freePorts(2);
    name = `gh-deploy-${process.pid}-${ports[0]}`;
    await writeKeys(join(home, 'secrets'), 'app:read+trade:deploy-key-0123456789abcdef\n');
    await writeKeys(join(home, 'bad-secrets'), 'app:no-such-scope:deploy-key-0123456789abcdef\n');
    await configure({});
  });

  afterAll(async () => {
    if (home === undefined) return;
    const ours = `label=com.docker.compose.project=${name}`;
    for (const [list, remove] of [
      ['ps --all', 'rm --force'],
      ['network ls', 'network rm'],
      ['volume ls', 'volume rm'],
    ] as const) {
      const ids = await engine().docker(...list.split(' '), '--quiet', '--filter', ours);
      if (ids) await engine().docker(...remove.split(' '), ...ids.split('\n'));
    }
    await rm(home, { recursive: true, force: true });
  });

  /** Writes the stack file; `more` differs from a stack that serves. */
  async function configure(more: { logLevel?: string; secrets?: string }): Promise<void> {
    const [httpPort, httpsPort] = ports;
    const config = {
      'gatehouse:name': name,
      'gatehouse:host': { kind: 'local', secretsDir: join(home, more.secrets ?? 'secrets') },
      'gatehouse:gateway': { dialect: 'simulated' },
      'gatehouse:bridge': { logLevel: more.logLevel ?? 'info' },
      'gatehouse:caddy': { tls: 'internal', names: ['localhost'], bind: '127.0.0.1', httpPort, httpsPort },
      'gatehouse:images': IMAGES,
    };
    await writeFile(join(home, 'Pulumi.local.yaml'), stringify({ config }));
  }

  /** Runs the verb; `before` is called with each command's line before it is run. */
  async function all(more: string[] = [], before: (line: string) => Promise<void> = async () => {}) {
    const out = collector();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = async (): Promise<Remote> => {
      const remote = await sshRemote({ host, port, user, identityFile, knownHostsFile });
      const run: Remote['run'] = async (command) => {
        await before([command.program, ...command.args].join(' '));
        return remote.run(command);
      };
      return { ...remote, run };
    };
    const argv = ['--local-all', '--ssh', 'host', '--host-folder', join(home, 'host'), ...more];
    const around = { root: home, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse(argv, around);
    onTestFailed(() => console.error([argv.join(' '), ...out.stdout, ...out.stderr].join('\n')));
    return { status, stdout: out.stdout, stderr: out.stderr.join('\n') };
  }

  /** What the budget says was measured, in MB, by service. */
  async function measured(): Promise<Record<string, number | undefined>> {
    const out = collector();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = () => sshRemote({ host, port, user, identityFile, knownHostsFile });
    const around = { root: home, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    expect(await gatehouse(['--local-budget', '--json', '--ssh', 'host'], around)).toBe(0);
    const { rows } = JSON.parse(out.stdout.join('')) as { rows: { name: string; measuredMb?: number }[] };
    return Object.fromEntries(rows.map(({ name, measuredMb }) => [name, measuredMb]));
  }

  /** Container id and start time of every service that runs. */
  async function containers(): Promise<Record<string, string>> {
    const filter = `label=com.docker.compose.project=${name}`;
    const ids = await engine().docker('ps', '--quiet', '--no-trunc', '--filter', filter);
    const format = '{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.State.StartedAt}}';
    const lines = await engine().docker('inspect', '--format', format, ...ids.split('\n'));
    return Object.fromEntries(lines.split('\n').map((line) => line.split(/ (.*)/).slice(0, 2)));
  }

  const site = (...path: string[]) => join(home, 'host/stacks', name, ...path);
  const audit = async (): Promise<Record<string, unknown>[]> =>
    (await readFile(site('audit.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const ready = () =>
    until('the probe says that all is well', async () => {
      const probe = 'node /app/probe.mjs --host gateway --port 4002 --client-id 997 --level account --json';
      const exec = ['exec', `${name}-bridge-1`, ...probe.split(' ')];
      return engine()
        .docker(...exec)
        .then(
          () => true,
          () => false,
        );
    });

  test('the first time, everything is started', async () => {
    const { status, stdout } = await all(['--with-gateway', '--yes']);
    expect(status).toBe(0);
    expect(stdout).toContain('  bridge: started for the first time');
    expect(Object.keys(await containers()).sort()).toEqual(['bridge', 'caddy', 'gateway']);
    const releases = await readdir(site('releases'));
    expect(releases).toEqual([expect.stringMatching(/^r-[\da-f]{16}$/)]);
    expect(await audit()).toMatchObject([
      { who: OWNER, before: null, after: releases[0], outcome: 'applied' },
    ]);
    expect(await readdir(site())).not.toContain('lock');
    await ready();
  });

  test('the second time, nothing is touched', async () => {
    const before = await containers();
    const { status, stdout } = await all(['--with-gateway']);
    expect([status, stdout.at(-1)]).toEqual([0, 'nothing to do']);
    expect(await containers()).toEqual(before);
    expect(await audit()).toHaveLength(1);
  });

  test('the budget shows what each service uses', async () => {
    for (const mb of Object.values(await measured())) expect(mb).toBeGreaterThan(0);
  });

  test('a plan and a dry run touch nothing', async () => {
    const before = await containers();
    await configure({ logLevel: 'debug' });
    const plan = await all(['--plan']);
    expect(plan.stdout).toContain('  gateway: untouched');
    expect(plan.stdout.join('\n')).toMatch(/^ {2}bridge: replaced \(/m);
    const { stdout } = await all(['--dry-run']);
    expect(stdout.join('\n')).toMatch(/compose\.yaml up --detach --no-deps .* bridge/);
    expect(stdout.join('\n')).not.toMatch(/ up .* (caddy|gateway)/);
    expect(await containers()).toEqual(before);
    expect(await readdir(site('releases'))).toHaveLength(1);
  });

  test('a line of the bridge swaps the bridge alone', async () => {
    const before = await containers();
    await configure({ logLevel: 'debug' });
    expect(await all()).toMatchObject({ status: 0 });
    const after = await containers();
    expect(after.bridge).not.toBe(before.bridge);
    expect([after.gateway, after.caddy]).toEqual([before.gateway, before.caddy]);
    expect((await audit()).at(-1)).toMatchObject({
      services: ['bridge changed'],
      verdict: { before: 'healthy', after: 'healthy' },
      outcome: 'applied',
    });
  });

  test('a bridge that crashes at start goes back, and the one before serves', async () => {
    const before = await containers();
    await configure({ logLevel: 'debug', secrets: 'bad-secrets' });
    const { status, stderr } = await all();
    expect(status).toBe(1);
    expect(stderr).toContain('what ran before it serves again');
    expect(stderr).toMatch(/ up .* bridge ended with status 1/);
    const after = await containers();
    expect([after.gateway, after.caddy]).toEqual([before.gateway, before.caddy]);
    const root = 'exec NAME cat /data/caddy/pki/authorities/local/root.crt'.replace(
      'NAME',
      `${name}-caddy-1`,
    );
    const ca = await engine().docker(...root.split(' '));
    expect(await ask({ port: ports[1] ?? 0, path: '/ping', ca })).toMatchObject({ status: 200 });
    await configure({ logLevel: 'debug' });
    expect((await all(['--plan'])).stdout.at(-1)).toBe('nothing to do');
    expect((await audit()).at(-1)).toMatchObject({
      outcome: 'went-back',
      verdict: { before: 'healthy', after: 'healthy' },
    });
    expect(await readdir(site())).not.toContain('lock');
  });

  test('of two at once the second is told who is at it', async () => {
    await configure({ logLevel: 'warn' });
    let second: Awaited<ReturnType<typeof all>> | undefined;
    const first = await all([], async (line) => {
      if (line.includes(' up ')) second ??= await all();
    });
    expect([first.status, second?.status]).toEqual([0, 1]);
    expect(second?.stderr).toContain(`${OWNER} holds the lock`);
    expect(second?.stderr).toContain('--local-all, since ');
  });

  test('a lock that a dead run left is broken by its name', async () => {
    await configure({ logLevel: 'error' });
    await mkdir(site('lock'));
    const since = '2026-01-02T03:04:05.000Z';
    await writeFile(
      site('lock/owner'),
      `${JSON.stringify({ owner: 'ann@desk', verb: '--local-all', since })}\n`,
    );
    expect((await all()).stderr).toContain('--break-lock ann@desk');
    expect((await all(['--break-lock', 'bob@desk'])).stderr).toContain('the lock is of ann@desk');
    expect(await all(['--break-lock', 'ann@desk'])).toMatchObject({ status: 0 });
  });

  test('a release that was sent by half is finished', async () => {
    await configure({ logLevel: 'trace' });
    const plan = await all(['--plan']);
    const id = /r-[\da-f]{16}/.exec(plan.stdout.join('\n'))?.[0] ?? '';
    await mkdir(site('releases', `${id}.partial`, 'bridge'), { recursive: true });
    await writeFile(site('releases', `${id}.partial`, 'bridge/bridge.mjs'), 'half');
    await writeFile(site('releases', `${id}.partial`, 'stray'), '');
    expect(await all()).toMatchObject({ status: 0 });
    expect(await readdir(site('releases', id))).not.toContain('stray');
    expect(await readdir(site('releases'))).not.toContain(`${id}.partial`);
  });

  async function writeKeys(secrets: string, keys: string): Promise<void> {
    const file = join(secrets, 'bridge/API_KEYS');
    await mkdir(join(secrets, 'bridge'), { recursive: true });
    await writeFile(file, keys, { mode: 0o400 });
    // As on a host: owned by the container's user, since compose ignores owner and mode of file secrets.
    for (const path of [join(secrets, 'bridge'), file]) await chown(path, USERS.bridge, USERS.bridge);
  }
});

/** sshd gives a session an environment of its own. */
function environmentOf({ DOCKER_HOST, PATH }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(DOCKER_HOST && { DOCKER_HOST }), ...(PATH && { PATH }) };
}
