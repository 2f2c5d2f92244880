import type { Clock } from '../clock.ts';
import { LibraryClient } from './gateway-client.ts';
import type { HistoryLog } from './history-log.ts';
import { HistoryBudget } from './history-pacing.ts';
import type { PacingBudget } from './pacing.ts';
import type { ConnectGateway } from './types.ts';

export interface ConnectorOptions {
  readonly clock: Clock;
  readonly pacing: PacingBudget;
  /** Take delayed data where live data is not subscribed. */
  readonly delayedData?: boolean;
  /** What was asked of the historical service before; nothing if not given. */
  readonly historyLog?: HistoryLog;
}

/** Makes connections that share one clock and one pacing budget, that of historical data included. */
export function gatewayConnector(options: ConnectorOptions): ConnectGateway {
  const { clock, pacing, delayedData = false, historyLog } = options;
  const parts = { clock, pacing, delayedData, historyPacing: new HistoryBudget(clock, pacing, historyLog) };
  return (options, listener) => new LibraryClient(options, listener, parts);
}
