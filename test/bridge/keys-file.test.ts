import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bridgeTo, KEY } from './support/running.ts';

const NEW = 'rotated-key-0123456789';

/** A bridge whose keys come from a file; its gateway is nowhere, for keys need none. */
async function running() {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const keysFile = join(folder, 'api-keys');
  await writeFile(keysFile, `test:read+trade:${KEY}\n`);
  const bridge = await bridgeTo(1, { keysFile });
  const replace = async (text: string) => {
    await writeFile(join(folder, 'new'), text);
    await rename(join(folder, 'new'), keysFile);
  };
  const status = async (key: string) =>
    (await bridge.call('/orders', { headers: { 'X-API-KEY': key } })).status;
  return { ...bridge, replace, status };
}

test('a file that is replaced gives new keys without a restart, and takes the old ones', async () => {
  const { replace, status, heard, lines } = await running();
  expect([await status(KEY), await status(NEW)]).toEqual([200, 401]);
  await replace(`other:read:${NEW}\n`);
  await heard(/^API keys are now other$/);
  expect([await status(KEY), await status(NEW)]).toEqual([401, 200]);
  expect(lines.join('')).not.toMatch(/running-key|rotated-key/);
});

test('a file that cannot be used leaves the keys as they are, and is named', async () => {
  const { replace, status, heard } = await running();
  await replace(`test:admin:${NEW}\n`);
  expect((await heard(/^API keys are kept as they were: .*line 1: a scope must be/)).hint).not.toBe('');
  expect([await status(KEY), await status(NEW)]).toEqual([200, 401]);
});
