import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../compose/release/bundle.ts';
import { freePort } from '../support/port.ts';

const KEY = 'process-key-0123456789';

let folder: string;
let environment: Record<string, string>;
const children: Running[] = [];

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-'));
  const file = await bundle(resolve(import.meta.dirname, '../..'), 'compose/bridge/src/main.ts');
  await writeFile(join(folder, 'bridge.mjs'), file);
  await writeFile(join(folder, 'keys'), `test:read+trade:${KEY}\n`);
  environment = {
    BRIDGE_HTTP_PORT: '0',
    BRIDGE_GATEWAY_HOST: '127.0.0.1',
    BRIDGE_GATEWAY_PORT: String(await freePort()),
    BRIDGE_API_KEYS_FILE: join(folder, 'keys'),
    BRIDGE_DATA_DIR: join(folder, 'data'),
  };
});
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The bundle in a folder of its own, where no node_modules is: it must carry everything. */
function start(overrides: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['bridge.mjs'], {
    cwd: folder,
    env: { ...environment, ...overrides },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (text += data));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const running = { child, output: () => text, ended };
  children.push(running);
  return running;
}

async function line(running: Running, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(running.output());
    if (found) return found[1] ?? found[0];
    const more = once(running.child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
    await Promise.race([
      more,
      running.ended.then((code) => Promise.reject(new Error(`${code}: ${running.output()}`))),
    ]);
  }
}

test('one file serves without its gateway, says why, and ends on SIGTERM with 0', async () => {
  const running = start();
  const url = await line(running, /"url":"([^"]+)"/);
  await line(running, /session down: Nothing listens on the gateway port/);
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
    status: 'down',
    cause: 'gateway-refused',
  });
  expect((await fetch(`${url}/openapi.json`, { headers: { 'X-API-KEY': KEY } })).status).toBe(200);
  running.child.kill('SIGTERM');
  expect(await running.ended, running.output()).toBe(0);
  expect(running.output()).not.toContain(KEY);
});

test('a taken port is one clear line and exit code 2', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const running = start({ BRIDGE_HTTP_PORT: String(port), BRIDGE_DATA_DIR: join(folder, 'other') });
  expect(await running.ended).toBe(2);
  expect(running.output()).toBe(
    `Error: The HTTP port is taken: something listens on 127.0.0.1:${port} already\nTry: Stop what listens there, or choose another port.\n`,
  );
  server.close();
});

test('a missing keys file is named', async () => {
  const running = start({ BRIDGE_API_KEYS_FILE: join(folder, 'nowhere') });
  expect(await running.ended).toBe(2);
  expect(running.output()).toMatch(/^Error: The API keys file cannot be read: .*nowhere.*\nTry: Create it/);
});
