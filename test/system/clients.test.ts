import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fromWednesday, simulator } from '../support/simulator.ts';
import { ensurePython, TWS_CLIENTS } from './parts/python.ts';
import { sh } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

/** What each script prints. */
interface Seen {
  readonly serverVersion: number;
  readonly accounts: string;
  readonly conId: number;
  readonly longName: string;
  readonly statuses: string[];
  readonly executions: [shares: number, price: number][];
  readonly commissions: number[];
  readonly errors: unknown[];
  readonly finished: boolean;
}

/** What a tour finds when all is well. */
const TOURS = {
  official: (serverVersion: number) => ({
    serverVersion,
    contracts: [265598, 'APPLE INC', 3691937, 200],
    history: true,
    quotes: true,
    account: [2, 2],
    orders: [1, 2, 4, 6],
    errors: [],
  }),
  modern: () => ({
    option: ['AMZN', true],
    symbols: 11,
    marketRule: 0.01,
    depthExchanges: true,
    bars: Object.fromEntries(
      'TRADES MIDPOINT BID ASK BID_ASK ADJUSTED_LAST HISTORICAL_VOLATILITY OPTION_IMPLIED_VOLATILITY'
        .split(' ')
        .map((kind) => [kind, true]),
    ),
    days: [true, true],
    head: '2005',
    ...Object.fromEntries(
      'kept level1 snapshot depth Last AllLast BidAsk MidPoint greeks delayed realTimeBars summary pnl market stop bracket cancel globalCancel'
        .split(' ')
        .map((part) => [part, true]),
    ),
    positions: 2,
    portfolio: 2,
    whatIf: [1, 500],
    modified: 101,
    executions: 2,
    completed: 6,
    errors: [],
  }),
};

const script = (name: string) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

// The version each agrees on is the lower of its own highest and 200.
describe.each([
  ['ib_async 2.1.0', TWS_CLIENTS.ibAsync, 'modern', 178],
  ['ibapi 9.81.1', TWS_CLIENTS.ibapiOld, 'official', 157],
  ['ibapi 10.30', TWS_CLIENTS.ibapiStable, 'official', 187],
  ['ibapi 10.51', TWS_CLIENTS.ibapiLatest, 'official', 200],
] as const)('%s', (_, distribution, kind, version) => {
  const environment = usePart(() => ensurePython(distribution));

  test('reads contract details and fills a market order, and nothing fails to decode', async () => {
    const sim = await simulator();
    const run = await sh`${environment().python} ${script(`${kind}.py`)} 127.0.0.1 ${String(sim.port)} 11`;
    const story = `${run.stderr}\n${sim.events.map(({ text }) => text).join('\n')}`;
    const seen = JSON.parse(run.stdout) as Seen;
    expect(seen, story).toMatchObject({ serverVersion: version, conId: 265598, longName: 'APPLE INC' });
    expect(seen.accounts).toMatch(/^DU\d{7}$/);
    expect(seen.finished, story).toBe(true);
    expect(seen.statuses).toEqual(expect.arrayContaining(['PreSubmitted', 'Submitted', 'Filled']));
    expect(seen.executions, story).toEqual([[10, expect.closeTo(260, -2)]]);
    expect(seen.commissions).toEqual([1]);
    expect(seen.errors, story).toEqual([]);
    expect(run.stderr, 'what the library logged').toBe('');
    expect(sim.events.filter((event) => event.kind === 'problem')).toEqual([]);
  });

  test('finds everything a trading program asks for, and nothing fails to decode', async () => {
    const sim = await simulator({ tickMs: 50, clock: fromWednesday() });
    const run =
      await sh`${environment().python} ${script(`${kind}_tour.py`)} 127.0.0.1 ${String(sim.port)} 12`;
    const story = `${run.stderr}\n${sim.events.map(({ text }) => text).join('\n')}`;
    expect(JSON.parse(run.stdout), story).toEqual(TOURS[kind](version));
    expect(run.stderr, 'what the library logged').toBe('');
    expect(sim.events.filter((event) => event.kind === 'problem')).toEqual([]);
  });
});
