import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { devFolder, makeDevFolder } from '../../../ops/dev/folder.ts';
import { run } from '../around.ts';
import { listening } from '../helpers.ts';
import { emptyRoot, modeOf } from './folder.ts';

const OLD = 'o'.repeat(32);

async function started() {
  const root = await emptyRoot();
  const folder = devFolder(root);
  await makeDevFolder(folder);
  await writeFile(folder.apiKeys, `# keys\ndev:read+trade:${OLD}\n`);
  return { root, folder, keys: () => readFile(folder.apiKeys, 'utf8') };
}

describe('--dev-rotate-api-key', () => {
  test('writes a new key beside the old one into the file of npm start', async () => {
    const { root, folder, keys } = await started();
    const { status, stdout } = await run(root, ['--dev-rotate-api-key']);
    expect(status).toBe(0);
    expect(await keys()).toBe(`# keys\ndev:read+trade:${stdout[0]}\ndev.old:read+trade:${OLD}\n`);
    expect([await modeOf(folder.apiKeys), (await readdir(folder.path)).sort()]).toEqual([
      '600',
      ['dev-api-keys', 'dev-data'],
    ]);
  });

  test('--finish asks the bridge that runs', async () => {
    const { root, folder, keys } = await started();
    const { stdout } = await run(root, ['--dev-rotate-api-key']);
    const finish = () => run(root, ['--dev-rotate-api-key', '--finish']);
    expect((await finish()).stderr.at(0)).toContain('npm start does not run');
    const server = createServer((request, response) => {
      response.writeHead(request.headers['x-api-key'] === stdout[0] ? 200 : 500).end('[]');
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    await writeFile(
      folder.state,
      JSON.stringify({ pid: process.pid, startedAt: '2026-01-01T00:00:00Z', url }),
    );
    expect((await finish()).status).toBe(0);
    expect(await keys()).toBe(`# keys\ndev:read+trade:${stdout[0]}\n`);
  });

  test('before the first npm start it makes the first key', async () => {
    const root = await emptyRoot();
    const { status, stdout } = await run(root, ['--dev-rotate-api-key']);
    expect([status, await readFile(devFolder(root).apiKeys, 'utf8')]).toEqual([
      0,
      `app:read+trade:${stdout[0]}\n`,
    ]);
  });
});
