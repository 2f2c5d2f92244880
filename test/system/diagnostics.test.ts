import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { stringify } from 'yaml';
import type { Diagnosis } from '../../ops/checks/diagnose.ts';
import { gatehouse } from '../../ops/main.ts';
import { localRemote, sshRemote } from '../../ops/remote.ts';
import { collector } from '../ops/helpers.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { ensureSshd } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { type RunningStack, startStack } from './support/stack.ts';

describe('the diagnosis of a real stack, its host reached by a real sshd', () => {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  let stack: RunningStack;
  let root: string;

  beforeAll(async () => {
    stack = await startStack(engine());
    root = await mkdtemp(join(tmpdir(), 'gatehouse-root-'));
    await writeFile(join(root, 'Pulumi.local.yaml'), stackFile(stack));
    await writeFile(join(root, 'key'), stack.apiKey);
  });

  afterAll(async () => {
    await stack?.close();
    if (root) await rm(root, { recursive: true });
  });

  async function diagnosis(): Promise<Diagnosis & { status: number }> {
    const out = collector();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = () => sshRemote({ host, port, user, identityFile, knownHostsFile });
    const argv = ['--local-diagnostics', '--json', '--ssh', 'host', '--api-key-file', join(root, 'key')];
    const around = { root, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse(argv, around);
    onTestFailed(() => console.error(out.stdout.join('\n'), out.stderr.join('\n')));
    return { status, ...(JSON.parse(out.stdout.join('')) as Diagnosis) };
  }

  const fault = (method: string, path: string, body = '') =>
    stack.compose('exec', '-T', 'gateway', 'node', '-e', FETCH, method, path, body);

  test('is healthy all the way in', async () => {
    await until('the session is ready', async () => (await diagnosis()).healthy);
    const { status, checks, state } = await diagnosis();
    expect([status, state.code]).toEqual([0, 'healthy']);
    expect(checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'dns passed',
      'tcp passed',
      'tls passed',
      'ping passed',
      'health passed',
      'executions passed',
      'host passed',
      'disk passed',
      'memory passed',
      'docker passed',
      'containers passed',
      'probe passed',
    ]);
  });

  test('names what the probe finds when the gateway falls silent', async () => {
    await fault('POST', '/faults', JSON.stringify({ name: 'mute' }));
    const { status, state } = await diagnosis();
    await fault('DELETE', '/faults');
    expect([status, state.code]).toEqual([1, 'silent-before-hello']);
    expect(state.action).toContain('docker compose -p');
  });

  test('looks behind the edge when the bridge is down', async () => {
    await stack.compose('stop', 'bridge');
    const { checks, state } = await diagnosis();
    expect(checks.find(({ name }) => name === 'ping')).toMatchObject({ result: 'beneath' });
    expect(state.code).toBe('container-down');
    expect(state.evidence[0]).toContain('bridge exited');
    await stack.compose('start', 'bridge');
  });

  test('stops at the edge when that is down', async () => {
    await stack.compose('stop', 'caddy');
    const { checks, state } = await diagnosis();
    expect(state.code).toBe('port-refused');
    expect(checks.filter(({ result }) => result === 'not-reached')).toHaveLength(10);
  });
});

/** One request to the simulator's control port, from inside its container. */
const FETCH = `const [method, path, body] = process.argv.slice(1);
fetch('http://127.0.0.1:4005' + path, { method, body: body || undefined, headers: { 'content-type': 'application/json' } })
  .then((answer) => process.exit(answer.ok ? 0 : 1));`;

/** The configuration the stack was made from, as far as a diagnosis needs it. */
function stackFile({ release, httpsPort }: RunningStack): string {
  const caddy = { tls: 'internal', names: ['localhost'], bind: '127.0.0.1', httpsPort };
  return stringify({
    config: {
      'gatehouse:name': release.spec.name,
      'gatehouse:host': { kind: 'local' },
      'gatehouse:gateway': { dialect: 'simulated' },
      'gatehouse:caddy': caddy,
    },
  });
}

/** sshd gives a session an environment of its own. */
function environmentOf({ DOCKER_HOST, PATH }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(DOCKER_HOST && { DOCKER_HOST }), ...(PATH && { PATH }) };
}
