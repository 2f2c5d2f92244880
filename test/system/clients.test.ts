import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { simulator } from '../support/simulator.ts';
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
  readonly connectSeconds?: number;
}

const script = (name: string) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

// The version each agrees on is the lower of its own highest and 200.
describe.each([
  ['ib_async 2.1.0', TWS_CLIENTS.ibAsync, 'modern.py', 178],
  ['ibapi 9.81.1', TWS_CLIENTS.ibapiOld, 'official.py', 157],
  ['ibapi 10.30', TWS_CLIENTS.ibapiStable, 'official.py', 187],
  ['ibapi 10.51', TWS_CLIENTS.ibapiLatest, 'official.py', 200],
] as const)('%s', (_, distribution, file, version) => {
  const environment = usePart(() => ensurePython(distribution));

  test('reads contract details and fills a market order, and nothing fails to decode', async () => {
    const sim = await simulator();
    const run = await sh`${environment().python} ${script(file)} 127.0.0.1 ${String(sim.port)} 11`;
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
    expect(sim.events.filter(({ kind }) => kind === 'problem')).toEqual([]);
  });
});
