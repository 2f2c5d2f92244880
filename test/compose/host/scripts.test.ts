import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hostStack } from '../../../compose/host/stack-file.ts';
import { buildRelease } from '../../../compose/release.ts';
import { stackSpec } from '../../../compose/stack.ts';
import { STAGES_OF } from '../../../healthchecks/verdict.ts';
import { applyErrors } from '../../docs/operations.ts';
import { configOf, stubBundler, type WRITTEN } from '../stacks.ts';

const run = promisify(execFile);
const lib = readdirSync('compose/host/lib').map((name) => `compose/host/lib/${name}`);
const hasShellcheck = await run('shellcheck', ['--version']).then(
  () => true,
  () => false,
);

describe.runIf(hasShellcheck || process.env.CI)('shellcheck has nothing to say about', () => {
  test('apply and all it sources', async () => {
    await run('shellcheck', ['-x', 'compose/host/apply']);
  });

  test('each part by itself', async () => {
    await run('shellcheck', [...lib, 'compose/host/window', 'test/compose/host/fake-docker.sh']);
  });
});

test('apply sources every part there is', async () => {
  const apply = await readFile('compose/host/apply', 'utf8');
  const sourced = [...apply.matchAll(/^source "\$host_folder\/(lib\/[\w-]+\.sh)"$/gm)].map(
    ([, part]) => part,
  );
  expect(sourced.toSorted()).toEqual(lib.map((path) => path.replace('compose/host/', '')).toSorted());
});

test('every way to fail has a hint, and every hint a way to fail', async () => {
  const parts = await Promise.all(lib.map((path) => readFile(path, 'utf8')));
  const used = new Set(
    parts.flatMap((text) =>
      [...text.matchAll(/\b(?:fail|because) ([a-z]+(?:-[a-z]+)*)/g)].map(([, code]) => code),
    ),
  );
  const told = applyErrors().map(([code]) => code.replaceAll('`', ''));
  // The lock is refused with its owner and a status of its own.
  expect([...used, 'lock-held'].toSorted()).toEqual(told.toSorted());
});

test('a verdict is ranked by the stages of the probe', async () => {
  const script = await readFile('compose/host/lib/verdict.sh', 'utf8');
  expect(script).toContain(`STAGES=(${STAGES_OF.all.join(' ')})`);
});

describe('stack.json', () => {
  const stackOf = (dialect: keyof typeof WRITTEN, changes = {}) => {
    const config = configOf(dialect, changes);
    const spec = stackSpec(config);
    return JSON.parse(hostStack(config, spec, { gateway: 'g', bridge: 'b', caddy: 'c' }));
  };

  test('has the services in the order they start, and how each gets its image', () => {
    const { services, project } = stackOf('gnzsnz');
    expect(project).toBe('gatehouse');
    expect(services).toMatchObject([
      { name: 'gateway', definition: 'g', image: expect.stringContaining('@sha256:'), waits: false },
      { name: 'bridge', image: 'gatehouse/bridge:b', build: { context: 'bridge' }, waits: true },
      { name: 'caddy', definition: 'c', waits: true },
    ]);
    expect(services[0].costs.changed).toMatch(/^a full login: /);
  });

  test('has the policy of the gateway, its window, and the probe', () => {
    const { gateway, probe } = stackOf('gnzsnz', { gateway: { changes: 'ask', coldRestart: '03:10' } });
    expect(gateway).toEqual({
      changes: 'ask',
      window: {
        timeZone: 'America/New_York',
        day: 'sunday',
        from: '03:10',
        minutes: 60,
        words: 'each Sunday from 03:10 for 60 minutes, America/New_York',
      },
    });
    expect(probe.join(' ')).toBe(
      'docker compose -p gatehouse exec -T bridge node /app/probe.mjs --host gateway --port 4004 --client-id 997 --level account --json',
    );
  });

  test('waits for the window unless the stack file says otherwise', () => {
    expect(stackOf('gnzsnz').gateway.changes).toBe('window');
    expect(stackOf('external').services.map(({ name }: { name: string }) => name)).toEqual([
      'bridge',
      'caddy',
    ]);
  });
});

test('a change of what puts a release into force is a change of no service', async () => {
  const before = await buildRelease(configOf('gnzsnz'), { bundler: stubBundler });
  const after = await buildRelease(configOf('gnzsnz', { gateway: { changes: 'now' } }), {
    bundler: stubBundler,
  });
  expect(after.definitions).toEqual(before.definitions);
  expect(after.id).not.toBe(before.id);
});
