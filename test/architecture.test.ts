import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { importsOf, readsEnvironment } from './support/imports.ts';
import { violations } from './support/rooms.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = globSync('{tws,compose,infra,ops,healthchecks,bin}/**/*.{ts,mts,mjs,js}', {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(`${root}/${path}`, 'utf8') }));

const imports = sources.flatMap(({ path, text }) => importsOf(path, text));

test('every room imports only the rooms it may', () => {
  expect(violations(imports)).toEqual([]);
});

test('the rooms were read', () => {
  const rooms = new Set(sources.map(({ path }) => path.split('/')[0]));
  expect([...rooms].sort()).toEqual(['bin', 'compose', 'healthchecks', 'infra', 'ops', 'tws']);
  expect(imports.some(({ to }) => to.startsWith('@stoqey/ib'))).toBe(true);
  expect(imports.some(({ from, to }) => from === 'bin/gatehouse.mjs' && to === 'ops/main.ts')).toBe(true);
});

test('every import of a file of ours names one that is there', () => {
  const own = new Set(sources.map(({ path }) => path));
  const dangling = imports.filter(
    ({ to }) => /^(tws|compose|infra|ops|healthchecks|bin)\//.test(to) && !own.has(to),
  );
  expect(dangling).toEqual([]);
});

test('only main.ts reads the environment in the bridge, and nothing does in tws/', () => {
  const readers = sources.filter(({ path, text }) => readsEnvironment(path, text)).map(({ path }) => path);
  expect(readers.filter((path) => /^(compose\/bridge|tws)\//.test(path))).toEqual([
    'compose/bridge/src/main.ts',
  ]);
});

describe('what would be found', () => {
  const found = (path: string, source: string) => violations(importsOf(path, source));

  test.each([
    ['tws/frame.ts', "import { x } from '../compose/spec.ts'"],
    ['tws/frame.ts', "import { connect } from 'node:net'"],
    ['tws/frame.ts', "import 'zod'"],
    ['compose/spec.ts', "export * from './bridge/src/bridge.ts'"],
    ['compose/spec.ts', "type T = import('../ops/verb.ts').Verb"],
    ['compose/bridge/src/bridge.ts', "import type { C } from '../../config.ts'"],
    ['compose/simulator/src/main.ts', "import '../../bridge/src/bridge.ts'"],
    ['compose/bridge/src/http/app.ts', "const c = await import('../client/library.ts')"],
    ['compose/bridge/src/client/x.ts', "import '../session/session.ts'"],
    ['compose/bridge/src/session/session.ts', "import '@stoqey/ib'"],
    ['healthchecks/probe.ts', "import { x } from '../compose/spec.ts'"],
    ['infra/index.ts', "require('../ops/main.ts')"],
    ['infra/index.ts', "import x = require('../healthchecks/probe.ts')"],
    ['ops/main.ts', "import { x } from '../infra/index.ts'"],
    ['ops/verbs/x.ts', "export { $ } from 'zx'"],
    ['ops/verbs/x.ts', "import { $ } from 'zx/core'"],
    ['ops/verbs/x.ts', 'await import(name)'],
    ['bin/gatehouse.mjs', "import('../compose/main.ts')"],
  ])('%s: %s', (path, source) => {
    expect(found(path, source)).toHaveLength(1);
  });

  test.each([
    ['infra/index.ts', "import '../compose/config.ts'; import '@pulumi/gcp'"],
    ['ops/verbs/x.ts', "import '../../compose/bridge/src/bridge.ts'; import '../../healthchecks/probe.ts'"],
    ['ops/remote.ts', "import { $ } from 'zx/core'"],
    [
      'compose/bridge/src/http/app.ts',
      "import '../session/session.ts'; import '../errors.ts'; import 'hono'",
    ],
    ['healthchecks/probe.ts', "import '../tws/index.ts'; import 'node:net'"],
    ['tws/frame.ts', "import './errors.ts'; import 'node:buffer'"],
  ])('nothing in %s: %s', (path, source) => {
    expect(found(path, source)).toEqual([]);
  });

  test.each(['process.env.X', "process['env']", 'const { env } = process', 'globalThis.process.env'])(
    'the environment in %s',
    (source) => {
      expect(readsEnvironment('x.ts', source)).toBe(true);
    },
  );
});
