import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of the bridge. */
export const bridge: readonly Mistake[] = [
  [
    'an unknown key far from all',
    written('simulated', { bridge: { zzzzzz: true } }),
    'bridge.zzzzzz: is no key; got true',
  ],
  [
    'memory below what a service needs to start',
    written('simulated', { bridge: { memoryMb: 32 } }),
    'bridge.memoryMb: must be a whole number from 96 to 2048 MB; got 32',
  ],
  [
    'no room at all for what is over',
    written('simulated', { bridge: { pastMb: 0 } }),
    'bridge.pastMb: must be a whole number from 1 to 1000000 MB; got 0',
  ],
  [
    'a symbol in small letters',
    written('simulated', { bridge: { orders: { symbols: ['aapl'] } } }),
    'bridge.orders.symbols.0: must be a symbol in capitals, such as AAPL; got "aapl"',
  ],
  [
    'a limit that is none',
    written('simulated', { bridge: { orders: { maxNotional: 0 } } }),
    'bridge.orders.maxNotional: must be a whole number from 1 to 1000000000000; got 0',
  ],
  [
    'live trading by the wrong key',
    written('simulated', { bridge: { liveTrading: true } }),
    'bridge.liveTrading: is no key; got true',
  ],
  [
    'a client id that means the master',
    written('simulated', { bridge: { clientId: 0 } }),
    'bridge.clientId: must be a whole number from 1 to 2147483647; got 0',
  ],
];
