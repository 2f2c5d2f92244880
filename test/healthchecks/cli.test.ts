import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../healthchecks/causes.ts';
import { parseFlags } from '../../healthchecks/flags.ts';
import { freePort } from '../support/port.ts';
import { gateway } from './support/gateway.ts';
import { peer } from './support/peer.ts';

const MAIN = fileURLToPath(new URL('../../healthchecks/main.ts', import.meta.url));

interface Result {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The probe as a process of its own. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('as a process', () => {
  test('healthy is 0, and JSON is the verdict', async () => {
    const { port } = await gateway();
    const { code, stdout, stderr } = await run([
      '--port',
      String(port),
      '--level',
      'all',
      '--json',
      '--client-id',
      '41',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true, cause: 'ok', clientId: 41, level: 'all' });
    expect(stdout.trim()).not.toContain('\n');
  });

  test('unhealthy is 1, with cause and advice, and no colours where there is no terminal', async () => {
    const { code, stdout } = await run(['--port', String(await freePort())]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^unhealthy at connect, refused: 127\.0\.0\.1:/);
    expect(stdout).toContain(CAUSES.refused.hint);
    expect(stdout).not.toContain('\x1b');
  });

  test('colours can be asked for, and NO_COLOR ends them', async () => {
    const port = String(await freePort());
    expect((await run(['--port', port], { FORCE_COLOR: '1' })).stdout).toContain('\x1b[31munhealthy');
    expect((await run(['--port', port], { NO_COLOR: '1' })).stdout).not.toContain('\x1b');
  });

  test('a mute gateway is 1 within the timeout that was given', async () => {
    const { port } = await peer(() => {});
    const { code, stdout } = await run(['--port', String(port), '--timeout', '500ms', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).cause).toBe('silent-before-hello');
  });

  test('a flag that cannot be used is 2: flag, rule, value, advice; nothing on stdout', async () => {
    const { code, stdout, stderr } = await run(['--port', '70000', '--level', 'deep']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      [
        '--port: must be a whole number from 1 to 65535; got "70000"',
        '  try: for instance --port 4002',
        '--level: must be one of connect, hello, session, account, data, orders, all; got "deep"',
        '  try: for instance --level session',
        '',
      ].join('\n'),
    );
  });

  test('--prometheus', async () => {
    const { port } = await gateway();
    const { code, stdout } = await run(['--port', String(port), '--prometheus']);
    expect(code).toBe(0);
    expect(stdout).toContain(`gatehouse_probe_healthy{host="127.0.0.1",port="${port}",level="session"} 1\n`);
  });

  test('a termination signal ends it with a verdict', async () => {
    const { port } = await peer(({ socket }) => socket.once('data', () => child.kill('SIGTERM')));
    const ended = Promise.withResolvers<Result>();
    const child = execFile(
      process.execPath,
      [MAIN, '--port', String(port), '--json'],
      (_error, stdout, stderr) => ended.resolve({ code: child.exitCode, stdout, stderr }),
    );
    const { code, stdout } = await ended.promise;
    expect(code).toBe(1);
    expect(JSON.parse(stdout).cause).toBe('aborted');
  });

  test('--help names every flag and is 0', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const flag of [
      'host',
      'port',
      'client-id',
      'level',
      'timeout',
      'symbol',
      'allow-live',
      'json',
      'prometheus',
    ]) {
      expect(stdout).toContain(`--${flag} `);
    }
  });
});

describe('flags', () => {
  test('what is not given has a value', () => {
    expect(parseFlags([])).toEqual({
      kind: 'probe',
      format: 'text',
      options: {
        host: '127.0.0.1',
        port: 4002,
        clientId: 999,
        level: 'session',
        timeoutMs: 10_000,
        symbol: 'SPY',
        allowLive: false,
      },
    });
  });

  test('what is given', () => {
    const args = ['--host=gw', '--port=4004', '--client-id', '0', '--level', 'orders', '--timeout', '2m'];
    expect(parseFlags([...args, '--symbol', 'BRK B', '--allow-live', '--json'])).toMatchObject({
      format: 'json',
      options: {
        host: 'gw',
        port: 4004,
        clientId: 0,
        level: 'orders',
        timeoutMs: 120_000,
        symbol: 'BRK B',
        allowLive: true,
      },
    });
  });

  test.each([
    [['--port', '0'], '--port'],
    [['--port', '4002.5'], '--port'],
    [['--port'], '--port'],
    [['--client-id', '-1'], '--client-id'],
    [['--client-id=2147483648'], '--client-id'],
    [['--host', ' '], '--host'],
    [['--timeout', '10'], '--timeout'],
    [['--timeout', '11m'], '--timeout'],
    [['--symbol', 'spy'], '--symbol'],
    [['--nope'], '--nope'],
    [['-x'], '-x'],
    [['-port', '4002'], '-port', '4002'],
    [['--'], '--'],
    [['--help=now'], '--help'],
    [['--json=yes'], '--json'],
    [['--json', '--prometheus'], '--prometheus'],
    [['stray'], 'stray'],
  ])('%j is refused', (args, ...flags) => {
    const line = parseFlags(args);
    expect(line.kind === 'invalid' && line.errors.map(({ flag }) => flag)).toEqual(flags);
  });

  test('every mistake is reported at once', () => {
    const line = parseFlags(['--port', 'x', '--level', 'y', '--what', 'z']);
    expect(line.kind === 'invalid' && line.errors.map(({ flag }) => flag)).toEqual([
      '--what',
      'z',
      '--port',
      '--level',
    ]);
  });

  test('a flag given twice: the last counts', () => {
    expect(parseFlags(['--port', '1', '--port', '2'])).toMatchObject({ options: { port: 2 } });
  });
});
