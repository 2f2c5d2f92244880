import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { command } from '../../ops/commands/command.ts';
import { type Remote, sshRemote } from '../../ops/remote.ts';
import { ensureCommand } from './parts/apt.ts';
import { sh } from './parts/shell.ts';
import { ensureSshd, type Sshd } from './parts/sshd.ts';
import { usePart } from './parts/use-part.ts';

const FOLDER = mkdtemp(join(tmpdir(), 'gatehouse-sudo-'));

/** Notes how it was called and runs it as -n would; where a password is wanted, it ends as the real one does. */
const SUDO = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$*" >> "$here/calls"
[ ! -e "$here/wants-password" ] || { echo "sudo: a password is required" >&2; exit 1; }
[ "$1" = -n ] && shift && exec "$@"
`;

describe('a host whose user may do nothing but sudo, over a real sshd; sudo is a stand-in', () => {
  const sshd = usePart(async (): Promise<Sshd> => {
    const folder = await FOLDER;
    await writeFile(join(folder, 'sudo'), SUDO);
    await chmod(join(folder, 'sudo'), 0o755);
    return ensureSshd({ environment: { PATH: `${folder}:${process.env.PATH}` } });
  });
  const rsync = usePart(async () => ({ path: await ensureCommand('rsync', 'rsync', ['rsync']) }));
  const calls = async () => (await readFile(join(await FOLDER, 'calls'), 'utf8')).trim().split('\n');

  beforeEach(async () => {
    for (const file of ['calls', 'wants-password']) await rm(join(await FOLDER, file), { force: true });
  });
  afterAll(async () => rm(await FOLDER, { recursive: true, force: true }));

  async function reach(): Promise<Remote> {
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const remote = await sshRemote({ host, port, user, identityFile, knownHostsFile, sudo: true });
    onTestFinished(() => remote.close());
    return remote;
  }

  test('a command is run by it as it stands, with what it reads', async () => {
    const remote = await reach();
    const { stdout } = await remote.run({
      ...command('sh', '-c', 'cat; echo "$1"', 'x', "it's $HOME"),
      stdin: 'in ',
    });
    expect(stdout).toBe("in it's $HOME\n");
    expect((await calls())[0]).toBe('-n sh -c cat; echo "$1" x it\'s $HOME');
  });

  test('a folder is sent by it, too', async () => {
    rsync();
    const from = join(await FOLDER, 'from');
    await mkdir(from, { recursive: true });
    await writeFile(join(from, 'file'), 'sent');
    const remote = await reach();
    await remote.send({ from, to: join(await FOLDER, 'to') });
    expect(await readFile(join(await FOLDER, 'to/file'), 'utf8')).toBe('sent');
    expect((await calls())[0]).toMatch(/^-n rsync --server /);
  });

  test('the line to paste does the same', async () => {
    const line = (await reach()).line(command('printf', '%s', 'as pasted'));
    expect((await sh`sh -c ${line}`).stdout).toBe('as pasted');
    expect(await calls()).toEqual(['-n printf %s as pasted']);
  });

  test('one that wants a password is told with what sudo said', async () => {
    await writeFile(join(await FOLDER, 'wants-password'), '');
    await expect((await reach()).run(command('true'))).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringContaining('sudo: a password is required'),
      hint: expect.stringContaining('NOPASSWD'),
    });
  });
});
