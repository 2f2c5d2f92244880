import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Command, command } from '../../../ops/commands/command.ts';
import {
  asRoot,
  auditLineIfThere,
  NO_SECRET,
  secretRead,
  secretWrite,
} from '../../../ops/commands/secrets.ts';
import { localRemote } from '../../../ops/remote.ts';
import { emptyRoot, modeOf } from '../dev/folder.ts';

const here = localRemote();

/** A host on which one is root, and owners are only written down. */
async function host() {
  const root = await emptyRoot();
  await mkdir(join(root, 'bin'));
  const fake = async (name: string, script: string) => {
    await writeFile(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
    await chmod(join(root, 'bin', name), 0o755);
  };
  await fake('id', 'echo 0');
  await fake('chown', `echo "$@" >> ${root}/owners`);
  const run = ({ program, args, ...rest }: Command) =>
    here.run({ ...rest, ...command('env', `PATH=${root}/bin:${process.env.PATH}`, program, ...args) });
  const folder = join(root, 'secrets/bridge');
  return { root, folder, file: { folder, name: 'API_KEYS', owner: 10_001 }, run, fake };
}

describe('a secret as a file', () => {
  test('is its owner’s alone, in a folder that is, too', async () => {
    const { root, folder, file, run } = await host();
    await run(secretWrite(file, 'é is two bytes\nand a second line'));
    expect(await readFile(join(folder, 'API_KEYS'), 'utf8')).toBe('é is two bytes\nand a second line');
    expect([await modeOf(folder), await modeOf(join(folder, 'API_KEYS'))]).toEqual(['500', '400']);
    expect(await modeOf(join(root, 'secrets'))).toBe('755');
    expect((await readFile(join(root, 'owners'), 'utf8')).trim().split('\n')).toEqual([
      `10001:10001 ${folder}`,
      `10001:10001 ${folder}/.API_KEYS.new`,
    ]);
    await chmod(folder, 0o700);
  });

  test('is replaced in one step, and what a run before left is no hindrance', async () => {
    const { folder, file, run } = await host();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.API_KEYS.new'), 'half', { mode: 0o400 });
    await run(secretWrite(file, 'first'));
    const { ino } = await stat(join(folder, 'API_KEYS'));
    await run(secretWrite(file, 'second'));
    expect(await readFile(join(folder, 'API_KEYS'), 'utf8')).toBe('second');
    expect((await stat(join(folder, 'API_KEYS'))).ino).not.toBe(ino);
    expect(await readdir(folder)).toEqual(['API_KEYS']);
  });

  test.each(['', '6\nsec', '6'])('cut short after %j it leaves the one before', async (stdin) => {
    const { folder, file, run } = await host();
    await mkdir(folder, { recursive: true });
    await run(secretWrite(file, 'before'));
    await expect(run({ ...secretWrite(file, 'secret'), stdin })).rejects.toMatchObject({
      code: 'command-failed',
    });
    expect(await readFile(join(folder, 'API_KEYS'), 'utf8')).toBe('before');
  });

  test('an owner that cannot be had leaves the one before', async () => {
    const { folder, file, run, fake } = await host();
    await mkdir(folder, { recursive: true });
    await run(secretWrite(file, 'before'));
    await fake('chown', 'exit 1');
    await expect(run(secretWrite(file, 'after'))).rejects.toMatchObject({ code: 'command-failed' });
    expect(await readFile(join(folder, 'API_KEYS'), 'utf8')).toBe('before');
  });

  test('is read back, or said not to be there', async () => {
    const { folder, file, run } = await host();
    expect((await run(secretRead(file))).exit).toBe(NO_SECRET);
    await mkdir(folder, { recursive: true });
    await run(secretWrite(file, 'a value'));
    expect(await run(secretRead(file))).toMatchObject({ exit: 0, stdout: 'a value' });
  });
});

test('an audit line is written where something was deployed, and nowhere else', async () => {
  const { root, run } = await host();
  await run(auditLineIfThere(join(root, 'site'), '{"a":1}'));
  await mkdir(join(root, 'site'));
  await run(auditLineIfThere(join(root, 'site'), `{"it's":2}`));
  expect(await readFile(join(root, 'site/audit.jsonl'), 'utf8')).toBe(`{"it's":2}\n`);
});

describe('as root', () => {
  test('at once, when one is', async () => {
    const { run } = await host();
    expect((await run(asRoot(command('echo', 'a b', "it's")))).stdout).toBe("a b it's\n");
  });

  test('else by sudo, which must not ask; standard input goes through', async () => {
    const { run, fake } = await host();
    await fake('id', 'echo 1000');
    await fake('sudo', 'printf "%s " "$@"; shift 2; exec "$@"');
    const { stdout } = await run({ ...asRoot(command('cat')), stdin: 'a secret' });
    expect(stdout).toBe('-n -- cat a secret');
  });
});
