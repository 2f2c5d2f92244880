import { describe, expect, test } from 'vitest';
import { run } from '../../around.ts';
import { host, useStacks } from './well.ts';

const { verb, root } = useStacks();

describe('--prod-logs', () => {
  test.each([
    ['--prod-logs', 'docker compose -p gatehouse logs --timestamps --tail 100'],
    [
      '--prod-logs gateway --follow',
      'docker compose -p gatehouse logs --timestamps --tail 100 --follow gateway',
    ],
    ['--prod-logs bridge --since 30m', 'docker compose -p gatehouse logs --timestamps --since 30m bridge'],
    ['--prod-logs host', "journalctl --no-pager --output short-iso --unit 'gatehouse*' --lines 100"],
  ])('%s', async (line, ran) => {
    const on = host();
    expect((await verb(line, on)).status).toBe(0);
    expect(on.lines).toEqual([ran]);
    expect((await verb(`${line} --dry-run`)).stdout).toEqual([ran]);
  });

  test('of what is no service, or since no time', async () => {
    expect((await verb('--prod-logs redis')).stderr).toEqual([
      'Error: redis is no service of this stack',
      'Try: name one of gateway, bridge, caddy, host, or none for all',
    ]);
    expect((await verb('--prod-logs --since yesterday')).status).toBe(2);
  });

  test('a failure is one; Ctrl-C is none', async () => {
    const fails = host(() => ({ exit: 1 }));
    expect((await verb('--prod-logs', fails)).stderr[0]).toContain(
      'logs --timestamps --tail 100 ended with status 1',
    );
    let interrupt = () => {};
    const ended = host(() => {
      interrupt();
      return { exit: 130 };
    });
    const onStop = (listener: () => void) => {
      interrupt = listener;
    };
    expect((await verb('--prod-logs --follow', ended, { onStop })).status).toBe(0);
  });
});

test('--prod-ssh is a shell, or one command with its own status', async () => {
  const on = host(() => ({ exit: 3 }));
  const { status } = await run(root(), ['--prod-ssh', '--ssh', 'gate', '--', 'docker', 'ps', '-a'], {
    host: on,
  });
  expect([status, on.lines.map((line) => line.replace(/^ssh .* (-[tT]) -- \S+/, '$1'))]).toEqual([
    3,
    ["-T 'docker ps -a'"],
  ]);
  const shell = host();
  expect((await verb('--prod-ssh', shell)).status).toBe(0);
  expect(shell.lines[0]).toMatch(/ -t -- recording$/);
});
