import type { Cancel, Clock } from '../clock.ts';
import { DayTotals } from './day-totals.ts';
import type { BookedOrder, JournalBegun, OrderRecord, WrittenOrder } from './order-records.ts';

/** Nothing more comes after these, as far as is known. */
const FINAL: ReadonlySet<string> = new Set([
  'Filled',
  'Cancelled',
  'ApiCancelled',
  'Inactive',
  'Rejected',
  'NotSent',
  'NotReceived',
]);

export type { BookedOrder } from './order-records.ts';

export function isFinal({ status }: Pick<BookedOrder, 'status'>): boolean {
  return FINAL.has(status);
}

/**
 * True when a client that waits has learnt what it wanted: a market order's end, another's acceptance. IBKR keeps a
 * stop order PreSubmitted until its price is reached.
 */
export function isSettled(order: BookedOrder): boolean {
  if (isFinal(order)) return true;
  const { orderType } = order.written.ticket;
  if (orderType === 'MKT') return false;
  return order.status === 'Submitted' || (orderType !== 'LMT' && order.status === 'PreSubmitted');
}

/** The orders that are not over, and the last that are: records go in, and who waits for an order is told. */
export class OrderBook {
  readonly #clock: Clock;
  readonly #orders = new Map<string, BookedOrder>();
  readonly #ids = { byKey: new Map<string, string>(), byGateway: new Map<string, string>() };
  readonly #idFloors = new Map<number, number>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly totals = new DayTotals();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A record read back at the start: an order nobody reported on since has an unknown fate. */
  restore(record: OrderRecord): void {
    if (record.type === 'order') this.#supersede(record);
    this.apply(record);
    const order = this.#orders.get(record.id);
    if (record.type === 'order' && order) this.#set({ ...order, status: 'Unknown' });
  }

  /** An order read back at the start, as it was when its journal was begun. */
  restoreBooked(order: BookedOrder): void {
    this.#supersede(order.written);
    this.#register(order.written);
    this.#set(order.status === 'PendingSubmit' ? { ...order, status: 'Unknown' } : order);
  }

  /** Order ids that were given to orders which are not in the book. */
  raiseIdFloors(floors: JournalBegun['idFloors']): void {
    for (const [clientId, floor] of Object.entries(floors))
      this.#idFloors.set(Number(clientId), Math.max(this.orderIdFloor(Number(clientId)), floor));
  }

  get idFloors(): JournalBegun['idFloors'] {
    return Object.fromEntries(this.#idFloors);
  }

  /** Takes an order out of memory that is over. What it counts for stays. */
  forget({ written }: BookedOrder): void {
    const { id, key, clientId, orderId } = written;
    const gatewayId = `${clientId}:${orderId}`;
    this.#orders.delete(id);
    if (this.#ids.byKey.get(key) === id) this.#ids.byKey.delete(key);
    if (this.#ids.byGateway.get(gatewayId) === id) this.#ids.byGateway.delete(gatewayId);
  }

  apply(record: OrderRecord): void {
    if (record.type === 'order') this.#add(record);
    else this.#update(record);
  }

  get(id: string): BookedOrder | undefined {
    return this.#orders.get(id);
  }

  /** Every order in memory, the latest first. */
  get list(): BookedOrder[] {
    return [...this.#orders.values()].reverse();
  }

  /** The last order with this key, whatever became of it: orders come back with it as their orderRef. */
  byRef(orderRef: string): BookedOrder | undefined {
    return this.get(this.#ids.byKey.get(orderRef) ?? '');
  }

  /** The last order with this key that was, or may have been, sent. */
  byKey(key: string): BookedOrder | undefined {
    const order = this.byRef(key);
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
    return this.until(id, deadline, isSettled);
  }

  /** Resolves when the order is as wanted, or after `deadline` milliseconds, with what is known then. */
  until(id: string, deadline: number, wanted: (order: BookedOrder) => boolean): Promise<BookedOrder> {
    const current = () => this.#orders.get(id) as BookedOrder;
    if (wanted(current())) return Promise.resolve(current());
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
        if (wanted(current())) finish();
      };
      const cancel: Cancel = this.#clock.after(deadline, finish);
      watchers.add(tell);
    });
  }

  /** A key is used again only when its order never left: its line was written, and the flush after it failed. */
  #supersede({ key, id }: WrittenOrder): void {
    const before = this.byRef(key);
    if (before && before.written.id !== id) this.#set({ ...before, status: 'NotSent' });
  }

  #update(record: Exclude<OrderRecord, WrittenOrder>): void {
    const order = this.#orders.get(record.id);
    if (!order) return;
    this.#set({ ...updated(order, record), updatedAt: record.at });
    for (const tell of this.#watchers.get(record.id) ?? []) tell();
  }

  #add(record: WrittenOrder): void {
    const status = { status: 'PendingSubmit', filled: 0, remaining: record.ticket.quantity };
    const nothing = { averageFillPrice: 0, permId: 0, updatedAt: record.at };
    this.#set({ written: record, ...status, ...nothing });
    this.#register(record);
  }

  #register(record: WrittenOrder): void {
    this.#ids.byKey.set(record.key, record.id);
    this.#ids.byGateway.set(`${record.clientId}:${record.orderId}`, record.id);
    this.#idFloors.set(record.clientId, Math.max(this.orderIdFloor(record.clientId), record.orderId + 1));
  }

  #set(order: BookedOrder): void {
    this.totals.change(this.#orders.get(order.written.id), order);
    this.#orders.set(order.written.id, order);
  }
}

function updated(order: BookedOrder, record: Exclude<OrderRecord, WrittenOrder>): BookedOrder {
  if (record.type === 'not-sent') return { ...order, status: 'NotSent' };
  if (record.type === 'not-received') return { ...order, status: 'NotReceived' };
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
