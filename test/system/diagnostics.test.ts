import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { stringify } from 'yaml';
import type { Diagnosis } from '../../ops/checks/diagnose.ts';
import { gatehouse } from '../../ops/main.ts';
import { localRemote, sshRemote } from '../../ops/remote.ts';
import { WAYS } from '../ops/diagnosis/cases.ts';
import { isReal, type Way } from '../ops/diagnosis/way.ts';
import { collector } from '../ops/helpers.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { sh } from './parts/shell.ts';
import { ensureSshd, environmentOf } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { type RunningStack, startStack } from './support/stack.ts';

/** One stack for all: each way is taken back before the next. */
describe('the diagnosis of a real stack, its host reached by a real sshd', () => {
  const engine = usePart(ensureDockerEngine);
  const sshd = usePart(async () => ensureSshd({ environment: await withoutJournal(engine().env) }));
  let tools: string;
  let stack: RunningStack;
  let root: string;
  let site: string;

  beforeAll(async () => {
    stack = await startStack(engine());
    root = await mkdtemp(join(tmpdir(), 'gatehouse-root-'));
    site = join(root, 'host/stacks', stack.release.spec.name);
    await writeFile(join(root, 'Pulumi.local.yaml'), stackFile(stack));
    await writeFile(join(root, 'key'), stack.apiKey);
  });

  afterAll(async () => {
    await stack?.close();
    for (const folder of [root, tools]) if (folder) await rm(folder, { recursive: true });
  });

  /** What the kernel of this machine killed within the hour, for other tests maybe, is nothing of this stack. */
  async function withoutJournal(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
    tools = await mkdtemp(join(tmpdir(), 'gatehouse-tools-'));
    await writeFile(join(tools, 'journalctl'), '#!/bin/sh\n', { mode: 0o755 });
    return environmentOf({ ...env, PATH: `${tools}:${env.PATH}` });
  }

  async function verb(...argv: string[]): Promise<{ status: number; stdout: string }> {
    const out = collector();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = () => sshRemote({ host, port, user, identityFile, knownHostsFile });
    const where = ['--ssh', 'host', '--host-folder', join(root, 'host')];
    const around = { root, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse([...argv, ...where], around);
    onTestFailed(() => console.error(out.stdout.join('\n'), out.stderr.join('\n')));
    return { status, stdout: out.stdout.join('\n') };
  }

  async function diagnosis(): Promise<Diagnosis & { status: number }> {
    const { status, stdout } = await verb(
      '--local-diagnostics',
      '--json',
      '--api-key-file',
      join(root, 'key'),
    );
    return { status, ...(JSON.parse(stdout) as Diagnosis) };
  }

  /** Looks until it is found: what breaks is noticed a moment later, and what broke before may still be on its way back. */
  async function diagnosisOf({ broken, state }: Way): ReturnType<typeof diagnosis> {
    let last = await diagnosis();
    const found = async () => {
      if (last.state.code === state) return true;
      last = await diagnosis();
      return false;
    };
    await until(broken, found).catch(() => {});
    return last;
  }

  const control = (method: string, path: string, body = '') =>
    stack.compose('exec', '-T', 'gateway', 'node', '-e', FETCH, method, path, body);

  /** Breaks the stack; returns what mends it. */
  async function breakBy({ by }: Way): Promise<() => Promise<unknown>> {
    if (by.kind === 'gateway') {
      if (by.log !== undefined) await stack.compose('exec', '-T', 'gateway', 'sh', '-c', PRINT, 'sh', by.log);
      if (by.fault) await control('POST', '/faults', JSON.stringify(by.fault));
      return async () => {
        await control('DELETE', '/faults');
        await stack.compose('exec', '-T', 'gateway', 'sh', '-c', PRINT, 'sh', LOGGED_IN);
      };
    }
    if (by.kind === 'compose') {
      await stack.compose(...by.run);
      return () => stack.compose(...by.undo);
    }
    if (by.kind === 'site') {
      for (const [path, text] of Object.entries(by.files)) {
        await mkdir(dirname(join(site, path)), { recursive: true });
        await writeFile(join(site, path), text);
      }
      return () => rm(site, { recursive: true });
    }
    if (by.kind !== 'key') throw new Error(`${by.kind} cannot be done to a real stack`);
    await writeFile(join(root, 'key'), by.key);
    return () => writeFile(join(root, 'key'), stack.apiKey);
  }

  /** As it would read on the stack prod of the project gatehouse, on its host. */
  function asDocumented(action: string | null): string | null {
    const there = /^ssh .* -- \S+ '?(.*?)'?$/.exec(action ?? '')?.[1] ?? action;
    const anywhere = there?.replace(' --ssh host', '').replace(` --host-folder ${root}/host`, '');
    return anywhere?.replaceAll(stack.release.spec.name, 'gatehouse').replace('--local-', '--prod-') ?? null;
  }

  test('is healthy all the way in', async () => {
    let found = await diagnosis();
    await until('the session is ready', async () => {
      if (!found.healthy) found = await diagnosis();
      return found.healthy;
    });
    const { status, checks, state } = found;
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
      expect.stringMatching(/^pressure (passed|skipped)$/),
      'oom passed',
      'docker passed',
      'stopped passed',
      'containers passed',
      'release skipped',
      'probe passed',
      'ibc passed',
      'sockets passed',
      'clock passed',
    ]);
  });

  test('a bundle of it has its logs and its states, and no secret', async () => {
    const planted = ['planted-password', 'planted-user', stack.apiKey, 'DU7654321'];
    const line = `TWS_PASSWORD=${planted[0]} userid=${planted[1]} X-API-KEY: ${planted[2]} account ${planted[3]}\n`;
    await stack.compose('exec', '-T', 'gateway', 'sh', '-c', PRINT, 'sh', line);
    const file = join(root, 'bundle.tar.gz');
    const { status, stdout } = await verb('--local-incident', '--out', file);
    expect([status, stdout]).toEqual([0, expect.stringContaining('redacted')]);
    const { stdout: files } = await sh`tar --list --gzip --file ${file}`;
    for (const name of [
      'index.txt',
      'diagnosis.json',
      'docker/inspect.json',
      'docker/stats.jsonl',
      'logs/caddy.log',
    ])
      expect(files).toContain(`/${name}\n`);
    const { stdout: text } = await sh`tar --extract --gzip --to-stdout --file ${file}`;
    expect(planted.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).toContain('TWS_PASSWORD=[masked] userid=[masked] X-API-KEY: [masked] account DU…321');
    expect(text).toContain('no JVM runs here');
  });

  test.each(WAYS.filter(isReal).map((way) => [way.broken, way] as const))('%s', async (_, way) => {
    onTestFailed(async () => console.error(await stack.compose('logs', '--no-color', '--tail', '40')));
    const mend = await breakBy(way);
    try {
      const { status, state } = await diagnosisOf(way);
      expect([status, state.code, asDocumented(state.action)]).toEqual([1, way.state, way.action]);
      expect(state.evidence).not.toEqual([]);
    } finally {
      await mend();
    }
  });
});

/** One request to the simulator's control port, from inside its container. */
const FETCH = `const [method, path, body] = process.argv.slice(1);
fetch('http://127.0.0.1:4005' + path, { method, body: body || undefined, headers: { 'content-type': 'application/json' } })
  .then((answer) => process.exit(answer.ok ? 0 : 1));`;

/** Into the container's own log, as its first process would print it. */
const PRINT = 'printf %s "$1" > /proc/1/fd/1';

const LOGGED_IN =
  '2026-11-21 10:00:30:000 IBC: Login has completed\n2026-11-21 10:00:31:000 IBC: Read-Only API checkbox is now set to: false\n';

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
