import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../compose/release/bundle.ts';
import { cachedFolder } from '../system/parts/cache.ts';
import { ensurePython, TWS_CLIENTS } from '../system/parts/python.ts';
import { sh } from '../system/parts/shell.ts';
import { table } from './figures.ts';
import { runtimeOf } from './image.ts';
import { type Load, type LoadResult, load } from './load.ts';
import { present } from './present.ts';
import { promptSimulator } from './simulator.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PEER = fileURLToPath(new URL('peers/bridge_peer.py', import.meta.url));
const KEY = 'bench-key-0123456789';
const HEADERS = { 'X-API-KEY': KEY, 'Content-Type': 'application/json' };
/** Bought and sold by turns, each at a price that is filled: a gateway takes 1000 open orders and no more. */
const ORDERS = [orderAt('BUY', 999), orderAt('SELL', 1)];
/** Python distributions of the peers' servers. */
const SERVERS = ['flask==3.1.2', 'waitress==3.0.2', 'gunicorn==23.0.0'];
/** Milliseconds under load for each round that was asked for. */
const LOAD_MS = 100;
const WARM_UP_MS = 300;
/** What compose/bridge/Dockerfile and compose/node.ts give the process in a container of 160 MB. */
const IMAGE = await runtimeOf(join(ROOT, 'compose/bridge/Dockerfile'));
const HEAP = [...IMAGE.flags, '--max-old-space-size=96'];
const CONNECTIONS = 8;

function orderAt(action: 'BUY' | 'SELL', limitPrice: number): string {
  return JSON.stringify({ symbol: 'AAPL', action, quantity: 1, orderType: 'LMT', limitPrice });
}

interface Contender {
  readonly name: string;
  /** Its command, for a gateway port and an HTTP port. */
  readonly command: (gateway: number, http: number) => readonly string[];
  readonly env?: (gateway: number) => Record<string, string>;
}

/** With the microseconds of CPU a request cost: what else the machine does hardly changes them. */
interface Measured extends LoadResult {
  readonly cpuUs: number;
}

interface Figures {
  readonly name: string;
  readonly startMs: number;
  readonly idleMb: number;
  readonly loadedMb: number;
  readonly loads: Readonly<Record<string, Measured>>;
  /** Milliseconds of one /health while a request to the gateway is stuck. */
  readonly stuckMs: number;
}

const LOADS: Readonly<Record<string, Omit<Load, 'url' | 'connections'>>> = {
  '/ping': {},
  '/health': {},
  '/quote?symbol=AAPL': {},
  '/executions': {},
  '/order': { method: 'POST', bodies: ORDERS },
};

/**
 * The bridge beside its forerunner's design, Flask and ib_async behind one lock, on three servers: one after the
 * other, each with a gateway of its own. Pacing is off for all.
 */
export async function benchBridge(rounds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  try {
    const figures: Figures[] = [];
    for (const contender of await contenders(folder))
      figures.push(await measured(contender, rounds * LOAD_MS));
    return [report(figures), await paced(folder)].join('\n\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contenders(folder: string): Promise<Contender[]> {
  await writeFile(join(folder, 'bridge.mjs'), await bundle(ROOT, 'test/bench/bridge-process.ts'));
  const python = await present(peerPython);
  const peer = (server: string) => (gateway: number, http: number) => [
    python?.python ?? '',
    PEER,
    server,
    '127.0.0.1',
    `${gateway}`,
    '101',
    `${http}`,
  ];
  const peers: Contender[] = [
    { name: "Flask's own server", command: peer('flask') },
    { name: 'waitress, 8 threads', command: peer('waitress') },
    {
      name: 'gunicorn, 1 worker, 8 threads',
      command: (_gateway, http) => [
        ...[python?.python ?? '', '-m', 'gunicorn', '--chdir', dirname(PEER), '--log-level', 'error'],
        ...['--threads', '8', '--bind', `127.0.0.1:${http}`, 'bridge_peer:application'],
      ],
      env: (gateway) => ({ PEER_HOST: '127.0.0.1', PEER_PORT: `${gateway}`, PEER_CLIENT_ID: '101' }),
    },
  ];
  const bridge = { name: 'the bridge', command: bridgeCommand(folder, 'off'), env: () => asInImage(folder) };
  await compiled(bridge, folder);
  return [bridge, ...(python ? peers : [])];
}

/** As compose/bridge/Dockerfile starts it: what V8 compiled is kept from the build of the image. */
function asInImage(folder: string): Record<string, string> {
  return { ...IMAGE.environment, NODE_COMPILE_CACHE: join(folder, 'compiled') };
}

/** One start before all, as when the image is built: nothing is at its gateway's port. */
async function compiled({ command }: Contender, folder: string): Promise<void> {
  const http = await freePort();
  const [file = '', ...args] = command(1, http);
  const child = spawn(file, args, { env: { ...process.env, ...asInImage(folder) }, stdio: 'ignore' });
  await answers(`http://127.0.0.1:${http}/ping`);
  await end(child);
}

function bridgeCommand(folder: string, pacing: 'on' | 'off'): Contender['command'] {
  const data = join(folder, `data-${pacing}`);
  return (gateway, http) => [
    process.execPath,
    ...HEAP,
    join(folder, 'bridge.mjs'),
    `${gateway}`,
    `${http}`,
    data,
    KEY,
    pacing,
  ];
}

/** ib_async as the other peers have it, with the servers beside it. */
async function peerPython(): Promise<{ python: string }> {
  const base = await ensurePython(TWS_CLIENTS.ibAsync);
  const site = await cachedFolder('python/bridge-peer-1', {
    check: (folder) =>
      sh`${base.python} -c ${`import sys; sys.path.insert(0, '${folder}'); import flask, waitress, gunicorn`}`,
    make: (folder) =>
      sh`${base.python} -m pip install --quiet --disable-pip-version-check --target ${folder} ${SERVERS}`,
  });
  process.env.PYTHONPATH = site;
  await mkdir(site, { recursive: true });
  return { python: base.python };
}

async function measured({ name, command, env }: Contender, milliseconds: number): Promise<Figures> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const [file = '', ...args] = command(gateway.port, http);
  const started = performance.now();
  const child = spawn(file, args, {
    env: { ...process.env, ...env?.(gateway.port) },
    stdio: ['ignore', 'ignore', file === process.execPath ? 'inherit' : 'ignore'],
  });
  try {
    const startMs = (await readyAt(url)) - started;
    const idleMb = await memory(child);
    const loads: Record<string, Measured> = {};
    for (const [path, how] of Object.entries(LOADS)) {
      const all = { ...how, url: `${url}${path}`, headers: HEADERS, connections: CONNECTIONS };
      await load({ ...all, milliseconds: WARM_UP_MS });
      const before = await cpu(child);
      const result = await load({ ...all, milliseconds });
      loads[path] = { ...result, cpuUs: ((await cpu(child)) - before) / result.requests };
    }
    const loadedMb = await memory(child);
    const stuckMs = await whileStuck(url, controlPort);
    return { name, startMs, idleMb, loadedMb, loads, stuckMs };
  } finally {
    await end(child);
    gateway.stop();
  }
}

/** One request the gateway never answers, and one /health meanwhile. */
async function whileStuck(url: string, controlPort: number): Promise<number> {
  await fetch(`http://127.0.0.1:${controlPort}/faults`, {
    method: 'POST',
    body: JSON.stringify({ name: 'request-never-answers', request: 'reqExecutions' }),
    headers: { 'Content-Type': 'application/json' },
  });
  const stuck = fetch(`${url}/executions`, { headers: HEADERS }).catch(() => {});
  await sleep(500);
  const before = performance.now();
  await fetch(`${url}/health`).catch(() => {});
  const took = performance.now() - before;
  await stuck;
  return took;
}

/** Orders in a burst at a gateway that counts as IBKR does: how many a second, and whether one was over the limit. */
async function paced(folder: string): Promise<string> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const [file = '', ...args] = bridgeCommand(folder, 'on')(gateway.port, http);
  const environment = { ...process.env, ...asInImage(folder) };
  const child = spawn(file, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await readyAt(url);
    const fault = { method: 'POST', body: JSON.stringify({ name: 'pacing' }) };
    const counting = await fetch(`http://127.0.0.1:${controlPort}/faults`, fault);
    if (!counting.ok) throw new Error(`the gateway does not count: ${await counting.text()}`);
    const how = { method: 'POST', bodies: ORDERS, headers: HEADERS, connections: CONNECTIONS } as const;
    const { perSecond, failed } = await load({ ...how, url: `${url}/order`, requests: 500 });
    const health = (await (await fetch(`${url}/health`)).json()) as { lastIbErrorCode?: number };
    const limit = health.lastIbErrorCode === PACING_BREACHED ? 'the limit BREACHED' : 'the limit kept';
    return `500 orders, 8 at once, paced at IBKR's 50 messages a second: ${perSecond.toFixed(1)} a second, ${failed} failed, ${limit} (goal: 45, kept)`;
  } finally {
    await end(child);
    gateway.stop();
  }
}

/** What a gateway says of a message over the limit: max rate of messages per second has been exceeded. */
const PACING_BREACHED = 100;

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await ended;
  clearTimeout(timer);
}

/** The moment at which /health says ok. */
function readyAt(url: string): Promise<number> {
  return answers(`${url}/health`, (health) => health.status === 'ok');
}

/** The moment at which an answer is as wanted. */
async function answers(
  url: string,
  wanted: (answer: { readonly status?: string }) => boolean = () => true,
): Promise<number> {
  for (let attempt = 0; attempt < 6_000; attempt++) {
    const answer = await fetch(url)
      .then((response) => response.json() as Promise<{ status?: string }>)
      .catch(() => undefined);
    if (answer && wanted(answer)) return performance.now();
    await sleep(5);
  }
  throw new Error(`${url} did not answer as it should in time`);
}

/** The ids of a process and its children. */
async function familyOf({ pid }: ChildProcess): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [`${pid}`, ...children.trim().split(' ').filter(Boolean)];
}

/** Microseconds of CPU a process and its children have had, all threads together. */
async function cpu(child: ChildProcess): Promise<number> {
  const pids = await familyOf(child);
  const stats = await Promise.all(pids.map((each) => readFile(`/proc/${each}/stat`, 'utf8').catch(() => '')));
  // The 12th and 13th field after the name, which may have spaces: user and system time in ticks of 10 ms.
  const ticks = stats.map((text) => text.slice(text.lastIndexOf(')') + 2).split(' '));
  return ticks.reduce((sum, fields) => sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0), 0) * 10_000;
}

/** Resident megabytes of a process and its children. */
async function memory(child: ChildProcess): Promise<number> {
  const pids = await familyOf(child);
  const statuses = await Promise.all(
    pids.map((each) => readFile(`/proc/${each}/status`, 'utf8').catch(() => '')),
  );
  return statuses.reduce((sum, text) => sum + Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0), 0) / 1_024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function report(figures: readonly Figures[]): string {
  const rates = Object.keys(LOADS).map((path) => [
    `${path}: a second, p50 / p99 ms`,
    ...figures.map(({ loads }) => cell(loads[path])),
  ]);
  const costs = Object.keys(LOADS).map((path) => [
    `${path}: CPU µs`,
    ...figures.map(({ loads }) => loads[path]?.cpuUs.toFixed(0) ?? ''),
  ]);
  const rows = [
    ...rates,
    ...costs,
    ['start to ready, ms', ...figures.map(({ startMs }) => startMs.toFixed(0))],
    [
      'memory idle / loaded, MB',
      ...figures.map(({ idleMb, loadedMb }) => `${idleMb.toFixed(0)} / ${loadedMb.toFixed(0)}`),
    ],
    ['/health, one request stuck, ms', ...figures.map(({ stuckMs }) => stuckMs.toFixed(0))],
  ];
  return [
    `The bridge and its forerunner's design, ${CONNECTIONS} connections, pacing off`,
    '',
    table(['', ...figures.map(({ name }) => name)], rows),
  ].join('\n');
}

function cell(result: Measured | undefined): string {
  if (!result) return '';
  const failed = result.failed > 0 ? ` (${result.failed} failed)` : '';
  return `${result.perSecond.toFixed(0)}, ${result.p50.toFixed(1)} / ${result.p99.toFixed(1)}${failed}`;
}
