import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of the trading mode, which concerns host, gateway and bridge together. */
export const tradingModes: readonly Mistake[] = [
  [
    'a trading mode that is none',
    written('gnzsnz', { gateway: { tradingMode: 'demo' } }),
    'gateway.tradingMode: must be one of paper, live, both; got "demo"',
  ],
  [
    'both trading modes below 2 GB',
    written('gnzsnz', {
      gateway: { tradingMode: 'both', memoryMb: 1024 },
      bridge: { tradingMode: 'live' },
    }),
    'gateway.tradingMode: must be paper or live on a host below 2048 MB (this one has 1024 MB); got "both"',
  ],
  [
    'both trading modes where nobody said how much memory there is',
    {
      ...written('gnzsnz', {
        gateway: { tradingMode: 'both', memoryMb: 1100 },
        bridge: { tradingMode: 'live' },
      }),
      host: { kind: 'local', dataDir: '/srv/gatehouse' },
    },
    'host.memoryMb: must be given with gateway.tradingMode both; got nothing',
  ],
  [
    'both trading modes and a bridge that is not told which to use',
    written('gnzsnz', {
      host: { machineType: 'e2-medium' },
      gateway: { tradingMode: 'both', memoryMb: 1100 },
    }),
    'bridge.tradingMode: must be paper or live with gateway.tradingMode both; got nothing',
  ],
  [
    'both trading modes in the memory of one',
    written('gnzsnz', {
      host: { machineType: 'e2-medium' },
      gateway: { tradingMode: 'both' },
      bridge: { tradingMode: 'paper' },
    }),
    'gateway.memoryMb: must be at least 1024 MB: the heap and 256 MB beside it, twice; got 640',
  ],
  [
    'both trading modes of an image that has one',
    written('extrange', { gateway: { tradingMode: 'both' } }),
    'gateway.tradingMode: must be one of paper, live; got "both"',
  ],
  [
    'a bridge with a trading mode of its own',
    written('gnzsnz', { bridge: { tradingMode: 'live' } }),
    'bridge.tradingMode: is only for gateway.tradingMode both: it follows the gateway; got "live"',
  ],
];
