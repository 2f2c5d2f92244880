import type { Cancel, Clock } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import type { OrderRecord, WrittenOrder } from './order-records.ts';

/** Nothing more comes after these. */
const FINAL: ReadonlySet<string> = new Set([
  'Filled',
  'Cancelled',
  'ApiCancelled',
  'Inactive',
  'Rejected',
  'NotSent',
]);

/** An order as its journal lines tell it. */
export interface BookedOrder {
  readonly written: WrittenOrder;
  /**
   * As the gateway calls it; PendingSubmit until it said something; Unknown when the bridge was restarted before
   * it did; Rejected and NotSent are the bridge's own.
   */
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly averageFillPrice: number;
  readonly permId: number;
  readonly rejection?: IbMessage;
  /** The last thing the gateway said about the order that does not end it. */
  readonly advice?: IbMessage;
}

/** True when a client that waits has learnt what it wanted: a market order's end, a limit order's acceptance. */
export function isSettled(order: BookedOrder): boolean {
  if (FINAL.has(order.status)) return true;
  return order.written.ticket.orderType === 'LMT' && order.status === 'Submitted';
}

/** All orders of the journal, in memory: records go in, and who waits for an order is told. */
export class OrderBook {
  readonly #clock: Clock;
  readonly #orders = new Map<string, BookedOrder>();
  readonly #ids = { byKey: new Map<string, string>(), byGateway: new Map<string, string>() };
  readonly #idFloors = new Map<number, number>();
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A record read back at the start: an order nobody reported on since has an unknown fate. */
  restore(record: OrderRecord): void {
    this.apply(record);
    const order = this.#orders.get(record.id);
    if (record.type === 'order' && order) this.#orders.set(record.id, { ...order, status: 'Unknown' });
  }

  apply(record: OrderRecord): void {
    if (record.type === 'order') this.#add(record);
    else this.#update(record);
  }

  get(id: string): BookedOrder | undefined {
    return this.#orders.get(id);
  }

  /** The last order with this key that was, or may have been, sent. */
  byKey(key: string): BookedOrder | undefined {
    const order = this.get(this.#ids.byKey.get(key) ?? '');
    return order?.status === 'NotSent' ? undefined : order;
  }

  /** The last order with this id: a paper account that is reset starts its ids again. */
  byGateway(clientId: number, orderId: number): BookedOrder | undefined {
    return this.get(this.#ids.byGateway.get(`${clientId}:${orderId}`) ?? '');
  }

  /** The lowest order id of a client id that no order in the journal has. */
  orderIdFloor(clientId: number): number {
    return this.#idFloors.get(clientId) ?? 1;
  }

  /** Resolves when the order is settled, or after `deadline` milliseconds, with what is known then. */
  settled(id: string, deadline: number): Promise<BookedOrder> {
    const current = () => this.#orders.get(id) as BookedOrder;
    if (isSettled(current())) return Promise.resolve(current());
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(id) ?? new Set();
      this.#watchers.set(id, watchers);
      const finish = () => {
        cancel();
        watchers.delete(tell);
        if (watchers.size === 0) this.#watchers.delete(id);
        resolve(current());
      };
      const tell = () => {
        if (isSettled(current())) finish();
      };
      const cancel: Cancel = this.#clock.after(deadline, finish);
      watchers.add(tell);
    });
  }

  #update(record: Exclude<OrderRecord, WrittenOrder>): void {
    const order = this.#orders.get(record.id);
    if (!order) return;
    this.#orders.set(record.id, updated(order, record));
    for (const tell of this.#watchers.get(record.id) ?? []) tell();
  }

  #add(record: WrittenOrder): void {
    const status = { status: 'PendingSubmit', filled: 0, remaining: record.ticket.quantity };
    this.#orders.set(record.id, { written: record, ...status, averageFillPrice: 0, permId: 0 });
    this.#ids.byKey.set(record.key, record.id);
    this.#ids.byGateway.set(`${record.clientId}:${record.orderId}`, record.id);
    this.#idFloors.set(record.clientId, Math.max(this.orderIdFloor(record.clientId), record.orderId + 1));
  }
}

function updated(order: BookedOrder, record: Exclude<OrderRecord, WrittenOrder>): BookedOrder {
  if (record.type === 'not-sent') return { ...order, status: 'NotSent' };
  if (record.type === 'advice') return { ...order, advice: { code: record.code, message: record.message } };
  if (record.type === 'rejected') {
    return { ...order, status: 'Rejected', rejection: { code: record.code, message: record.message } };
  }
  return withStatus(order, record);
}

/** A rejected order ends as Inactive or Cancelled, and stays Rejected; one that lives on was not rejected. */
function withStatus(order: BookedOrder, record: Extract<OrderRecord, { type: 'status' }>): BookedOrder {
  const { rejection, ...rest } = order;
  const { filled, remaining, averageFillPrice } = record;
  const stillRejected = rejection !== undefined && FINAL.has(record.status) && record.status !== 'Filled';
  const status = stillRejected ? 'Rejected' : record.status;
  const permId = record.permId || order.permId;
  return {
    ...rest,
    status,
    filled,
    remaining,
    averageFillPrice,
    permId,
    ...(stillRejected && { rejection }),
  };
}
