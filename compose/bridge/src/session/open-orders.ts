import { join } from 'node:path';
import type { Logger } from 'pino';
import { AllOrders } from './all-orders.ts';
import type { Contracts } from './contracts.ts';
import { DayTotals } from './day-totals.ts';
import type { Executions } from './executions.ts';
import { OrderBook } from './order-book.ts';
import { OrderCancels } from './order-cancels.ts';
import { moveOrders, ORDERS_INTERVAL } from './order-keeping.ts';
import { OrderRecorder, type OrderRecorderOptions } from './order-recorder.ts';
import { type BookedOrder, journalRecord, pastOrder } from './order-records.ts';
import { OrderDesk, type OrderDeskOptions } from './orders.ts';
import { Reconciler } from './reconcile.ts';
import { Keeping } from './store/keeping.ts';
import { Store } from './store/store.ts';

/** Everything about orders, over one journal. */
export interface Orders {
  readonly book: OrderBook;
  readonly all: AllOrders;
  readonly desk: OrderDesk;
  readonly cancels: OrderCancels;
  readonly reconciler: Reconciler;
  readonly keeping: Keeping;
}

export interface OpenOrdersOptions
  extends Pick<OrderDeskOptions, 'session' | 'timings' | 'safety' | 'tradingMode' | 'clock' | 'priceOf'>,
    Pick<OrderRecorderOptions, 'onEvent'> {
  readonly contracts: Contracts;
  readonly executions: Pick<Executions, 'refresh' | 'list'>;
  readonly dataDir: string;
  /** Bytes of the data directory that orders may take which are over. */
  readonly pastBytes: number;
  readonly log: Logger;
}

/** @throws BridgeError `data-dir-unusable`. */
export async function openOrders(options: OpenOrdersOptions): Promise<Orders> {
  const book = new OrderBook(options.clock);
  const left = new DayTotals();
  const store = await openOrderStore(book, left, options);
  const recorder = new OrderRecorder({ ...options, book, journal: store.journal });
  const all = new AllOrders(book, store.past);
  const shared = { ...options, book, all, recorder };
  return {
    book,
    all,
    desk: new OrderDesk(shared),
    cancels: new OrderCancels(shared),
    reconciler: new Reconciler(shared),
    keeping: new Keeping({
      ...options,
      name: 'orders',
      store,
      interval: ORDERS_INTERVAL,
      move: () => moveOrders({ ...options, book, store, left }),
    }),
  };
}

/** Opens the folder of orders and fills the book from its journal. @throws BridgeError `data-dir-unusable`. */
export async function openOrderStore(
  book: OrderBook,
  left: DayTotals,
  { dataDir, pastBytes, log }: Pick<OpenOrdersOptions, 'dataDir' | 'pastBytes' | 'log'>,
): Promise<Store<BookedOrder>> {
  let damaged = 0;
  const store = await Store.open<BookedOrder>({
    ...PAST,
    folder: join(dataDir, 'orders'),
    legacy: join(dataDir, 'orders.jsonl'),
    maxBytes: pastBytes,
    take(line, isRepeated) {
      const record = journalRecord.safeParse(line).data;
      if (record === undefined) damaged += 1;
      else if (record.type === 'booked') book.restoreBooked(record.order);
      else if (record.type !== 'begun') book.restore(record);
      else {
        book.raiseIdFloors(record.idFloors);
        if (isRepeated) return;
        book.totals.restore(record.day);
        left.restore(record.day);
      }
    },
  });
  if (damaged > 0) log.warn({ damaged }, 'lines of the order journal cannot be read and were passed over');
  return store;
}

const PAST = {
  placeOf(line: unknown) {
    const record = journalRecord.safeParse(line).data;
    return record?.type === 'begun' ? record.past : undefined;
  },
  read: (line: unknown) => pastOrder.safeParse(line).data?.order,
  keysOf: ({ written }: BookedOrder) => [...new Set([written.id, written.key])],
  momentOf: ({ updatedAt }: BookedOrder) => Date.parse(updatedAt),
};
