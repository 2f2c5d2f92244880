import { goalLine, table } from './figures.ts';
import type { LoadResult } from './load.ts';

/** With the microseconds of CPU a request cost: what else the machine does hardly changes them. */
export interface Measured extends LoadResult {
  readonly cpuUs: number;
}

/** What came out for one contender. */
export interface Figures {
  readonly name: string;
  readonly startMs: number;
  readonly idleMb: number;
  readonly loadedMb: number;
  /** By the name of what was asked. */
  readonly loads: Readonly<Record<string, Measured>>;
  /** /health while a request to the gateway is stuck. */
  readonly stuck: LoadResult;
}

/** A burst of orders within IBKR's limit. */
export interface Paced {
  readonly perSecond: number;
  readonly failed: number;
  /** Whether the gateway, which counts as IBKR does, saw no message over the limit. */
  readonly kept: boolean;
}

/** All figures as a table, and each goal with what was reached. */
export function report(figures: readonly Figures[], paced: Paced): string {
  const [ours, ...peers] = figures;
  if (!ours) return '';
  return [
    table(['', ...figures.map(({ name }) => name)], rowsOf(ours, figures)),
    '',
    ...(peers.length > 0
      ? againstPeers(ours, peers)
      : ['no peers were here, and so none of the goals against them']),
    ...byItself(ours),
    pacedLine(paced),
  ].join('\n');
}

function rowsOf(ours: Figures, all: readonly Figures[]): string[][] {
  const asked = Object.keys(ours.loads);
  return [
    ...asked.map((name) => [`${name}: a second, p50 / p99 ms`, ...all.map(({ loads }) => cell(loads[name]))]),
    ...asked.map((name) => [
      `${name}: CPU µs`,
      ...all.map(({ loads }) => loads[name]?.cpuUs.toFixed(0) ?? ''),
    ]),
    ['start to ready, ms', ...all.map(({ startMs }) => startMs.toFixed(0))],
    [
      'memory idle / loaded, MB',
      ...all.map(({ idleMb, loadedMb }) => `${idleMb.toFixed(0)} / ${loadedMb.toFixed(0)}`),
    ],
    [
      '/health, one request stuck: p99 ms of how many',
      ...all.map(({ stuck }) => `${stuck.p99.toFixed(1)} of ${stuck.requests}`),
    ],
  ];
}

function cell(result: Measured | undefined): string {
  if (!result) return '';
  const failed = result.failed > 0 ? ` (${result.failed} failed)` : '';
  return `${result.perSecond.toFixed(0)}, ${result.p50.toFixed(1)} / ${result.p99.toFixed(1)}${failed}`;
}

/**
 * The goals are figures of one machine, where the fastest peer answered 1100 orders a second and 2000 were wanted, and
 * the quickest was ready in 0.2 s and 0.15 were wanted. On another machine the same goals are ratios to the peers.
 */
function againstPeers(ours: Figures, peers: readonly Figures[]): string[] {
  const fastest = (name: string) => Math.max(...peers.map(({ loads }) => loads[name]?.perSecond ?? 0));
  const ofPeer = (name: string, share: number) =>
    goalLine({
      name: `${name} a second, fastest peer / bridge`,
      cost: fastest(name),
      share,
      of: ours.loads[name]?.perSecond ?? Number.NaN,
    });
  return [
    ofPeer('/health', 1 / 10),
    ...Object.keys(ours.loads)
      .filter((name) => name.startsWith('/order'))
      .map((name) => ofPeer(name, 1_100 / 2_000)),
    goalLine({
      name: 'start to ready, bridge / quickest peer',
      cost: ours.startMs,
      share: 0.15 / 0.2,
      of: Math.min(...peers.map(({ startMs }) => startMs)),
    }),
  ];
}

/** What no machine makes smaller than it is. */
function byItself({ idleMb, loadedMb, stuck }: Figures): string[] {
  return [
    goalLine({ name: 'memory idle, MB', cost: idleMb, share: 75, of: 1 }),
    goalLine({ name: 'memory loaded, MB', cost: loadedMb, share: 100, of: 1 }),
    goalLine({ name: '/health with one request stuck, p99 ms', cost: stuck.p99, share: 10, of: 1 }),
  ];
}

function pacedLine({ perSecond, failed, kept }: Paced): string {
  const met = perSecond >= 45 && kept && failed === 0 ? 'met' : 'missed';
  const limit = kept ? 'the limit kept' : 'the limit BREACHED';
  return `goal: 500 orders, 8 at once, at IBKR's 50 messages a second: at least 45 a second, are ${perSecond.toFixed(2)}, ${failed} failed, ${limit}: ${met}`;
}
