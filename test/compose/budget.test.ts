import { describe, expect, it } from 'vitest';
import { budgetTable, memoryBudget } from '../../compose/budget.ts';
import { configOf } from './stacks.ts';

describe('the memory budget', () => {
  it.each(['gnzsnz', 'extrange'] as const)(
    'of %s fits 1 GB and 1 GB of swap, with the defaults',
    (dialect) => {
      const { host, totalMb } = memoryBudget(configOf(dialect));
      expect(host).toMatchObject({ ramMb: 1024, swapMb: 1024 });
      expect(totalMb).toBeLessThanOrEqual(2048);
    },
  );

  it.each(['gnzsnz', 'extrange', 'simulated'] as const)(
    'of %s lets the gateway be killed last',
    (dialect) => {
      const { rows } = memoryBudget(configOf(dialect));
      const killed = rows.filter((row) => row.killed !== undefined);
      expect(killed.sort((a, b) => (a.killed ?? 0) - (b.killed ?? 0)).map(({ name }) => name)).toEqual([
        'caddy',
        'bridge',
        'gateway',
      ]);
    },
  );

  it('is a table, with what was measured beside it', () => {
    const budget = memoryBudget(configOf('gnzsnz'), { system: 231.4, gateway: 590, caddy: 34.6 });
    expect(budgetTable(budget)).toEqual([
      'service  limit    measured  killed  made of',
      'system   320 MB   231 MB    -       kernel, Debian and the Docker engine',
      'gateway  640 MB   590 MB    last    JVM: heap 256 MB, 256 MB beside it; 128 MB for the rest',
      'bridge   160 MB   -         2.      Node, heap 96 MB',
      'caddy    96 MB    35 MB     first   Go, collected from 76 MB on',
      'total    1216 MB                    of 1024 MB and 1024 MB of swap: 832 MB left',
    ]);
  });

  it('of two gateways counts two JVMs', () => {
    const config = configOf('gnzsnz', {
      host: { machineType: 'e2-small' },
      gateway: { tradingMode: 'both', memoryMb: 1100 },
      bridge: { tradingMode: 'live' },
    });
    const gateway = memoryBudget(config).rows.find(({ name }) => name === 'gateway');
    expect(gateway?.made).toBe('2 JVMs: heap 256 MB, 256 MB beside it; 76 MB for the rest');
  });

  it('of a host nobody measured says so, and knows no services that are off', () => {
    const budget = memoryBudget(configOf('external', { services: { caddy: false } }));
    expect(budgetTable(budget).at(-1)).toBe('total    480 MB                    host.memoryMb is not given');
    expect(budget.rows.map(({ name }) => name)).toEqual(['system', 'bridge']);
  });
});
