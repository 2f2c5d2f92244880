import { randomUUID } from 'node:crypto';
import type { OrderPreview } from '../client/order-types.ts';
import type { CallOptions, Contract, OrderStatusUpdate, OrderTicket } from '../client/types.ts';
import { type Clock, isoTime } from '../clock.ts';
import { BridgeError, type IbMessage } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { AllOrders } from './all-orders.ts';
import type { Amount } from './day-totals.ts';
import type { BookedOrder, OrderBook } from './order-book.ts';
import { checkAmount, requireWritable } from './order-checks.ts';
import { accepted, changeOf, fingerprintOf, isNews, type OrderRequest, refusalOf } from './order-parts.ts';
import type { OrderRecorder } from './order-recorder.ts';
import type { WrittenOrder } from './order-records.ts';
import { type OrderAnswer, OrdersUnderWay } from './orders-under-way.ts';
import { type PrepareOptions, prepareOrder } from './prepare-order.ts';

export interface OrderDeskOptions extends PrepareOptions {
  readonly book: OrderBook;
  readonly all: Pick<AllOrders, 'mayHaveKey' | 'byKey'>;
  readonly recorder: OrderRecorder;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What an order would be, and do to its account. */
export interface PreviewAnswer {
  readonly contract: Contract;
  readonly ticket: OrderTicket;
  readonly preview: OrderPreview;
}

/** The fingerprint of an order that came without a key: no other is the same, and its id used as a key is refused. */
const NONE = '';

/** Places orders: each is written down before it is sent, and none is ever sent twice. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  readonly #underWay = new OrdersUnderWay();

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  /**
   * Places an order, or finds what became of the one with the same key.
   * @param key the client's Idempotency-Key; without one every call is a new order.
   * @throws BridgeError: before anything was written, all of order-checks.ts, contracts.ts and the session's;
   * `idempotency-key-reused`; `journal-failed`; `order-rejected` with the gateway's reason.
   */
  async place(request: OrderRequest, key?: string): Promise<OrderAnswer> {
    const fingerprint = key === undefined ? NONE : fingerprintOf(request);
    const known = key === undefined ? undefined : this.#find(key, fingerprint);
    if (known) return { order: accepted(await known), replayed: true };
    const id = randomUUID();
    const isOld = key !== undefined && this.#options.all.mayHaveKey(key);
    const placing = isOld
      ? this.#placeUnlessPast(request, id, key, fingerprint)
      : this.#placeNew(request, id, key ?? id, fingerprint);
    if (key !== undefined) this.#underWay.add(key, { fingerprint, placing });
    const { order, replayed } = await placing;
    return { order: accepted(order), replayed };
  }

  /**
   * What the order would do to its account. Nothing is written, nothing is sent on.
   * @throws BridgeError as `place` does; `order-rejected` when the gateway would refuse it.
   */
  async preview(request: OrderRequest): Promise<PreviewAnswer> {
    const { contract, ticket, amount } = await prepareOrder(request, randomUUID(), this.#options, this.#call);
    this.#requireRoom(amount);
    const link = this.#options.session.require('trade');
    const orderId = link.takeOrderId(this.#options.book.orderIdFloor(link.clientId));
    const asked = link.client.previewOrder(orderId, contract, ticket, this.#call);
    return { contract, ticket, preview: await asked.catch(refusePreview) };
  }

  orderStatus(update: OrderStatusUpdate): void {
    const { book, recorder } = this.#options;
    const order = book.byGateway(update.clientId, update.orderId);
    if (!order || !isNews(order, update)) return;
    const { status, filled, remaining, averageFillPrice, permId } = update;
    recorder.note(order, { type: 'status', status, filled, remaining, averageFillPrice, permId });
  }

  orderError(clientId: number, orderId: number, message: IbMessage): void {
    const { book, recorder } = this.#options;
    const order = book.byGateway(clientId, orderId);
    if (order) recorder.note(order, changeOf(order, message));
  }

  /** For a key that an order may have which is on the disk alone. */
  async #placeUnlessPast(
    request: OrderRequest,
    id: string,
    key: string,
    fingerprint: string,
  ): Promise<OrderAnswer> {
    const order = await this.#options.all.byKey(key);
    if (!order) return this.#placeNew(request, id, key, fingerprint);
    requireSame(key, order.written.fingerprint, fingerprint);
    return { order, replayed: true };
  }

  async #placeNew(request: OrderRequest, id: string, key: string, fingerprint: string): Promise<OrderAnswer> {
    const { session, timings, book, safety } = this.#options;
    requireWritable(safety);
    const { contract, ticket, amount } = await prepareOrder(request, key, this.#options, this.#call);
    this.#requireRoom(amount);
    const link = session.require('trade');
    const { clientId } = link;
    const orderId = link.takeOrderId(book.orderIdFloor(clientId));
    await this.#writeDown({ id, key, fingerprint, clientId, orderId, contract, ticket }, amount);
    await link.client
      .placeOrder(orderId, contract, ticket, this.#call)
      .catch((error: Error) => this.#withdraw(id, error));
    return { order: await book.settled(id, timings.orderStatus), replayed: false };
  }

  get #call(): CallOptions {
    return { deadline: this.#options.timings.request, priority: 'order' };
  }

  /** @throws BridgeError `order-too-large` or `day-limit-reached`. */
  #requireRoom(amount: Amount): void {
    const { book, clock, safety } = this.#options;
    checkAmount(amount, book.totals.of(isoTime(clock).slice(0, 10), amount.currency), safety);
  }

  /** The promise of an order with this key, or undefined when the key is new. */
  #find(key: string, fingerprint: string): Promise<BookedOrder> | undefined {
    const order = this.#options.book.byKey(key);
    const underWay = this.#underWay.get(key);
    requireSame(key, order?.written.fingerprint ?? underWay?.fingerprint ?? fingerprint, fingerprint);
    if (underWay) return underWay.placing.then((answer) => answer.order);
    return order && this.#options.book.settled(order.written.id, this.#options.timings.orderStatus);
  }

  /** The order counts from here on: others of the same moment must not share what is left of the day. */
  async #writeDown(order: Omit<WrittenOrder, 'type' | 'at'>, amount: Amount): Promise<void> {
    const { notional } = amount;
    const release = this.#options.book.totals.reserve(amount);
    try {
      await this.#options.recorder.write({ ...order, ...(notional > 0 && { notional }) });
    } finally {
      release();
    }
  }

  /** The order did not leave the bridge: its key may be used again. */
  #withdraw(id: string, error: Error): never {
    this.#options.recorder.record(id, { type: 'not-sent', reason: error.message });
    throw error;
  }
}

/** @throws BridgeError `idempotency-key-reused`. */
function requireSame(key: string, before: string, fingerprint: string): void {
  if (before === fingerprint) return;
  throw new BridgeError('idempotency-key-reused', `Idempotency-Key "${key}" belongs to another order`);
}

function refusePreview(error: unknown): never {
  throw refusalOf(error);
}
