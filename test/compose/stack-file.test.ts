import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownKeysFromPulumi, readConfig, readStackFile } from '../../compose/config.ts';
import { ROOT } from '../../compose/release.ts';
import { WRITTEN } from './stacks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-stack-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => writeFile(join(folder, 'Pulumi.test.yaml'), text);

describe('a stack file', () => {
  it.each(['prod', 'local'])('%s of this repository is a right configuration', async (stack) => {
    expect(readConfig(await readStackFile(ROOT, stack)).name).toBe('gatehouse');
  });

  it('gives its gatehouse: keys and leaves the others to Pulumi', async () => {
    await write(
      'config:\n  gcp:project: other\n  gatehouse:name: one\n  gatehouse:bridge:\n    clientId: 7\n',
    );
    expect(await readStackFile(folder, 'test')).toEqual({ name: 'one', bridge: { clientId: 7 } });
  });

  it('that is missing is named, and where it was looked for', async () => {
    await expect(readStackFile(folder, 'none')).rejects.toMatchObject({
      code: 'stack-missing',
      message: `there is no readable Pulumi.none.yaml in ${folder}`,
    });
  });

  it('that is no YAML is said to be none', async () => {
    await write('config:\n  gatehouse:name: "one\n');
    await expect(readStackFile(folder, 'test')).rejects.toMatchObject({ code: 'stack-unreadable' });
  });

  it('that has a key twice is no YAML either', async () => {
    await write('config:\n  gatehouse:name: one\n  gatehouse:name: two\n');
    await expect(readStackFile(folder, 'test')).rejects.toThrow(/Map keys must be unique/);
  });

  it.each(['', 'config: 5\n', 'gatehouse:name: one\n'])(
    'without a config: section is refused: %j',
    async (text) => {
      await write(text);
      await expect(readStackFile(folder, 'test')).rejects.toThrow('Pulumi.test.yaml has no config: section');
    },
  );
});

describe('what Pulumi hands a program', () => {
  it('is the same configuration as its file', () => {
    const all = Object.fromEntries(
      Object.entries(WRITTEN.gnzsnz).map(([key, value]) => [`gatehouse:${key}`, JSON.stringify(value)]),
    );
    const fromPulumi = ownKeysFromPulumi({ ...all, 'gatehouse:name': 'gatehouse', 'gcp:project': 'other' });
    expect(readConfig(fromPulumi)).toEqual(readConfig(WRITTEN.gnzsnz));
  });

  it('that only looks like JSON is taken as the text it is, and refused by the schema', () => {
    expect(ownKeysFromPulumi({ 'gatehouse:gateway': '{broken' })).toEqual({ gateway: '{broken' });
  });
});
