import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/port.ts';
import { type Contender, startContender } from './bridge-contenders.ts';
import { goalLine } from './figures.ts';
import type { LoadResult } from './load.ts';
import { answers, end, readyAt } from './process.ts';
import { promptSimulator } from './simulator.ts';
import type { Asker } from './wrk.ts';

/** The faults of test/bridge/fault-matrix.test.ts: in force before the bridge starts, or once its session stands. */
const AT_THE_START: Faults = {
  refuse: {},
  'waiting-for-2fa': {},
  'accept-then-close': {},
  mute: {},
  'mute-after-hello': {},
  'close-after-hello': { afterMs: 10 },
  'slow-login': { delayMs: 60_000 },
  'client-id-in-use': {},
  'no-next-valid-id': {},
};
const DURING_THE_SESSION: Faults = {
  'half-open': {},
  'slow-network': { delayMs: 60_000 },
  garbage: {},
  'cut-off-frame': {},
  restart: { downMs: 60_000 },
  'port-changed': {},
  'connection-lost': {},
  'server-broken': {},
  'nightly-reset': {},
  'farm-broken': { farm: 'secdef' },
  pacing: {},
  'request-never-answers': {},
  'request-fails': {},
  'no-subscription': {},
  'competing-session': {},
  'order-rejected': {},
};

type Faults = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that needs the gateway, asked all the while. */
const OTHERS = [
  '/contracts?symbol=MSFT',
  '/options/chain?symbol=AMZN',
  '/positions',
  '/account',
  '/quote?symbol=NVDA',
  '/history?symbol=TSLA&start=2026-11-02&end=2026-11-03',
  '/executions',
  '/orders',
];
/** Milliseconds under each fault, for each of the two pages. */
const LOAD_MS = 1_000;
/** Milliseconds for what the first request of a life alone waits for: the framework is loaded with it. */
const SETTLED_MS = 1_000;

export interface FaultsOptions {
  readonly contender: Contender;
  readonly headers: Readonly<Record<string, string>>;
  /** One order's body. */
  readonly order: string;
  readonly ask: Asker;
}

/** How late /ping and /health are at p99 while every class of endpoint is asked, under one fault after the other. */
export async function benchFaults(options: FaultsOptions): Promise<string> {
  const results: { fault: string; page: string; result: LoadResult }[] = [];
  for (const [fault, settings] of Object.entries({ ...AT_THE_START, ...DURING_THE_SESSION })) {
    for (const [page, result] of Object.entries(await under(fault, settings, options)))
      results.push({ fault, page, result });
  }
  const rows = ['/ping', '/health'].map((page) => {
    const of = results.filter((each) => each.page === page);
    const worst = of.reduce((one, other) => (other.result.p99 > one.result.p99 ? other : one));
    const samples = of.reduce((sum, { result }) => sum + result.requests, 0);
    const failed = of.reduce((sum, { result }) => sum + result.failed, 0);
    const goal = {
      name: `${page}, p99 ms at worst (${worst.fault})`,
      cost: worst.result.p99,
      share: 50,
      of: 1,
    };
    return `${goalLine(goal)}; ${samples} requests, ${failed} failed`;
  });
  const faults = new Set(results.map(({ fault }) => fault)).size;
  return [`Under ${faults} faults, every class of endpoint asked all the while:`, ...rows].join('\n');
}

async function under(
  fault: string,
  settings: object,
  options: FaultsOptions,
): Promise<Record<string, LoadResult>> {
  const controlPort = await freePort();
  const gateway = await promptSimulator(controlPort);
  const http = await freePort();
  const url = `http://127.0.0.1:${http}`;
  const control = `http://127.0.0.1:${controlPort}/faults`;
  const setFault = async () => {
    const set = await fetch(control, { method: 'POST', body: JSON.stringify({ name: fault, ...settings }) });
    if (!set.ok) throw new Error(`fault ${fault}: ${await set.text()}`);
  };
  const early = Object.hasOwn(AT_THE_START, fault);
  if (early) await setFault();
  const child = startContender(options.contender, gateway.port, http);
  const stop = new AbortController();
  try {
    if (early) await answers(`${url}/ping`);
    else await readyAt(url).then(setFault);
    const others = askAll(url, options, stop.signal);
    await sleep(SETTLED_MS);
    const results: Record<string, LoadResult> = {};
    for (const page of ['/ping', '/health']) {
      results[page] = await options.ask({ url: `${url}${page}`, connections: 1, milliseconds: LOAD_MS });
    }
    stop.abort();
    await others;
    return results;
  } finally {
    stop.abort();
    await end(child);
    gateway.stop();
  }
}

/** Each class on its own, a new request a moment after the last one's answer. */
async function askAll(url: string, { headers, order }: FaultsOptions, signal: AbortSignal): Promise<void> {
  const all: [string, RequestInit][] = [
    ...OTHERS.map((path): [string, RequestInit] => [path, {}]),
    ['/order', { method: 'POST', body: order }],
  ];
  const again = async ([path, init]: [string, RequestInit]) => {
    while (!signal.aborted) {
      await fetch(`${url}${path}`, { ...init, headers: { ...headers }, signal })
        .then((response) => response.text())
        .catch(() => {});
      await sleep(5);
    }
  };
  await Promise.all(all.map(again));
}
