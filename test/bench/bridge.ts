import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/port.ts';
import { type Bridge, type Contender, contenders, KEY } from './bridge-contenders.ts';
import { benchFaults } from './bridge-faults.ts';
import { table } from './figures.ts';
import { type LoadResult, load } from './load.ts';
import { cpu, end, memory, readyAt } from './process.ts';
import { promptSimulator } from './simulator.ts';
import { type Asker, asker } from './wrk.ts';

const HEADERS = { 'X-API-KEY': KEY, 'Content-Type': 'application/json' };
/** Bought and sold by turns, each at a price that is filled. */
const FILLED = [orderAt('BUY', 999), orderAt('SELL', 1)];
/** Taken by the gateway, and ended by it at once: a gateway takes 1000 open orders and no more. */
const NOT_FILLED = [orderAt('BUY', 50, 'IOC')];
/** Milliseconds under load for each round that was asked for. */
const LOAD_MS = 100;
const WARM_UP_MS = 1_000;
/** Orders of each kind until V8 has compiled what they pass through, for its compiler is most of what one costs at first. */
const WARM_UP_ORDERS = { node: 2_000, python: 100 };
/** Milliseconds for which /health is asked while a request is stuck. */
const STUCK_MS = 1_000;
const CONNECTIONS = 8;

function orderAt(action: 'BUY' | 'SELL', limitPrice: number, tif = 'DAY'): string {
  return JSON.stringify({ symbol: 'AAPL', action, quantity: 1, orderType: 'LMT', limitPrice, tif });
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
  /** /health while a request to the gateway is stuck. */
  readonly stuck: LoadResult;
}

interface Asked {
  readonly name: string;
  readonly path: string;
  /** Of an order; the others are asked by GET. */
  readonly bodies?: readonly string[];
}

const PAGES = ['/ping', '/health', '/quote?symbol=AAPL', '/executions'];
const LOADS: readonly Asked[] = [
  ...PAGES.map((path) => ({ name: path, path })),
  { name: '/order, not filled', path: '/order', bodies: NOT_FILLED },
  { name: '/order, filled', path: '/order', bodies: FILLED },
];

/**
 * The bridge beside its forerunner's design, Flask and ib_async behind one lock, on three servers: one after the
 * other, each with a gateway of its own. Pacing is off for all.
 */
export async function benchBridge(rounds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  try {
    const figures: Figures[] = [];
    const ask = await asker();
    const [bridge, ...peers] = await contenders(folder);
    for (const contender of [bridge, ...peers])
      figures.push(await measured(contender, ask, rounds * LOAD_MS));
    const faults = await benchFaults({
      ...{ command: bridge.command, headers: HEADERS, order: orderAt('BUY', 50), ask },
      env: { ...process.env, ...bridge.env?.(0) },
    });
    return [report(figures), await paced(bridge), faults].join('\n\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  { name, command, env }: Contender,
  ask: Asker,
  milliseconds: number,
): Promise<Figures> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const [file = '', ...args] = command(gateway.port, http);
  const runtime = file === process.execPath ? 'node' : 'python';
  const started = performance.now();
  const child = spawn(file, args, {
    env: { ...process.env, ...env?.(gateway.port) },
    stdio: ['ignore', 'ignore', runtime === 'node' ? 'inherit' : 'ignore'],
  });
  try {
    const startMs = (await readyAt(url)) - started;
    const idleMb = await memory(child);
    const loads: Record<string, Measured> = {};
    for (const { name: asked, path, bodies } of LOADS) {
      const all = { url: `${url}${path}`, headers: HEADERS, connections: CONNECTIONS };
      const orders = bodies && ({ ...all, method: 'POST', bodies } as const);
      if (orders) await load({ ...orders, requests: WARM_UP_ORDERS[runtime] });
      else await ask({ ...all, milliseconds: WARM_UP_MS });
      const before = await cpu(child);
      const result = await (orders ? load({ ...orders, milliseconds }) : ask({ ...all, milliseconds }));
      loads[asked] = { ...result, cpuUs: ((await cpu(child)) - before) / result.requests };
    }
    const loadedMb = await memory(child);
    const stuck = await whileStuck(url, controlPort);
    return { name, startMs, idleMb, loadedMb, loads, stuck };
  } finally {
    await end(child);
    gateway.stop();
  }
}

/** One request the gateway never answers, and /health asked over one connection meanwhile. */
async function whileStuck(url: string, controlPort: number): Promise<LoadResult> {
  await fetch(`http://127.0.0.1:${controlPort}/faults`, {
    method: 'POST',
    body: JSON.stringify({ name: 'request-never-answers', request: 'reqExecutions' }),
    headers: { 'Content-Type': 'application/json' },
  });
  const stuck = fetch(`${url}/executions`, { headers: HEADERS }).catch(() => {});
  await sleep(500);
  const result = await load({ url: `${url}/health`, connections: 1, milliseconds: STUCK_MS });
  await stuck;
  return result;
}

/** Orders in a burst at a gateway that counts as IBKR does: how many a second, and whether one was over the limit. */
async function paced({ pacedCommand, env }: Bridge): Promise<string> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const [file = '', ...args] = pacedCommand(gateway.port, http);
  const environment = { ...process.env, ...env?.(gateway.port) };
  const child = spawn(file, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await readyAt(url);
    const fault = { method: 'POST', body: JSON.stringify({ name: 'pacing' }) };
    const counting = await fetch(`http://127.0.0.1:${controlPort}/faults`, fault);
    if (!counting.ok) throw new Error(`the gateway does not count: ${await counting.text()}`);
    const how = { method: 'POST', bodies: FILLED, headers: HEADERS, connections: CONNECTIONS } as const;
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

function report(figures: readonly Figures[]): string {
  const rates = LOADS.map(({ name }) => [
    `${name}: a second, p50 / p99 ms`,
    ...figures.map(({ loads }) => cell(loads[name])),
  ]);
  const costs = LOADS.map(({ name }) => [
    `${name}: CPU µs`,
    ...figures.map(({ loads }) => loads[name]?.cpuUs.toFixed(0) ?? ''),
  ]);
  const rows = [
    ...rates,
    ...costs,
    ['start to ready, ms', ...figures.map(({ startMs }) => startMs.toFixed(0))],
    [
      'memory idle / loaded, MB',
      ...figures.map(({ idleMb, loadedMb }) => `${idleMb.toFixed(0)} / ${loadedMb.toFixed(0)}`),
    ],
    [
      '/health, one request stuck: p99 ms of how many',
      ...figures.map(({ stuck }) => `${stuck.p99.toFixed(1)} of ${stuck.requests}`),
    ],
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
