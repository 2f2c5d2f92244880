import { hash } from 'node:crypto';
import { maskAccounts } from '../../../../tws/accounts.ts';
import type { OrderType } from '../client/order-types.ts';
import type { ContractQuery, OrderStatusUpdate, OrderTicket } from '../client/types.ts';
import { BridgeError, type IbMessage, isKnownFailure } from '../errors.ts';
import { nameOf } from './contracts.ts';
import { type BookedOrder, isSettled } from './order-book.ts';
import type { OrderChange } from './order-recorder.ts';

/** An order as a client asks for it. */
export interface OrderRequest extends ContractQuery {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: OrderType;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly tif: string;
  readonly account?: string;
}

/** The order, unless it was rejected. @throws BridgeError `order-rejected` with the gateway's reason. */
export function accepted(order: BookedOrder): BookedOrder {
  if (!order.rejection) return order;
  throw new BridgeError('order-rejected', order.rejection.message, { ib: order.rejection });
}

/** What the gateway says of a cancel and not of its order: not in a state for it, not found, cannot be cancelled. */
export const CANCEL_REFUSALS: ReadonlySet<number> = new Set([161, 10147, 10148]);

/**
 * What an error about an order makes of it. Only a code known to be a failure, about an order that neither works nor
 * is over, rejects it. Everything else is advice: to call an order dead that lives would be worse than to wait for
 * its status.
 */
export function changeOf(order: BookedOrder, { code, message }: IbMessage): OrderChange {
  const rejects = isKnownFailure(code) && !CANCEL_REFUSALS.has(code) && !isSettled(order);
  return { type: rejects ? 'rejected' : 'advice', code, message: maskAccounts(message) };
}

/** An answer of the gateway to a what-if order as what it would be to the order itself. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof BridgeError) || error.code !== 'gateway-error' || !error.details.ib) return error;
  return new BridgeError('order-rejected', error.details.ib.message, { ib: error.details.ib });
}

/** The gateway repeats a status whenever it likes; only a change is worth a line. */
export function isNews(order: BookedOrder, update: OrderStatusUpdate): boolean {
  return (
    order.status !== update.status ||
    order.filled !== update.filled ||
    order.remaining !== update.remaining ||
    (update.permId !== 0 && order.permId !== update.permId)
  );
}

/** The order as it goes out; `orderRef` carries its key. */
export function ticketOf(request: OrderRequest, account: string, orderRef: string): OrderTicket {
  const { action, quantity, orderType, limitPrice, stopPrice, tif } = request;
  return {
    action,
    quantity,
    orderType,
    tif,
    account,
    orderRef,
    ...(limitPrice !== undefined && { limitPrice }),
    ...(stopPrice !== undefined && { stopPrice }),
  };
}

/** Of the request as validated, so that spelling out a default is the same order as leaving it out. */
export function fingerprintOf(request: OrderRequest): string {
  const members = Object.entries(request).sort(([left], [right]) => (left < right ? -1 : 1));
  return hash('sha256', JSON.stringify(members));
}

/** The line for what became of an order. */
export function lineOf(order: BookedOrder): string {
  const { contract, ticket, orderId } = order.written;
  const what = `${ticket.action} ${ticket.quantity} ${nameOf(contract)} ${ticket.orderType}`;
  const prices = [ticket.stopPrice, ticket.limitPrice].filter((each) => each !== undefined);
  const price = prices.length === 0 ? '' : ` ${prices.join(' ')}`;
  const said = order.rejection ?? order.advice;
  const reason = said ? ` (${said.code}: ${said.message})` : '';
  return `order ${orderId} ${what}${price}: ${order.status}${reason}`;
}
