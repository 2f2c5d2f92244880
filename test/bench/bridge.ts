import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/port.ts';
import { type Bridge, type Contender, contenders, KEY, startContender } from './bridge-contenders.ts';
import { benchFaults } from './bridge-faults.ts';
import { type Figures, type Measured, type Paced, report } from './bridge-report.ts';
import { startTimes } from './bridge-starts.ts';
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
/** Milliseconds after which a message no longer counts against IBKR's limit, the bridge's slack included. */
const BUDGET_MS = 1_100;
const CONNECTIONS = 8;
const HEADING = `The bridge and its forerunner's design, ${CONNECTIONS} connections, pacing off`;

function orderAt(action: 'BUY' | 'SELL', limitPrice: number, tif = 'DAY'): string {
  return JSON.stringify({ symbol: 'AAPL', action, quantity: 1, orderType: 'LMT', limitPrice, tif });
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
    const all = [bridge, ...peers];
    const starts = await startTimes(all, rounds);
    for (const [index, contender] of all.entries()) {
      const startMs = starts[index] ?? Number.NaN;
      figures.push({ startMs, ...(await measured(contender, ask, rounds * LOAD_MS)) });
    }
    const order = orderAt('BUY', 50);
    const faults = await benchFaults({ contender: bridge, headers: HEADERS, order, ask });
    return [HEADING, report(figures, await paced(bridge)), faults].join('\n\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  contender: Contender,
  ask: Asker,
  milliseconds: number,
): Promise<Omit<Figures, 'startMs'>> {
  const { name, runtime } = contender;
  return serving(contender, async ({ url, controlPort, child }) => {
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
    return { name, idleMb, loadedMb, loads, stuck };
  });
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

/**
 * Orders in a burst at a gateway that counts as IBKR does: how many a second, and whether one was over the limit. After
 * one order, for the contract's details are asked once; what that took of the budget is free again by then.
 */
async function paced(bridge: Bridge): Promise<Paced> {
  const contender = { ...bridge, command: bridge.pacedCommand };
  return serving(contender, async ({ url, controlPort }) => {
    const fault = { method: 'POST', body: JSON.stringify({ name: 'pacing' }) };
    const counting = await fetch(`http://127.0.0.1:${controlPort}/faults`, fault);
    if (!counting.ok) throw new Error(`the gateway does not count: ${await counting.text()}`);
    const orders = { url: `${url}/order`, method: 'POST', bodies: FILLED, headers: HEADERS } as const;
    await load({ ...orders, connections: 1, requests: 1 });
    await sleep(BUDGET_MS);
    const { perSecond, failed } = await load({ ...orders, connections: CONNECTIONS, requests: 500 });
    const health = (await (await fetch(`${url}/health`)).json()) as { lastIbErrorCode?: number };
    return { perSecond, failed, kept: health.lastIbErrorCode !== PACING_BREACHED };
  });
}

/** What a gateway says of a message over the limit: max rate of messages per second has been exceeded. */
const PACING_BREACHED = 100;

interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  /** Of its gateway. */
  readonly controlPort: number;
}

/** A contender that is ready, at a gateway of its own, for as long as it is used. */
async function serving<T>(contender: Contender, use: (at: Serving) => Promise<T>): Promise<T> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const child = startContender(contender, gateway.port, http);
  try {
    await readyAt(url);
    return await use({ url, child, controlPort });
  } finally {
    await end(child);
    gateway.stop();
  }
}
