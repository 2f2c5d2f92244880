import { AllOrders } from '../../../compose/bridge/src/session/all-orders.ts';
import type { OrderBook } from '../../../compose/bridge/src/session/order-book.ts';

/** Orders of which none is on the disk alone. */
export function allOrdersOf(book: OrderBook): AllOrders {
  const nothing = async () => undefined;
  return new AllOrders(book, { mayHave: () => false, find: nothing, ranges: [], valuesOf: async () => [] });
}
