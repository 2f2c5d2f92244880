import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { command, commandLine } from '../../ops/commands/command.ts';
import type { SshTarget } from '../../ops/commands/ssh.ts';
import type { OpsError } from '../../ops/errors.ts';
import { type Remote, sshRemote } from '../../ops/remote.ts';
import { sh } from './parts/shell.ts';
import { ensureSshd } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';

const sshd = usePart(ensureSshd);

function target(more: Partial<SshTarget> = {}): SshTarget {
  const { host, port, user, identityFile, knownHostsFile } = sshd();
  return { host, port, user, identityFile, knownHostsFile, ...more };
}

async function reach(more: Partial<SshTarget> = {}): Promise<Remote> {
  const remote = await sshRemote(target(more));
  onTestFinished(() => remote.close());
  return remote;
}

async function refusal(remote: Remote, line = command('true')): Promise<OpsError> {
  return remote.run(line).then(
    () => expect.unreachable('it was let through'),
    (error: OpsError) => error,
  );
}

/** How often sshd logged this. */
const count = (words: string) => sshd().log().split(words).length - 1;

describe('a command on a host', () => {
  test.each([
    'two words',
    "it's",
    '$HOME `id` $(id) "x" \\ \\n',
    '*',
    '~',
    '',
    'é €',
    'a\nb',
    '; exit 7 #',
    '-n',
  ])('takes %j as it is', async (argument) => {
    const { stdout } = await (await reach()).run(command('printf', '[%s]', argument, argument));
    expect(stdout).toBe(`[${argument}][${argument}]`);
  });

  test('reads what it is given and nothing else', async () => {
    const remote = await reach();
    expect((await remote.run({ ...command('cat'), stdin: 'secret\n' })).stdout).toBe('secret\n');
    expect((await remote.run(command('cat'))).stdout).toBe('');
  });

  test('fails with its status and its last lines', async () => {
    const error = await refusal(await reach(), command('sh', '-c', 'echo out; echo why >&2; exit 3'));
    expect(error).toMatchObject({ code: 'command-failed' });
    expect(error.message).toBe(
      `sh -c 'echo out; echo why >&2; exit 3' ended with status 3 on ${sshd().user}@127.0.0.1:\n  | why`,
    );
  });

  test('that is not there', async () => {
    expect(await refusal(await reach(), command('no-such-program'))).toMatchObject({
      code: 'program-missing',
    });
  });

  test('that takes too long', async () => {
    const error = await refusal(await reach(), { ...command('sleep', '60'), timeoutMs: 2000 });
    expect(error.message).toContain('did not end within 2 s');
  });

  test('is the same as its line pasted into a shell', async () => {
    const line = (await reach()).line(command('printf', '%s', "it's $HOME"));
    expect((await sh`sh -c ${line}`).stdout).toBe("it's $HOME");
  });
});

describe('the connection', () => {
  test('is one for all commands, and ends with close', async () => {
    const remote = await sshRemote(target());
    const before = count('Accepted publickey');
    for (const word of ['a', 'b', 'c'])
      expect((await remote.run(command('echo', word))).stdout).toBe(`${word}\n`);
    expect(count('Accepted publickey') - before).toBe(1);
    await remote.close();
    await until(
      'the host sees it end',
      () => count('Disconnected from user') === count('Accepted publickey'),
    );
    await remote.close();
  });

  test('is made again when it was cut', async () => {
    const remote = await reach();
    await remote.run(command('true'));
    await refusal(remote, command('sh', '-c', 'kill $PPID'));
    expect((await remote.run(command('echo', 'back'))).stdout).toBe('back\n');
  });
});

describe('a host that does not let one in', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
    await sh`ssh-keygen -q -t ed25519 -N ${''} -f ${join(folder, 'other')}`;
    return () => rm(folder, { recursive: true });
  });

  test('its key is not known', async () => {
    const knownHostsFile = join(folder, 'empty');
    await writeFile(knownHostsFile, '');
    expect(await refusal(await reach({ knownHostsFile }))).toMatchObject({ code: 'ssh-key-unknown' });
    expect(await readFile(knownHostsFile, 'utf8')).toBe('');
    // Told by one who knows, they are what counts.
    const known = await readFile(sshd().knownHostsFile, 'utf8');
    const hostKeys = known
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ /, ''));
    expect((await (await reach({ knownHostsFile, hostKeys })).run(command('true'))).exit).toBe(0);
  });

  test('its key is another than before', async () => {
    const knownHostsFile = join(folder, 'other-host');
    const key = await readFile(join(folder, 'other.pub'), 'utf8');
    await writeFile(knownHostsFile, `[${sshd().host}]:${sshd().port} ${key}`);
    expect(await refusal(await reach({ knownHostsFile }))).toMatchObject({ code: 'ssh-key-changed' });
  });

  test('ours is not let in', async () => {
    const error = await refusal(await reach({ identityFile: join(folder, 'other') }));
    expect(error).toMatchObject({ code: 'ssh-denied' });
    expect(error.message).toContain('| ');
  });

  test('nothing listens there', async () => {
    const remote = await reach({ port: 1 });
    expect(await refusal(remote)).toMatchObject({ code: 'ssh-unreachable' });
    await remote.close();
  });
});

test('a line never carries what is read on standard input', async () => {
  const secret = { ...command('cat'), stdin: 'hunter2' };
  expect((await reach()).line(secret)).not.toContain('hunter2');
  expect(commandLine(secret)).not.toContain('hunter2');
});
