import type { RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';

/** What a client said when it placed or modified an order. */
export type OrderRequest = RequestOf<'placeOrder'>;

/** The states of an order, as orderStatus names them. `Held` is our own: placed, but not transmitted yet. */
export type OrderStatus =
  | 'Held'
  | 'PreSubmitted'
  | 'Submitted'
  | 'PendingCancel'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive';

/** One order, changed only by the desk. */
export interface Order {
  readonly permId: number;
  readonly clientId: number;
  readonly orderId: number;
  readonly account: string;
  readonly contract: Contract;
  /** Replaced whole by a modification. */
  request: OrderRequest;
  status: OrderStatus;
  filled: number;
  avgFillPrice: number;
  lastFillPrice: number;
  /** A stop whose price was reached works like its limit or market part from then on. */
  triggered: boolean;
  /** The best price a trailing stop has seen. */
  trail: number | undefined;
  /** How often the market was looked at for it. */
  looks: number;
  /** Milliseconds since 1970. */
  placedAt: number;
  endedAt: number | undefined;
  /** Why it ended or is held, for completed orders and warnings. */
  reason: string;
}

/** One fill. */
export interface Execution {
  readonly execId: string;
  readonly order: Order;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly shares: number;
  readonly price: number;
  readonly exchange: string;
  readonly cumQty: number;
  readonly avgPrice: number;
  /** 1 added liquidity, 2 removed it. */
  readonly lastLiquidity: number;
  readonly commission: number;
  /** US dollars; undefined when nothing was closed. */
  readonly realized: number | undefined;
}

export function remaining(order: Order): number {
  return order.request.totalQuantity - order.filled;
}

/** In a state in which it may still fill. */
export function isWorking(order: Order): boolean {
  return order.status === 'PreSubmitted' || order.status === 'Submitted';
}

/** Filled, cancelled or refused: nothing changes it any more. */
export function hasEnded(order: Order): boolean {
  return order.status === 'Filled' || order.status === 'Cancelled' || order.status === 'Inactive';
}

/** 1 for an order that buys, -1 for one that sells (SELL, SSHORT, SLONG). */
export function direction(order: Order): 1 | -1 {
  return order.request.action === 'BUY' ? 1 : -1;
}
