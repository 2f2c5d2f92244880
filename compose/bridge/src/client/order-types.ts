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
