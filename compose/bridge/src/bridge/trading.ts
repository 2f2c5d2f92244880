import { gatewayConnector } from '../client/connector.ts';
import { historyLogFile } from '../client/history-log.ts';
import { PacingBudget } from '../client/pacing.ts';
import type { AllExecutions } from '../session/all-executions.ts';
import { Contracts } from '../session/contracts.ts';
import { type Data, openData } from '../session/data.ts';
import { describeExecution } from '../session/execution-parts.ts';
import type { Executions } from '../session/executions.ts';
import { marketPrice } from '../session/market-price.ts';
import { openExecutions } from '../session/open-executions.ts';
import { type Orders, openOrders } from '../session/open-orders.ts';
import { ConnectionPool } from '../session/pool.ts';
import { Session, type SessionLifecycle } from '../session/session.ts';
import type { TradingListener } from '../session/trading.ts';
import type { Settings } from './settings.ts';

/** Everything behind the HTTP side. */
export interface Trading {
  readonly session: Session;
  readonly orders: Orders;
  readonly executions: Executions;
  readonly allExecutions: AllExecutions;
  readonly data: Data;
  readonly pool: ConnectionPool;
  readonly pacing: PacingBudget;
  /** What is written down and must be flushed at the end. */
  readonly journals: readonly { close(): Promise<void> }[];
}

/** The session and what trades through it. They know each other only by the listener between them. */
export async function openTrading(settings: Settings): Promise<Trading> {
  const { clock, onEvent } = settings;
  const { executions, allExecutions, executionKeeping } = await openExecutions({
    ...settings,
    masterClientId: settings.masterClientId ?? settings.clientId,
  });
  const trading: TradingListener = {
    orderStatus: (update) => orders.desk.orderStatus(update),
    orderError: (clientId, orderId, message) => orders.desk.orderError(clientId, orderId, message),
    execution: (execution) => {
      if (executions.take(execution)) onEvent(describeExecution(execution, clock));
    },
    commission: (commission) => executions.takeCommission(commission),
  };
  const pacing = new PacingBudget(clock, settings.pacing);
  const historyLog = historyLogFile(settings.dataDir, (error) =>
    settings.log.warn({ error: error.message }, 'requests for historical data are not remembered'),
  );
  const connect = gatewayConnector({ ...settings, pacing, historyLog });
  const lifecycle: SessionLifecycle = {
    ready(link) {
      executions.follow(link);
      orders.reconciler.begin(link);
      data.feeds.ready(link.client);
    },
    notice: (message) => data.feeds.notice(message),
    restored: (link) => orders.reconciler.begin(link),
    ended() {
      executions.unfollow();
      orders.reconciler.end();
    },
  };
  const session = new Session({ ...settings, connect, trading, lifecycle });
  const contracts = new Contracts(clock);
  const orders = await openOrders({
    ...settings,
    session,
    contracts,
    executions,
    priceOf: (contract) => marketPrice(contract, { ...settings, feeds: data.feeds }),
  });
  const pool = new ConnectionPool({ ...settings, connect });
  const data = await openData({ ...settings, session, contracts, pool });
  return {
    session,
    orders,
    executions,
    allExecutions,
    data,
    pool,
    pacing,
    journals: [orders.keeping, executionKeeping],
  };
}
