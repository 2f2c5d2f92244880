import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { devApiKeys } from '../../../ops/dev/api-key.ts';
import { devFolder, makeDevFolder } from '../../../ops/dev/folder.ts';
import { modeOf, newFolder } from './folder.ts';

describe('the API key', () => {
  test('is made once, for its owner only, in a folder that is', async () => {
    const { path, apiKeys } = await newFolder();
    const [key] = await devApiKeys(apiKeys);
    expect(key).toMatchObject({
      name: 'dev',
      scopes: ['read', 'trade'],
      key: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect([await modeOf(path), await modeOf(apiKeys)]).toEqual(['700', '600']);
    expect(await devApiKeys(apiKeys)).toEqual([key]);
  });

  test('a file open to others is closed, and its keys are kept', async () => {
    const { apiKeys } = await newFolder();
    await writeFile(apiKeys, 'mine:read:0123456789abcdef\n');
    await chmod(apiKeys, 0o644);
    expect(await devApiKeys(apiKeys)).toEqual([{ name: 'mine', scopes: ['read'], key: '0123456789abcdef' }]);
    expect(await modeOf(apiKeys)).toBe('600');
  });

  test('a spoilt file is an error that shows no key', async () => {
    const { apiKeys } = await newFolder();
    await writeFile(apiKeys, 'dev:read:short\n');
    const error: Error = await devApiKeys(apiKeys).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'keys-file-invalid' });
    expect(error.message).not.toContain('short');
  });

  test('a folder that cannot be made', async () => {
    const { path } = await newFolder();
    await writeFile(join(path, 'file'), '');
    await expect(makeDevFolder(devFolder(join(path, 'file')))).rejects.toMatchObject({
      code: 'folder-unusable',
    });
  });
});
