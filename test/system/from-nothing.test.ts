import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readConfig, readStackFile } from '../../compose/config.ts';
import { nextCommands } from '../../ops/init/next.ts';
import { gatehouse } from '../../ops/main.ts';
import { localRemote, sshRemote } from '../../ops/remote.ts';
import { collector } from '../ops/helpers.ts';
import { freePorts } from '../support/port.ts';
import { ensureCommand } from './parts/apt.ts';
import { ensureCompose } from './parts/docker-compose.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from './parts/images.ts';
import { MissingPart } from './parts/missing-part.ts';
import { isRoot, sh } from './parts/shell.ts';
import { ensureSshd, environmentOf } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { ask } from './support/https.ts';
import { IMAGES } from './support/stack.ts';

/**
 * docs/deploy.md, on a machine of one's own: what `gatehouse init` prints is typed, line by line, and nothing else. The
 * gateway is the simulated one; images, ports and folders are the test's, so that nothing of the machine is in the way.
 */
describe('from nothing to a healthy gateway, and to nothing again', () => {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  const rsync = usePart(async () => {
    if (!isRoot()) throw new MissingPart('a host', 'not root: folders are given to the users of containers');
    return { path: await ensureCommand('rsync', 'rsync', ['rsync']) };
  });
  let home = '';
  let ports: number[] = [];
  let typed: string[] = [];
  let key = '';

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'gatehouse-nothing-'));
    ports = await freePorts(2);
  });
  afterAll(async () => {
    await removeContainers().catch(() => {});
    await rm(home, { recursive: true, force: true });
  });

  test('init writes the file, and says what to type', async () => {
    rsync();
    await ensureCompose();
    await ensureNodeBaseImage(engine(), IMAGES.node);
    await ensureCaddyImage(engine(), IMAGES.caddy);
    const argv = 'init --stack home --host local --dialect simulated --yes'.split(' ');
    const { status, stdout } = await verb(...argv);
    await makeItOurs();
    typed = nextCommands('home', readConfig(await readStackFile(home, 'home')));
    expect([status, stdout.slice(1)]).toEqual([0, typed.slice(1)]);
  });

  test('the folders are made, each its container’s user’s', async () => {
    const script = /^ssh -t you@host '(.*)'$/.exec(typed[0] ?? '')?.[1] ?? '';
    const here = script.replaceAll('/var/lib/gatehouse', join(home, 'host'));
    await sh`sh -c ${`sudo() { "$@"; }; ${here}`}`;
    expect((await readdir(join(home, 'data'))).sort()).toEqual(['bridge', 'caddy']);
  });

  test('the first API key is made', async () => {
    const { status, stdout } = await line(1);
    key = stdout[0] ?? '';
    expect([status, key]).toEqual([0, expect.stringMatching(/^[\w-]{32}$/)]);
    expect(await readFile(join(home, 'secrets/bridge/API_KEYS'), 'utf8')).toBe(`app:read+trade:${key}`);
  });

  test('the stack is sent and started', async () => {
    expect(await line(2, '--yes')).toMatchObject({ status: 0 });
    await until(
      'all is well',
      async () => (await get('/health').catch(() => undefined))?.json?.status === 'ok',
      {
        limit: 180_000,
        every: 250,
      },
    );
    expect((await get('/orders', { 'x-api-key': key })).status).toBe(200);
    expect((await get('/orders')).status).toBe(401);
  });

  test('the diagnosis finds it well', async () => {
    expect(typed).toHaveLength(4);
    const states: string[] = [];
    // Looked at again where the machine had no time for it: a health check, a probe.
    await until('it does', async () => {
      states.push(/^State: .*/m.exec((await line(3)).stdout.join('\n'))?.[0] ?? 'none');
      return states.at(-1)?.startsWith('State: healthy.') === true;
    }).catch(() => {});
    expect(states.at(-1)).toMatch(/^State: healthy\./);
  });

  test('the key is rotated, under the eyes of the bridge', async () => {
    const rotate = ['--home-rotate-api-key', '--ssh', 'host'];
    const [fresh = ''] = (await verb(...rotate)).stdout;
    const answers = async () =>
      Promise.all([key, fresh].map(async (one) => (await get('/orders', { 'x-api-key': one })).status));
    await until('both keys are taken', async () => String(await answers()) === '200,200');
    expect(await verb(...rotate, '--finish')).toMatchObject({ status: 0 });
    await until('the old key is not', async () => String(await answers()) === '401,200');
  });

  test('on the last day nothing is left', async () => {
    const argv = ['--home-teardown', '--ssh', 'host', '--confirm', 'home', '--delete-data'];
    expect(await verb(...argv)).toMatchObject({ status: 0 });
    const left = await engine().docker(
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=${name()}`,
    );
    const gone = async (...path: string[]) =>
      access(join(home, ...path)).then(
        () => false,
        () => true,
      );
    expect(left).toBe('');
    expect(
      await Promise.all([gone('data/bridge'), gone('secrets/bridge'), gone('host/stacks', name())]),
    ).toEqual([true, true, true]);
  });

  /** What a test that failed left. */
  async function removeContainers(): Promise<void> {
    const ours = `label=com.docker.compose.project=${name()}`;
    const left = await engine().docker('ps', '--all', '--quiet', '--filter', ours);
    if (left) await engine().docker('rm', '--force', ...left.split('\n'));
  }

  const name = () => `gh-nothing-${process.pid}-${ports[0]}`;

  /** Folders, ports, images and a name that nobody else on this machine has. */
  async function makeItOurs(): Promise<void> {
    const path = join(home, 'Pulumi.home.yaml');
    const { config } = parse(await readFile(path, 'utf8'));
    const [httpPort, httpsPort] = ports;
    config['gatehouse:name'] = name();
    Object.assign(config['gatehouse:host'], { dataDir: `${home}/data`, secretsDir: `${home}/secrets` });
    Object.assign(config['gatehouse:caddy'], { bind: '127.0.0.1', httpPort, httpsPort });
    config['gatehouse:images'] = IMAGES;
    await writeFile(path, stringify({ config }, { version: '1.1' }));
  }

  /** Types one of the lines that init printed. */
  function line(index: number, ...more: string[]) {
    const words = (typed[index] ?? '').replace('npx gatehouse ', '').replace('you@host', 'host').split(' ');
    return verb(...words, ...more);
  }

  async function verb(...argv: string[]) {
    const out = collector({ isTTY: true, env: { NO_COLOR: '1' } });
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = () => sshRemote({ host, port, user, identityFile, knownHostsFile });
    const there = argv[0] === 'init' ? [] : ['--host-folder', join(home, 'host')];
    const around = { root: home, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    onTestFailed(() => console.error([argv.join(' '), ...out.stdout, ...out.stderr].join('\n')));
    const status = await gatehouse([...argv, ...there], around);
    return { status, stdout: out.stdout, stderr: out.stderr };
  }

  async function get(path: string, headers: Record<string, string> = {}) {
    const root = '/data/caddy/pki/authorities/local/root.crt';
    const ca = await engine().docker('exec', `${name()}-caddy-1`, 'cat', root);
    return ask({ port: ports[1] ?? 0, path, ca, headers });
  }
});
