import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Bridge, startBridge } from '../../compose/bridge/src/bridge.ts';
import { type Simulator, startSimulator } from '../../compose/simulator/src/simulator.ts';
import { ensurePython } from './parts/python.ts';
import { sh } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

const KEY = 'openapi-key-0123456789';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
];

/** Seconds: what is found, is found early. */
const MOST_TIME = 90;

const python = usePart(() =>
  ensurePython({ name: 'schemathesis', version: '4.32.5', module: 'schemathesis' }),
);

/** Milliseconds of a stream that are passed on: it has no end to wait for. test/bridge/stream.test.ts hears the rest. */
const STREAM = 100;

let gateway: Simulator;
let bridge: Bridge;
let folder: string;
const log: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  gateway = await startSimulator({ port: 0, controlPort: null });
  gateway.faults.set('pacing');
  let readyNow: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    readyNow = resolve;
  });
  bridge = await startBridge({
    http: { host: '127.0.0.1', port: 0 },
    gateway: { host: '127.0.0.1', port: gateway.port },
    clientId: 900,
    tradingMode: 'paper',
    apiKeys: [{ name: 'test', key: KEY, scopes: ['read', 'trade'] }],
    dataDir: join(folder, 'data'),
    // No answer may say that a deadline passed: what makes one on a busy machine is no fault of the bridge.
    timings: { connect: 60_000, hello: 60_000, login: 60_000, heartbeatDeadline: 60_000, request: 60_000 },
    log: pino({ level: 'warn' }, { write: (line: string) => void log.push(line) }),
    onEvent: ({ text }) => {
      if (text.startsWith('session ready')) readyNow();
    },
  });
  await ready;
});

afterAll(async () => {
  await bridge?.close();
  await gateway?.close();
  await rm(folder, { recursive: true, force: true });
});

test('whatever is sent, no answer is undocumented, and none says that the bridge or the gateway failed', async () => {
  const document = `${await bounded(bridge.url)}/openapi.json`;
  const budget = ['--max-time', `${MOST_TIME}`, '--max-examples', '40', '--request-timeout', '70'];
  const scope = ['--checks', CHECKS.join(','), '--seed', '7', '--no-color'];
  const found = await sh({
    nothrow: true,
    cwd: folder,
  })`${python().python} -m schemathesis.cli run ${document} -H ${`X-API-KEY: ${KEY}`} ${scope} ${budget} --generation-database none`;
  expect(found.exitCode, `${found.stdout}\n${found.stderr}\n${log.join('')}`).toBe(0);
  expect(found.stdout).toMatch(/[1-9]\d* generated/);
  // Among others (no key, another method), by how far it came in its time.
  expect([...streamed]).toEqual(expect.arrayContaining([200, 422]));
  expect(log.filter((line) => line.includes('unexpected error'))).toEqual([]);
  const pacing = gateway.faults.active().find(({ name }) => name === 'pacing');
  expect(pacing?.happened).toBe(0);
});

/** What /stream was answered with. */
const streamed = new Set<number>();

/** The bridge behind a proxy that passes everything on as it is, and of a stream its beginning alone. */
async function bounded(url: string): Promise<string> {
  const proxy = createServer((asked, answered) => {
    const { method, headers, url: path = '/' } = asked;
    const passed = request(`${url}${path}`, { method, headers }, (response) => {
      answered.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answered);
      const isStream = response.headers['content-type'] === 'text/event-stream';
      if (path.startsWith('/stream')) streamed.add(response.statusCode ?? 502);
      if (isStream) setTimeout(() => answered.end(() => response.destroy()), STREAM);
    });
    passed.on('error', () => answered.destroy());
    asked.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.closeAllConnections());
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
