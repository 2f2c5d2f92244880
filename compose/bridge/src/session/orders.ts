import { randomUUID } from 'node:crypto';
import { CATALOGUE } from '../catalogue.ts';
import type { OrderStatusUpdate } from '../client/types.ts';
import { type Clock, isoTime } from '../clock.ts';
import { BridgeError, type IbMessage, isKnownFailure } from '../errors.ts';
import type { EventSink } from '../events.ts';
import { maskAccounts } from '../mask.ts';
import type { Timings } from '../timings.ts';
import { qualify } from './contracts.ts';
import type { Journal } from './journal.ts';
import { type BookedOrder, isSettled, type OrderBook } from './order-book.ts';
import { accepted, fingerprintOf, isNews, lineOf, type OrderRequest, ticketOf } from './order-parts.ts';
import type { OrderRecord, WrittenOrder } from './order-records.ts';
import { checkOrder, chooseAccount, type Safety, type TradingMode } from './safety.ts';
import type { Session } from './session.ts';

export interface OrderDeskOptions {
  readonly session: Pick<Session, 'require'>;
  readonly book: OrderBook;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly safety: Safety;
  readonly tradingMode: TradingMode;
  readonly onEvent: EventSink;
}

export interface OrderAnswer {
  readonly order: BookedOrder;
  /** The key was known: nothing was sent now. */
  readonly replayed: boolean;
}

interface UnderWay {
  readonly fingerprint: string;
  readonly placed: Promise<BookedOrder>;
}

/** Places orders: each is written down before it is sent, and none is ever sent twice. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  /** Orders that are not in the journal yet, by key: a retry that overtakes its first try joins it. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  /**
   * Places an order, or finds what became of the one with the same key.
   * @param key the client's Idempotency-Key; without one every call is a new order.
   * @throws BridgeError: before anything was written, all of safety.ts, contracts.ts and the session's;
   * `idempotency-key-reused`; `journal-failed`; `order-rejected` with the gateway's reason.
   */
  async place(request: OrderRequest, key?: string): Promise<OrderAnswer> {
    const fingerprint = fingerprintOf(request);
    const known = key === undefined ? undefined : this.#find(key, fingerprint);
    if (known) return { order: accepted(await known), replayed: true };
    const id = randomUUID();
    const placed = this.#placeNew(request, id, key ?? id, fingerprint);
    this.#remember(key, { fingerprint, placed });
    return { order: accepted(await placed), replayed: false };
  }

  orderStatus(update: OrderStatusUpdate): void {
    const order = this.#options.book.byGateway(update.clientId, update.orderId);
    if (!order || !isNews(order, update)) return;
    const { status, filled, remaining, averageFillPrice, permId } = update;
    this.#note(order, { type: 'status', status, filled, remaining, averageFillPrice, permId });
  }

  /**
   * Only a code known to be a failure, about an order that neither works nor is over, rejects it. Everything else
   * is advice: to call an order dead that lives would be worse than to wait for its status.
   */
  orderError(clientId: number, orderId: number, message: IbMessage): void {
    const order = this.#options.book.byGateway(clientId, orderId);
    if (!order) return;
    const type = isKnownFailure(message.code) && !isSettled(order) ? 'rejected' : 'advice';
    this.#note(order, { type, code: message.code, message: maskAccounts(message.message) });
  }

  async #placeNew(request: OrderRequest, id: string, key: string, fingerprint: string): Promise<BookedOrder> {
    const { session, safety, timings, book } = this.#options;
    checkOrder(request, safety);
    const call = { deadline: timings.request, priority: 'order' } as const;
    const account = chooseAccount(
      request.account,
      session.require('trade').accounts,
      this.#options.tradingMode,
    );
    const contract = await qualify(session.require('trade').client, request, call);
    const link = session.require('trade');
    const { clientId } = link;
    const orderId = link.takeOrderId(book.orderIdFloor(clientId));
    const ticket = ticketOf(request, account, key);
    const order = await this.#writeDown({ id, key, fingerprint, clientId, orderId, contract, ticket });
    await link.client
      .placeOrder(orderId, contract, ticket, call)
      .catch((error) => this.#withdraw(order, error));
    return book.settled(id, timings.orderStatus);
  }

  /** The promise of an order with this key, or undefined when the key is new. */
  #find(key: string, fingerprint: string): Promise<BookedOrder> | undefined {
    const order = this.#options.book.byKey(key);
    const underWay = this.#underWay.get(key);
    const before = order?.written.fingerprint ?? underWay?.fingerprint;
    if (before !== undefined && before !== fingerprint) {
      throw new BridgeError('idempotency-key-reused', `Idempotency-Key "${key}" belongs to another order`);
    }
    if (underWay) return underWay.placed;
    return order && this.#options.book.settled(order.written.id, this.#options.timings.orderStatus);
  }

  #remember(key: string | undefined, underWay: UnderWay): void {
    if (key === undefined) return;
    this.#underWay.set(key, underWay);
    const forget = () => this.#underWay.delete(key);
    underWay.placed.then(forget, forget);
  }

  async #writeDown(order: Omit<WrittenOrder, 'type' | 'at'>): Promise<WrittenOrder> {
    const record: WrittenOrder = { type: 'order', at: isoTime(this.#options.clock), ...order };
    await this.#options.journal.append(record);
    this.#options.book.apply(record);
    return record;
  }

  /** The order did not leave the bridge: its key may be used again. */
  async #withdraw(order: WrittenOrder, error: Error): Promise<never> {
    this.#record({ type: 'not-sent', at: isoTime(this.#options.clock), id: order.id, reason: error.message });
    throw error;
  }

  #note(order: BookedOrder, change: Change): void {
    const record = { ...change, at: isoTime(this.#options.clock), id: order.written.id };
    this.#record(record);
    const after = this.#options.book.get(order.written.id);
    if (after) this.#options.onEvent({ at: record.at, kind: 'order', text: lineOf(after) });
  }

  /** What the gateway said is true whether or not the disk takes it; it will say it again when asked. */
  #record(record: OrderRecord): void {
    const { book, journal, clock, onEvent } = this.#options;
    book.apply(record);
    journal.append(record).catch((error: Error) => {
      const { hint } = CATALOGUE['journal-failed'];
      onEvent({ at: isoTime(clock), kind: 'notice', text: `order journal: ${error.message}`, hint });
    });
  }
}

/** What the gateway said about an order, before it is dated. */
type Change =
  | Omit<Extract<OrderRecord, { type: 'status' }>, 'at' | 'id'>
  | Omit<Extract<OrderRecord, { type: 'rejected' | 'advice' }>, 'at' | 'id'>;
