import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The entry under a Node that says it is of this version. */
function entry(folder: string, version?: string) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const flags = version ? ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`] : [];
  const args = [...flags, join(folder, 'bin/gatehouse.mjs'), '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('an old Node gets one line: what it is, what is needed, what to type', () => {
  expect(entry(root, '12.22.12')).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'gatehouse: Node 12.22.12 is too old, 24 or later is needed: run npm ci, then npm start or npx gatehouse, which bring their own Node 24.\n',
  });
});

test('a checkout without its packages gets one line', () => {
  const bare = mkdtempSync(join(tmpdir(), 'gatehouse-bare-'));
  onTestFinished(() => rmSync(bare, { recursive: true }));
  mkdirSync(join(bare, 'bin'));
  for (const file of ['package.json', 'bin/gatehouse.mjs']) copyFileSync(join(root, file), join(bare, file));
  expect(entry(bare)).toEqual({
    status: 2,
    stdout: '',
    stderr: `gatehouse: no packages are installed yet: run npm ci in ${bare}/ first.\n`,
  });
});

test('on the pinned Node it is the command line', () => {
  expect(entry(root)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--dev-start'),
    stderr: '',
  });
});

test('the entry has no syntax younger than Node 12', () => {
  const source = readFileSync(join(root, 'bin/gatehouse.mjs'), 'utf8');
  const lowered = (target: string) => transformSync(source, { target, format: 'esm' }).code;
  expect(lowered('node12.20')).toBe(lowered('esnext'));
  expect(source).not.toMatch(/from 'node:/);
});
