import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { TradingMode } from '../safety.ts';
import type { AllExecutions } from '../session/all-executions.ts';
import type { Data } from '../session/data.ts';
import type { Executions } from '../session/executions.ts';
import type { Orders } from '../session/open-orders.ts';
import type { Session } from '../session/session.ts';
import type { Timings } from '../timings.ts';
import type { AddressReader } from './client-address.ts';
import type { ApiKey, KeyFinder } from './keys.ts';
import type { Metrics } from './metrics.ts';
import type { OpenStreams } from './open-streams.ts';
import type { Upgrade } from './ws/upgrade.ts';

/** What the routes are made of. They reach the gateway through the session only. */
export interface AppDeps {
  readonly session: Pick<Session, 'require' | 'snapshot' | 'connectNow'>;
  readonly orders: {
    readonly desk: Pick<Orders['desk'], 'place' | 'preview'>;
    readonly all: Pick<Orders['all'], 'list' | 'require'>;
    readonly cancels: Pick<Orders['cancels'], 'cancel'>;
  };
  readonly executions: Pick<Executions, 'refresh' | 'completeSince' | 'lastFailure'>;
  readonly allExecutions: Pick<AllExecutions, 'page'>;
  readonly data: Data;
  readonly metrics: Metrics;
  readonly streams: OpenStreams;
  readonly findKey: KeyFinder;
  readonly addressOf: AddressReader;
  /** Fixed facts for /health. */
  readonly about: {
    readonly gateway: string;
    readonly tradingMode: TradingMode;
    readonly releaseId: string | null;
    /** The switch of the bridge itself; the gateway has its own. */
    readonly readOnly: boolean;
  };
  readonly timings: Timings;
  readonly clock: Clock;
  readonly log: Logger;
  /** True once the bridge takes no new work. */
  readonly isClosing: () => boolean;
}

/** What travels with a request. */
export interface AppEnv {
  /** Absent in tests that ask the app without a server. */
  Bindings: {
    readonly incoming?: IncomingMessage;
    readonly outgoing?: ServerResponse;
    readonly upgrade?: Upgrade;
  };
  Variables: { requestId: string; apiKey?: ApiKey; upgraded?: true };
}
