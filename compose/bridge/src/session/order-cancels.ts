import { BridgeError } from '../errors.ts';
import type { Safety } from '../safety.ts';
import type { Timings } from '../timings.ts';
import type { AllOrders } from './all-orders.ts';
import { type BookedOrder, isFinal, type OrderBook } from './order-book.ts';
import { requireWritable } from './order-checks.ts';
import { CANCEL_REFUSALS } from './order-parts.ts';
import type { Session } from './session.ts';

export interface OrderCancelsOptions {
  readonly session: Pick<Session, 'require'>;
  readonly book: OrderBook;
  readonly all: Pick<AllOrders, 'require'>;
  readonly timings: Timings;
  readonly safety: Safety;
}

/** Cancels orders under the client id they were placed with: to the gateway an order id means nothing without it. */
export class OrderCancels {
  readonly #options: OrderCancelsOptions;

  constructor(options: OrderCancelsOptions) {
    this.#options = options;
  }

  /**
   * Sends the cancel and waits a bounded time for what comes of it; the order as it is then.
   * @throws BridgeError `order-unknown`; `order-ended`, `order-of-another-session` or `cancel-refused`, and nothing
   * is cancelled; the session's.
   */
  async cancel(id: string): Promise<BookedOrder> {
    const { session, book, all, timings, safety } = this.#options;
    requireWritable(safety);
    const order = await all.require(id);
    requireAlive(order, book);
    const { client, clientId } = session.require('trade');
    const { written } = order;
    if (written.clientId !== clientId) throw ofAnotherSession(order, clientId);
    await client.cancelOrder(written.orderId, { deadline: timings.request, priority: 'order' });
    const after = await book.until(id, timings.orderStatus, (now) => isFinal(now) || isRefused(now, order));
    if (isRefused(after, order)) throw refused(after);
    return after;
  }
}

/** An order that was not received is worth a cancel all the same: should the gateway have it, it must not live. */
function requireAlive(order: BookedOrder, book: Pick<OrderBook, 'get'>): void {
  if (!isFinal(order)) return;
  if (order.status === 'NotReceived' && book.get(order.written.id)) return;
  throw new BridgeError('order-ended', `order ${order.written.orderId} is ${order.status}`);
}

function ofAnotherSession({ written }: BookedOrder, clientId: number): BridgeError {
  const reason = `it was placed under client id ${written.clientId}, and the session has ${clientId}`;
  return new BridgeError('order-of-another-session', `order ${written.orderId}: ${reason}`);
}

/** The refusal came after the cancel was asked for: what was said before is still the same object. */
function isRefused(now: BookedOrder, before: BookedOrder): boolean {
  return now.advice !== undefined && now.advice !== before.advice && CANCEL_REFUSALS.has(now.advice.code);
}

function refused({ advice, written }: BookedOrder): BridgeError {
  const said = advice ? `: ${advice.message}` : '';
  return new BridgeError('cancel-refused', `order ${written.orderId}${said}`, {
    ...(advice && { ib: advice }),
  });
}
