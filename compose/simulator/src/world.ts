import type { Accounts } from './accounts/accounts.ts';
import type { Say } from './events.ts';
import type { Faults } from './faults/faults.ts';
import type { Market } from './market/market.ts';
import type { Desk } from './orders/desk.ts';
import type { Door } from './server/door.ts';
import type { GatewayServer } from './server/server.ts';
import type { Sessions } from './server/sessions.ts';
import type { Clock, Scope } from './time/clock.ts';

/** Everything the answers to requests are made of. One simulator has one; nothing is shared between simulators. */
export interface World {
  readonly seed: number;
  readonly tradingMode: 'paper' | 'live';
  readonly readOnly: boolean;
  /** The client that sees every other client's orders and executions, if there is one. */
  readonly masterClientId: number | undefined;
  readonly clock: Clock;
  /** Timers that end with the simulator. */
  readonly scope: Scope;
  readonly say: Say;
  readonly market: Market;
  readonly accounts: Accounts;
  readonly desk: Desk;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly door: Door;
  readonly server: GatewayServer;
}
