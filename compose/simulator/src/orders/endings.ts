import { hasEnded, type Order } from './order.ts';
import { describe, type OrderParts } from './parts.ts';

/** How long the exchange takes to cancel, milliseconds. */
const CANCEL = 20;

/** How orders end: filled, cancelled by their client, by time, or by the fill of another. */
export class Endings {
  readonly #parts: OrderParts;

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  /** Cancels an order that has not ended: a pending cancel, the cancel, then code 202. */
  cancel(order: Order, reason = ''): void {
    if (hasEnded(order) || order.status === 'PendingCancel') return;
    const wasHeld = order.status === 'Held';
    order.status = 'PendingCancel';
    // What was never transmitted is not known to anyone but its client: it goes at once.
    if (!wasHeld) this.#parts.publisher.statusOnly(order);
    this.#parts.scope.after(CANCEL, () => this.#cancelled(order, reason));
  }

  filled(order: Order): void {
    this.#end(order, 'Filled', '');
  }

  /** What the end of one order means to others: a filled one cancels its rivals. */
  settle(order: Order): void {
    for (const rival of this.#parts.book.rivals(order)) this.cancel(rival);
  }

  #cancelled(order: Order, reason: string): void {
    this.#end(order, 'Cancelled', reason);
    this.#parts.publisher.statusOnly(order);
    this.#parts.publisher.error(order, 202, `Order Canceled - reason:${reason}`);
    for (const child of this.#parts.book.children(order)) this.cancel(child);
  }

  #end(order: Order, status: 'Filled' | 'Cancelled', reason: string): void {
    order.status = status;
    order.reason = reason || (status === 'Cancelled' ? 'Cancelled by Trader' : '');
    order.endedAt = this.#parts.clock.now();
    this.#parts.book.retire(order);
    this.#parts.say('order', () => {
      const how = status === 'Filled' ? `filled at ${order.avgFillPrice}` : `cancelled. ${order.reason}`;
      return `${describe(order)}: ${how}`;
    });
  }
}
