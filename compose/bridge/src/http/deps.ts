import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Executions } from '../session/executions.ts';
import type { OrderDesk } from '../session/orders.ts';
import type { TradingMode } from '../session/safety.ts';
import type { Session } from '../session/session.ts';
import type { Timings } from '../timings.ts';
import type { ApiKey, KeyFinder } from './keys.ts';

/** What the routes are made of. They reach the gateway through the session only. */
export interface AppDeps {
  readonly session: Pick<Session, 'require' | 'snapshot'>;
  readonly orders: Pick<OrderDesk, 'place'>;
  readonly executions: Pick<Executions, 'refresh'>;
  readonly findKey: KeyFinder;
  /** Fixed facts for /health. */
  readonly about: {
    readonly gateway: string;
    readonly tradingMode: TradingMode;
    readonly releaseId: string | null;
  };
  readonly timings: Timings;
  readonly clock: Clock;
  readonly log: Logger;
  /** True once the bridge takes no new work. */
  readonly isClosing: () => boolean;
}

/** What travels with a request. */
export interface AppEnv {
  Variables: { requestId: string; apiKey?: ApiKey };
}
