import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { OpsError } from '../../ops/errors.ts';
import { localRemote, type Remote, sshRemote } from '../../ops/remote.ts';
import { ensureCommand } from './parts/apt.ts';
import { sh } from './parts/shell.ts';
import { ensureSshd } from './parts/sshd.ts';
import { usePart } from './parts/use-part.ts';

describe.each(['here', 'on a host'])('a folder sent, %s', (where) => {
  const sshd = usePart(ensureSshd);
  const rsync = usePart(async () => ({ path: await ensureCommand('rsync', 'rsync', ['rsync']) }));
  let folder: string;
  let from: string;

  beforeAll(async () => {
    rsync();
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-send-'));
    from = join(folder, "it's from");
    await mkdir(join(from, 'sub'), { recursive: true });
    await writeFile(join(from, 'sub/read-only'), 'one', { mode: 0o444 });
    await writeFile(join(from, 'script'), '#!/bin/sh\n', { mode: 0o555 });
    await chmod(from, 0o755);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function remote(): Promise<Remote> {
    if (where === 'here') return localRemote();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const made = await sshRemote({ host, port, user, identityFile, knownHostsFile });
    onTestFinished(() => made.close());
    return made;
  }

  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  test('is equal afterwards, whatever was there', async () => {
    const to = join(folder, 'to');
    await mkdir(join(to, 'sub'), { recursive: true });
    await writeFile(join(to, 'sub/read-only'), 'two', { mode: 0o400 });
    await writeFile(join(to, 'stray'), '');
    await (await remote()).send({ from, to });
    expect((await readdir(to, { recursive: true })).sort()).toEqual(['script', 'sub', 'sub/read-only']);
    expect(await readFile(join(to, 'sub/read-only'), 'utf8')).toBe('one');
    expect(await Promise.all(['sub/read-only', 'script'].map((path) => mode(join(to, path))))).toEqual([
      '444',
      '555',
    ]);
  });

  test('takes over what a release of before has, as a copy', async () => {
    const [like, to] = [join(folder, 'before'), join(folder, 'after')];
    await (await remote()).send({ from, to: like });
    await (await remote()).send({ from, to, like: '../before' });
    expect(await readFile(join(to, 'sub/read-only'), 'utf8')).toBe('one');
    expect((await stat(join(to, 'script'))).ino).not.toBe((await stat(join(like, 'script'))).ino);
  });

  test('is refused by a folder that is not there', async () => {
    const to = join(folder, 'no/such/parent');
    const error = await (await remote()).send({ from, to }).then(
      () => expect.unreachable('it was sent'),
      (thrown: OpsError) => thrown,
    );
    expect(error).toMatchObject({ code: 'command-failed' });
    expect(error.message).toContain('No such file or directory');
  });

  test('goes over the connection of the commands', async () => {
    if (where === 'here') return;
    const made = await remote();
    await made.run({ program: 'true', args: [] });
    const before = sshd().log().split('Accepted publickey').length;
    await made.send({ from, to: join(folder, 'shared') });
    expect(sshd().log().split('Accepted publickey')).toHaveLength(before);
  });

  test('is the same as its line pasted into a shell', async () => {
    const to = join(folder, 'pasted');
    await sh`sh -c ${(await remote()).sendLine({ from, to })}`;
    expect(await readFile(join(to, 'sub/read-only'), 'utf8')).toBe('one');
  });
});
