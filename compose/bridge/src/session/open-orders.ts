import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Contracts } from './contracts.ts';
import type { Executions } from './executions.ts';
import { Journal } from './journal.ts';
import { OrderBook } from './order-book.ts';
import { OrderCancels } from './order-cancels.ts';
import { OrderRecorder, type OrderRecorderOptions } from './order-recorder.ts';
import { orderRecord } from './order-records.ts';
import { OrderDesk, type OrderDeskOptions } from './orders.ts';
import { Reconciler } from './reconcile.ts';

/** Everything about orders, over one journal. */
export interface Orders {
  readonly book: OrderBook;
  readonly desk: OrderDesk;
  readonly cancels: OrderCancels;
  readonly reconciler: Reconciler;
  readonly journal: Journal;
}

export interface OpenOrdersOptions
  extends Pick<OrderDeskOptions, 'session' | 'timings' | 'safety' | 'tradingMode' | 'clock' | 'priceOf'>,
    Pick<OrderRecorderOptions, 'onEvent'> {
  readonly contracts: Contracts;
  readonly executions: Pick<Executions, 'refresh' | 'list'>;
  readonly dataDir: string;
  readonly log: Logger;
}

/** @throws BridgeError `data-dir-unusable`. */
export async function openOrders(options: OpenOrdersOptions): Promise<Orders> {
  const book = new OrderBook(options.clock);
  const journal = await openJournal(book, options);
  const recorder = new OrderRecorder({ ...options, book, journal });
  const shared = { ...options, book, recorder };
  return {
    book,
    journal,
    desk: new OrderDesk(shared),
    cancels: new OrderCancels(shared),
    reconciler: new Reconciler(shared),
  };
}

async function openJournal(book: OrderBook, { dataDir, log }: OpenOrdersOptions): Promise<Journal> {
  let damaged = 0;
  const journal = await Journal.open(join(dataDir, 'orders.jsonl'), (line) => {
    const record = orderRecord.safeParse(line);
    if (record.success) book.restore(record.data);
    else damaged += 1;
  });
  if (damaged > 0) log.warn({ damaged }, 'lines of the order journal cannot be read and were passed over');
  return journal;
}
