import { createHash } from 'node:crypto';
import type { ContractQuery, OrderStatusUpdate, OrderTicket } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import { nameOf } from './contracts.ts';
import type { BookedOrder } from './order-book.ts';

/** An order as a client asks for it. */
export interface OrderRequest extends ContractQuery {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: 'LMT' | 'MKT';
  readonly limitPrice?: number;
  readonly tif: string;
  readonly account?: string;
}

/** The order, unless it was rejected. @throws BridgeError `order-rejected` with the gateway's reason. */
export function accepted(order: BookedOrder): BookedOrder {
  if (!order.rejection) return order;
  throw new BridgeError('order-rejected', order.rejection.message, { ib: order.rejection });
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
  const { action, quantity, orderType, limitPrice, tif } = request;
  return {
    action,
    quantity,
    orderType,
    tif,
    account,
    orderRef,
    ...(limitPrice !== undefined && { limitPrice }),
  };
}

/** Of the request as validated, so that spelling out a default is the same order as leaving it out. */
export function fingerprintOf(request: OrderRequest): string {
  const members = Object.entries(request).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(members)).digest('hex');
}

/** The line for what became of an order. */
export function lineOf(order: BookedOrder): string {
  const { contract, ticket, orderId } = order.written;
  const what = `${ticket.action} ${ticket.quantity} ${nameOf(contract)} ${ticket.orderType}`;
  const price = ticket.limitPrice === undefined ? '' : ` ${ticket.limitPrice}`;
  const said = order.rejection ?? order.advice;
  const reason = said ? ` (${said.code}: ${said.message})` : '';
  return `order ${orderId} ${what}${price}: ${order.status}${reason}`;
}
