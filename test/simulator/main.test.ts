import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { TwsClient } from '../support/tws-client.ts';

const MAIN = fileURLToPath(new URL('../../compose/simulator/src/main.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  /** Waits until what it printed fits, and returns the match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  ended(): Promise<number | null>;
}

function run(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const exit = once(child, 'exit');
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const look of heard) look();
    });
  }
  return {
    child,
    output: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found) resolve(found);
        };
        heard.add(look);
        look();
        void exit.then(() => reject(new Error(`ended without saying ${pattern}:\n${text}`)));
      }),
    ended: async () => (await exit)[0] as number | null,
  };
}

const PORTS = /TWS API on 127\.0\.0\.1:(\d+), control on http:\/\/127\.0\.0\.1:(\d+)/;

test.each(['SIGINT', 'SIGTERM'] as const)(
  'prints one line per event and ends cleanly on %s',
  async (signal) => {
    const sim = run(['--port', '0', '--control-port', '0']);
    const [, port] = await sim.says(PORTS);
    const client = await TwsClient.login(Number(port), 3);
    await sim.says(/connection +client 3 logged in/);
    sim.child.kill(signal);
    expect(await sim.ended()).toBe(0);
    await client.closed();
    expect(sim.output()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z server +listening on 127\.0\.0\.1:\d+$/m);
  },
);

test('the environment sets what flags set', async () => {
  const env = { SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0', SIMULATOR_TRADING_MODE: 'live' };
  const sim = run([], { ...env, SIMULATOR_READ_ONLY: 'false', SIMULATOR_HOST: '127.0.0.1' });
  const [, , control] = await sim.says(PORTS);
  const health = await (await fetch(`http://127.0.0.1:${control}/health`)).json();
  expect(health).toMatchObject({ tradingMode: 'live', readOnly: false });
});

test('a port that is taken is one line with a hint', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const sim = run(['--port', String(port), '--control-port', '0']);
  expect(await sim.ended()).toBe(1);
  expect(sim.output()).toBe(
    `simulator: the API: port ${port} on 127.0.0.1 is taken by another program; end it, or choose another port (--port, --control-port).\n`,
  );
});

test('--help names every flag', async () => {
  const sim = run(['--help']);
  expect(await sim.ended()).toBe(0);
  for (const flag of ['--host', '--port', '--control-port', '--seed', '--trading-mode', '--read-only']) {
    expect(sim.output()).toContain(flag);
  }
});

test('wrong arguments are refused, each with what would do', async () => {
  const wrong = [['--port', '70000'], ['--trading-mode', 'demo'], ['--nonsense']];
  const runs = wrong.map((args) => run(args));
  for (const sim of runs) {
    expect(await sim.ended()).toBe(2);
    expect(sim.output()).toMatch(/^error: /);
  }
});
