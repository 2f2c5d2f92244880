import { describe, expect, test } from 'vitest';
import { ComposeError } from '../../compose/errors.ts';
import { OPS_ERRORS, opsError } from '../../ops/errors.ts';
import { type Printing, printError } from '../../ops/print-error.ts';
import { collector } from './helpers.ts';

const print = (error: unknown, more: Partial<Printing> = {}, out = collector()) => {
  const status = printError(error, out, { json: false, debug: false, ...more });
  return { status, stdout: out.stdout, stderr: out.stderr };
};

describe('an error is printed as what happened and what to do', () => {
  test('of this room', () => {
    expect(print(opsError('dev-running', 'http://127.0.0.1:8788', 7))).toEqual({
      status: 2,
      stdout: [],
      stderr: [
        'Error: it runs already: http://127.0.0.1:8788, process 7',
        'Try: use that one, or end it first: kill 7',
      ],
    });
  });

  test('for the stack the verb was for', () => {
    const out = collector();
    printError(opsError('wait-over', 'the bridge', 'home', 5, ''), out, {
      json: false,
      debug: false,
      stack: 'home',
    });
    expect(out.stderr[1]).toContain('npx gatehouse --home-diagnostics');
  });

  test('for the machine the line named', () => {
    const options = { ssh: { host: 'gate', user: 'ops' }, sudo: true, hostFolder: '/srv/g' };
    const { stderr } = print(opsError('stack-stopped', 'it is stopped', 'gate', 'home'), {
      stack: 'home',
      options,
    });
    expect(stderr[1]).toBe(
      'Try: npx gatehouse --home-start --ssh ops@gate --sudo --host-folder /srv/g brings it back',
    );
  });

  test('of another room', () => {
    expect(print(new ComposeError('stack-missing', 'there is no Pulumi.x.yaml'))).toMatchObject({
      status: 2,
      stderr: ['Error: there is no Pulumi.x.yaml', expect.stringMatching(/^Try: name a stack/)],
    });
  });

  test('with the lines a command left', () => {
    const { stderr } = print(opsError('command-failed', 'docker ps', 'gate', 'ended with status 1', 'a\nb'));
    expect(stderr[0]).toBe('Error: docker ps ended with status 1 on gate:\n  | a\n  | b');
  });

  test.each([
    ['You do not have an account.\nPlease run:\n  $ gcloud auth login', 'gcloud auth login'],
    ['Cannot connect to the Docker daemon. Is the docker daemon running?', 'systemctl start docker'],
    ['permission denied while trying to connect to the Docker daemon socket', 'usermod -aG docker'],
    ['no such container', 'run that line by hand'],
  ])('with what mends what a program said: %s', (said, hint) => {
    const failed = opsError('command-failed', 'docker ps', 'gate', 'ended with status 1', said);
    expect(print(failed).stderr[1]).toContain(hint);
  });

  test('as JSON on standard output', () => {
    const { stdout, stderr } = print(opsError('verb-missing'), { json: true });
    expect([stdout.map((line) => JSON.parse(line)), stderr]).toEqual([
      [
        {
          error: {
            code: 'verb-missing',
            message: 'no verb was given',
            hint: 'npx gatehouse --help lists the verbs',
          },
        },
      ],
      [],
    ]);
  });

  test('a hint that wants the line again has it as it was typed', () => {
    const error = opsError('lock-held', 'gate', 'ann at desk', '--prod-all', 'noon', 'one', "'ann at desk'");
    expect(print(error, { line: 'npx gatehouse --prod-all --yes' }).stderr[1]).toContain(
      "has died: npx gatehouse --prod-all --yes --break-lock 'ann at desk'",
    );
  });

  test('a disk that is full or belongs to another is no mistake of ours', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device'), {
      code: 'ENOSPC',
      path: '/tmp/x',
    });
    expect(print(error)).toMatchObject({
      status: 2,
      stderr: [
        'Error: /tmp/x cannot be written to: ENOSPC',
        'Try: see that the folder is there and yours (chown), and that its disk has room (df)',
      ],
    });
  });

  test('a mistake of ours, with its stack only when one wants it', () => {
    const error = new TypeError('x is undefined');
    expect(print(error)).toMatchObject({
      status: 1,
      stderr: ['Error: x is undefined', expect.stringContaining('GATEHOUSE_DEBUG=1')],
    });
    expect(print(error, { debug: true }).stderr[2]).toContain('print-error.test.ts');
  });
});

test('colours are for terminals, and not where NO_COLOR is set', () => {
  const red = '\u001b[31m';
  const first = (out: ReturnType<typeof collector>) => print(opsError('verb-missing'), {}, out).stderr[0];
  expect(first(collector({ isTTY: true }))).toContain(red);
  expect(first(collector({ isTTY: true, env: { NO_COLOR: '1' } }))).not.toContain(red);
  expect(first(collector({ isTTY: false }))).not.toContain(red);
});

test('every error of the catalogue has a sentence, a hint, and a status', () => {
  for (const make of Object.values(OPS_ERRORS) as ((...facts: unknown[]) => object)[]) {
    expect(make('one', 'two', 'three', 'four', 'five', 'six')).toMatchObject({
      message: expect.stringMatching(/^\S.*\S$/s),
      hint: expect.stringMatching(/^\S.*\S$/s),
      exit: expect.toBeOneOf([1, 2]),
    });
  }
});
