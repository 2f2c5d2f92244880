import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Say } from '../events.ts';
import type { Market } from '../market/market.ts';
import type { Clock, Scope } from '../time/clock.ts';
import type { Book } from './book.ts';
import type { Order } from './order.ts';
import type { Publisher } from './publisher.ts';

/** What everything about orders works with. */
export interface OrderParts {
  readonly seed: number;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly say: Say;
  readonly market: Market;
  readonly accounts: Accounts;
  readonly publisher: Publisher;
  readonly book: Book;
  /** Called after every fill, with the account it was booked on. */
  readonly onFill: (account: Account) => void;
}

/** `client 1, order 5: BUY 10 AAPL MKT` */
export function describe(order: Order): string {
  const { action, totalQuantity, orderType, lmtPrice } = order.request;
  const { localSymbol } = order.contract;
  const price = lmtPrice ? ` ${lmtPrice}` : '';
  return `client ${order.clientId}, order ${order.orderId}: ${action} ${totalQuantity} ${localSymbol} ${orderType}${price}`;
}
