import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { command } from '../../ops/commands/command.ts';
import type { SshTarget } from '../../ops/commands/ssh.ts';
import { OpsError } from '../../ops/errors.ts';
import { judged } from '../../ops/judged.ts';
import { recordingRemote } from '../../ops/recording.ts';
import { localRemote, sshRemote } from '../../ops/remote.ts';
import { sshFailure } from '../../ops/ssh-failure.ts';

describe('this machine', () => {
  const here = localRemote();
  const failure = (line: Promise<unknown>) =>
    line.then(
      () => undefined,
      (error: unknown) => error as OpsError,
    );

  test('arguments arrive as they were given, whatever is in them', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (args) => {
        const { stdout } = await here.run(command('printf', '%s\\n--\\n', ...args));
        expect(stdout).toBe(args.map((argument) => `${argument}\n--\n`).join(''));
      }),
      { numRuns: 20, seed: 3 },
    );
  });

  test('standard input is what the command brings, and closed when it brings nothing', async () => {
    expect((await here.run({ ...command('cat'), stdin: 'é\n' })).stdout).toBe('é\n');
    expect((await here.run({ ...command('cat'), stdin: '' })).stdout).toBe('');
    expect((await here.run(command('cat'))).stdout).toBe('');
  });

  test('a failure names the command, its status and its last lines', async () => {
    const error = await failure(
      here.run(command('sh', '-c', 'for n in 1 2 3 4 5 6 7; do echo $n >&2; done; exit 3')),
    );
    expect(error).toBeInstanceOf(OpsError);
    expect(error).toMatchObject({ code: 'command-failed', exit: 1 });
    expect(error?.message).toContain('ended with status 3 on this machine');
    expect(error?.message).toMatch(/:\n {2}\| 3\n {2}\| 4\n {2}\| 5\n {2}\| 6\n {2}\| 7$/);
  });

  test('an exit the command counts as an answer is no failure', async () => {
    const result = await here.run({ ...command('sh', '-c', 'exit 3'), okExits: [0, 3] });
    expect(result.exit).toBe(3);
  });

  test('what a command says while it runs is told line by line, before it ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-remote-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const script = 'echo one >&2; until [ -e "$1/go" ]; do sleep 0.05; done; echo two >&2; echo answer';
    const lines: string[] = [];
    const { stdout } = await here.run(command('sh', '-c', script, 'sh', folder), (line) => {
      lines.push(line);
      if (line === 'one') writeFileSync(join(folder, 'go'), '');
    });
    expect([lines, stdout]).toEqual([['one', 'two'], 'answer\n']);
  });

  test('a program that is not there', async () => {
    expect(await failure(here.run(command('no-such-program')))).toMatchObject({ code: 'program-missing' });
  });

  test('a command that takes too long is stopped', async () => {
    const error = await failure(here.run({ ...command('sleep', '600'), timeoutMs: 50 }));
    expect(error?.message).toContain('sleep 600 did not end within 0.05 s');
  });
});

test('a recording runs nothing and answers as it is told', async () => {
  const remote = recordingRemote(({ program }) => (program === 'df' ? { stdout: 'full' } : undefined));
  expect((await remote.run(command('df', '-P'))).stdout).toBe('full');
  expect((await remote.run(command('rm', '-rf', 'a b'))).exit).toBe(0);
  expect(remote.lines).toEqual(['df -P', "rm -rf 'a b'"]);
});

describe('a program that is not on this machine', () => {
  const bare = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-path-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
  };
  const remotes = { here: async () => localRemote(), 'by ssh': () => sshRemote({ host: 'gate' }) };

  test.each([
    ['here', 'docker'],
    ['by ssh', 'ssh'],
  ] as const)('%s is named: %s, and not what was to run there', async (where, program) => {
    await bare();
    const remote = await remotes[where]();
    const missing = {
      code: 'program-missing',
      message: expect.stringMatching(`^there is no ${program} on this machine`),
    };
    await expect(remote.run(command('docker', 'ps'))).rejects.toMatchObject(missing);
    await expect(remote.attach(command('docker', 'ps'))).rejects.toMatchObject(missing);
    await remote.close();
  });

  test('sudo on a host says so with status 1', () => {
    const result = { exit: 1, stdout: '', stderr: 'sudo: docker: command not found\n', ms: 1 };
    expect(() => judged({ ...command('docker', 'ps'), okExits: [0, 1] }, result, 'gate')).toThrow(
      'there is no docker on gate',
    );
  });
});

test.each([
  ['error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE', 'export PULUMI_CONFIG_PASSPHRASE='],
  ['error: PULUMI_ACCESS_TOKEN must be set for login', 'npx pulumi login --local'],
  ['ERROR: please run: $ gcloud auth login', 'gcloud auth login'],
  ['permission denied while trying to connect to the docker daemon socket', 'usermod -aG docker USER'],
])('what a program says leads to what mends it: %s', (stderr, hint) => {
  const result = { exit: 1, stdout: '', stderr, ms: 1 };
  expect(() => judged(command('x'), result, 'gate')).toThrow(
    expect.objectContaining({ code: 'command-failed', hint: expect.stringContaining(hint) }),
  );
});

describe('what ssh says', () => {
  test.each([
    ['ssh: connect to host gate port 22: Connection refused', 'ssh-unreachable'],
    ['ssh: Could not resolve hostname gate: Name or service not known', 'ssh-unreachable'],
    ['ops@gate: Permission denied (publickey).', 'ssh-denied'],
    [
      'No ED25519 host key is known for gate and you have requested strict checking.\nHost key verification failed.',
      'ssh-key-unknown',
    ],
    [
      '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
      'ssh-key-changed',
    ],
  ])('%s', (stderr, code) => {
    expect(sshFailure({ host: 'gate' }, stderr)).toMatchObject({ code });
  });

  test('leads to a command for this way of reaching the host', () => {
    const hints = (target: SshTarget) =>
      ['Connection refused', 'Host key verification failed', 'Permission denied'].map(
        (stderr) => sshFailure(target, stderr).hint,
      );
    expect(hints({ host: 'gate', user: 'ops', port: 2222 })).toEqual([
      'see whether it runs, then: ssh -p 2222 ops@gate',
      'ssh -p 2222 ops@gate once by hand, and compare the fingerprint before you say yes',
      'check user and key: ssh -v -p 2222 ops@gate',
    ]);
    const where = '--project=acme --zone=us-west1-b';
    expect(hints({ host: 'gate', iap: { project: 'acme', zone: 'us-west1-b' } })).toEqual([
      `see whether it runs: gcloud compute instances describe gate ${where} '--format=value(status)'`,
      expect.stringContaining(`gcloud compute instances get-guest-attributes gate --query-path=hostkeys/`),
      expect.stringContaining('gcloud compute os-login ssh-keys add --key-file ~/.ssh/id_ed25519.pub; '),
    ]);
  });
});
