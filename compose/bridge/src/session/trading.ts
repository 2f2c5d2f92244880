import type { Commission, Execution, OrderStatusUpdate } from '../client/types.ts';
import type { IbMessage } from '../errors.ts';

/** What orders and executions want to hear from the gateway. Order ids belong to a client id. */
export interface TradingListener {
  orderStatus(update: OrderStatusUpdate): void;
  orderError(clientId: number, orderId: number, message: IbMessage): void;
  execution(execution: Execution): void;
  commission(commission: Commission): void;
}
