import type { Contract } from '@stoqey/ib/dist/api/contract/contract.js';
import type { Order } from '@stoqey/ib/dist/api/order/order.js';
import type { OrderState } from '@stoqey/ib/dist/api/order/orderState.js';
import { reportedOrderOf } from './convert-orders.ts';
import { EventName, type IBApi } from './library.ts';
import type { ReportedOrder } from './order-types.ts';
import type { Requests } from './requests.ts';
import type { CallOptions } from './types.ts';

/** The questions of one connection for all open and all completed orders. Neither carries an id. */
export class OrderLists {
  readonly #api: IBApi;
  readonly #requests: Requests;
  readonly #open: UnnamedAnswer;
  readonly #completed: UnnamedAnswer;

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
    this.#open = new UnnamedAnswer(requests);
    this.#completed = new UnnamedAnswer(requests);
    this.#listen();
  }

  /** @throws BridgeError as Requests.open does. */
  open(options: CallOptions): Promise<ReportedOrder[]> {
    return this.#requests.open('open orders', options, (id) => {
      if (!this.#open.isAsked) this.#api.on(EventName.openOrder, this.#openRow);
      this.#open.asked(id);
      this.#api.reqAllOpenOrders();
    });
  }

  /** @throws BridgeError as Requests.open does. */
  completed(options: CallOptions): Promise<ReportedOrder[]> {
    return this.#requests.open('completed orders', options, (id) => {
      this.#completed.asked(id);
      this.#api.reqCompletedOrders(false);
    });
  }

  readonly #openRow = (orderId: number, contract: Contract, order: Order, state: OrderState): void => {
    if (!order.whatIf) this.#open.row(reportedOrderOf(orderId, contract, order, state));
  };

  #listen(): void {
    this.#api.on(EventName.openOrderEnd, () => {
      this.#open.end();
      if (!this.#open.isAsked) this.#api.off(EventName.openOrder, this.#openRow);
    });
    this.#api.on(EventName.completedOrder, (contract, order, state) =>
      this.#completed.row(reportedOrderOf(0, contract, order, state)),
    );
    this.#api.on(EventName.completedOrdersEnd, () => this.#completed.end());
  }
}

/**
 * The answer to a question without an id. A question that was given up may be answered late, while the next one
 * waits: half of that answer must not pass for a whole one, for an order missing from it would be called lost.
 */
class UnnamedAnswer {
  readonly #requests: Requests;
  #id = 0;
  /** Questions that were not answered to the end yet, given up or not. */
  #owed = 0;
  #begun = false;
  #belongsToAnother = false;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** An answer is still to come, or to end. */
  get isAsked(): boolean {
    return this.#owed > 0;
  }

  asked(id: number): void {
    this.#id = id;
    this.#owed += 1;
    this.#belongsToAnother = this.#begun;
  }

  /** An order that changes is told as a row too, whoever asks: without a question it is none. */
  row(row: unknown): void {
    if (this.#owed === 0) return;
    this.#begun = true;
    if (!this.#belongsToAnother) this.#requests.row(this.#id, row);
  }

  end(): void {
    const mine = !this.#belongsToAnother;
    this.#begun = false;
    this.#belongsToAnother = false;
    this.#owed = Math.max(0, this.#owed - 1);
    if (mine) this.#requests.end(this.#id);
  }
}
