import type { Account } from '../accounts/account.ts';
import type { Contract } from '../contracts/contract.ts';
import type { Book } from './book.ts';
import { Endings } from './endings.ts';
import { Floor } from './floor.ts';
import type { Order, OrderRequest } from './order.ts';
import { describe, type OrderParts } from './parts.ts';

/** What an order is made of, checked by the rules before. */
export interface NewOrder {
  readonly clientId: number;
  readonly contract: Contract;
  readonly account: Account;
  readonly request: OrderRequest;
}

/** Where orders come in: placed, modified, transmitted, cancelled. */
export class Desk {
  readonly book: Book;
  readonly #parts: OrderParts;
  readonly #endings: Endings;
  readonly #floor: Floor;

  constructor(parts: OrderParts) {
    this.#parts = parts;
    this.book = parts.book;
    this.#endings = new Endings(parts);
    this.#floor = new Floor(parts, this.#endings);
  }

  /** Makes an order without placing it: what a what-if reports on. */
  draft({ clientId, contract, account, request }: NewOrder): Order {
    return {
      permId: request.whatIf ? 0 : this.book.nextPermId(),
      clientId,
      orderId: request.orderId,
      account: account.code,
      contract,
      request,
      status: request.whatIf ? 'PreSubmitted' : 'Held',
      filled: 0,
      avgFillPrice: 0,
      lastFillPrice: 0,
      triggered: false,
      trail: undefined,
      looks: 0,
      placedAt: this.#parts.clock.now(),
      endedAt: undefined,
      reason: '',
    };
  }

  /** Takes an order in; it stays silent until it, or another of its bracket, is transmitted. */
  place(order: Order): void {
    this.book.add(order);
    this.#parts.say(
      'order',
      () => `${describe(order)}: placed${order.request.transmit ? '' : ', not transmitted'}`,
    );
    if (order.request.transmit) this.#transmit(order);
  }

  modify(order: Order, request: OrderRequest): void {
    order.request = request;
    this.#parts.say('order', `${describe(order)}: modified`);
    if (order.status !== 'Held') this.#parts.publisher.status(order);
    else if (request.transmit) this.#transmit(order);
  }

  cancel(order: Order): void {
    this.#endings.cancel(order);
  }

  /** Cancels every order of every client, as reqGlobalCancel does. */
  cancelAll(): void {
    for (const order of this.book.open()) this.#endings.cancel(order);
  }

  /** Transmitting one order of a bracket transmits its parent and the parent's other children. */
  #transmit(order: Order): void {
    const { parentId } = order.request;
    const parent = parentId === 0 ? undefined : this.book.find(order.clientId, parentId);
    const family = parent ? [parent, ...this.book.children(parent)] : [order];
    for (const member of new Set([...family, order])) {
      if (member.status === 'Held') this.#submit(member);
    }
  }

  #submit(order: Order): void {
    order.status = 'PreSubmitted';
    this.#parts.publisher.status(order);
    if (!this.#floor.isOpen(order)) this.#warnOfHours(order);
    this.#floor.take(order);
  }

  #warnOfHours(order: Order): void {
    const { action, totalQuantity } = order.request;
    const { symbol, primaryExch, tradingClass } = order.contract;
    const what = `${action} ${totalQuantity} ${symbol} ${primaryExch}.${tradingClass}`;
    const text = `Order Message:\n${what}\nWarning: your order will not be placed at the exchange until the market opens`;
    this.#parts.publisher.error(order, 399, text);
  }
}
