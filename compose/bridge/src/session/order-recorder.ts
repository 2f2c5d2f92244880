import { CATALOGUE } from '../catalogue.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { EventSink } from '../events.ts';

import type { BookedOrder, OrderBook } from './order-book.ts';
import { lineOf } from './order-parts.ts';
import type { OrderRecord, WrittenOrder } from './order-records.ts';
import type { Journal } from './store/journal.ts';

export interface OrderRecorderOptions {
  readonly book: OrderBook;
  readonly journal: Pick<Journal, 'append' | 'note'>;
  readonly clock: Clock;
  readonly onEvent: EventSink;
}

/** What became of an order, before it is dated. */
export type OrderChange = Undated<Exclude<OrderRecord, WrittenOrder>>;
type Undated<Each> = Each extends unknown ? Omit<Each, 'at' | 'id'> : never;

/** The one way into the journal and the book: what is in the one is in the other. */
export class OrderRecorder {
  readonly #options: OrderRecorderOptions;

  constructor(options: OrderRecorderOptions) {
    this.#options = options;
  }

  /** Resolves once the order is on the disk. @throws BridgeError `journal-failed`: then it is in neither. */
  async write(order: Omit<WrittenOrder, 'type' | 'at'>): Promise<WrittenOrder> {
    const record: WrittenOrder = { type: 'order', at: isoTime(this.#options.clock), ...order };
    // At once: a journal that is begun anew takes from the book what it says.
    await this.#options.journal.append(record, () => this.#options.book.apply(record));
    return record;
  }

  /** Records a change and tells it. */
  note(order: BookedOrder, change: OrderChange): void {
    const { book, clock, onEvent } = this.#options;
    this.record(order.written.id, change);
    const after = book.get(order.written.id);
    if (after) onEvent({ at: isoTime(clock), kind: 'order', text: lineOf(after) });
  }

  /** What the gateway said is true whether or not the disk takes it; it will say it again when asked. */
  record(id: string, change: OrderChange): void {
    const { book, journal, clock, onEvent } = this.#options;
    const record: OrderRecord = { ...change, at: isoTime(clock), id };
    book.apply(record);
    journal.note(record).catch((error: Error) => {
      const { hint } = CATALOGUE['journal-failed'];
      onEvent({ at: isoTime(clock), kind: 'notice', text: `order journal: ${error.message}`, hint });
    });
  }
}
