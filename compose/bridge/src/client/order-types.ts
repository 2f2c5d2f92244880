import type { Contract } from './contract-types.ts';

export type OrderType = 'LMT' | 'MKT' | 'STP' | 'STP LMT';

/** From openOrder and completedOrder: what the gateway holds an order for. */
export interface ReportedOrder {
  /** 0 for a completed order: the gateway gives its permId only. */
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly conId: number;
  readonly action: string;
  readonly quantity: number;
  readonly status: string;
  /** Told of completed orders; an open one's comes with its orderStatus. */
  readonly filled?: number;
}

/** What an order would do to its account, from the openOrder of a what-if order. Absent: the gateway didn't say. */
export interface OrderPreview {
  readonly initialMargin: MarginChange;
  readonly maintenanceMargin: MarginChange;
  readonly equityWithLoan: MarginChange;
  readonly commission?: number;
  /** With a commission that depends on how the order fills. */
  readonly minCommission?: number;
  readonly maxCommission?: number;
  readonly commissionCurrency?: string;
  readonly warning?: string;
}

/** In the account's base currency. */
export interface MarginChange {
  readonly before?: number;
  readonly change?: number;
  readonly after?: number;
}

/** An order as it goes out. */
export interface OrderTicket {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: OrderType;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly tif: string;
  readonly account: string;
  /** The order's idempotency key: it comes back with every execution. */
  readonly orderRef: string;
}

/** From orderStatus; 0 in averageFillPrice means nothing was filled. */
export interface OrderStatusUpdate {
  readonly orderId: number;
  /** Whose order id it is: the master client hears of the orders of all clients. */
  readonly clientId: number;
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly averageFillPrice: number;
  readonly permId: number;
}

/** From execDetails. `time` is the gateway's own text, in its own time zone. */
export interface Execution {
  readonly execId: string;
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly account: string;
  readonly contract: Contract;
  readonly side: string;
  readonly price: number;
  readonly quantity: number;
  readonly time: string;
  readonly exchange: string;
  readonly orderRef: string;
}

/** From commissionReport, which comes apart from its execution; realizedPnl only for closing trades. */
export interface Commission {
  readonly execId: string;
  readonly commission: number;
  readonly currency: string;
  readonly realizedPnl?: number;
}
