import type { Order } from '@stoqey/ib/dist/api/order/order.js';
import type { OrderState } from '@stoqey/ib/dist/api/order/orderState.js';
import { isFailure } from '../errors.ts';
import { libraryContract, libraryOrder } from './convert.ts';
import { previewOf } from './convert-orders.ts';
import { EventName, type IBApi } from './library.ts';
import type { OrderPreview } from './order-types.ts';
import type { Requests } from './requests.ts';
import type { CallOptions, Contract, OrderTicket } from './types.ts';

/** What-if orders of one connection: they are answered and refused under their order id, and never sent on. */
export class Previews {
  readonly #api: IBApi;
  readonly #requests: Requests;
  /** The requests under way, by order id. */
  readonly #waiting = new Map<number, number>();

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
    api.on(EventName.error, (error: Error, code: number, orderId: number) => {
      const id = this.#waiting.get(orderId);
      if (id !== undefined && isFailure(code)) requests.refuse(id, { code, message: error.message });
    });
  }

  /** @throws BridgeError as Requests.open does; `gateway-error` with the reason when the order would be refused. */
  async ask(
    orderId: number,
    contract: Contract,
    ticket: OrderTicket,
    options: CallOptions,
  ): Promise<OrderPreview> {
    const asked = this.#requests.open<OrderPreview>(`what-if order ${orderId}`, options, (id) => {
      if (this.#waiting.size === 0) this.#api.on(EventName.openOrder, this.#answer);
      this.#waiting.set(orderId, id);
      this.#api.placeOrder(orderId, libraryContract(contract), { ...libraryOrder(ticket), whatIf: true });
    });
    const rows = await asked.finally(() => this.#over(orderId));
    return rows[0] as OrderPreview;
  }

  readonly #answer = (orderId: number, _contract: unknown, order: Order, state: OrderState): void => {
    const id = this.#waiting.get(orderId);
    if (id === undefined || !order.whatIf) return;
    this.#requests.row(id, previewOf(state));
    this.#requests.end(id);
  };

  #over(orderId: number): void {
    this.#waiting.delete(orderId);
    if (this.#waiting.size === 0) this.#api.off(EventName.openOrder, this.#answer);
  }
}
