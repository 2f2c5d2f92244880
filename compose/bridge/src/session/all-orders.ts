import { BridgeError } from '../errors.ts';
import { type BookedOrder, isFinal, type OrderBook } from './order-book.ts';
import type { Past } from './store/past.ts';

type PastOrders = Pick<Past<BookedOrder>, 'mayHave' | 'find' | 'ranges' | 'valuesOf'>;

/** Every order, in memory or on the disk alone. A look on the disk reads one segment of it. */
export class AllOrders {
  readonly #book: OrderBook;
  readonly #past: PastOrders;

  constructor(book: OrderBook, past: PastOrders) {
    this.#book = book;
    this.#past = past;
  }

  /** @throws BridgeError `order-unknown`; `journal-failed` when the disk cannot be read. */
  async require(id: string): Promise<BookedOrder> {
    const order =
      this.#book.get(id) ?? (await readable(this.#past.find(id, ({ written }) => written.id === id)));
    if (!order) throw new BridgeError('order-unknown', `no order of the journal has the id ${id}`);
    return order;
  }

  /** False when no order on the disk alone has the key. From memory. */
  mayHaveKey(key: string): boolean {
    return this.#past.mayHave(key);
  }

  /**
   * The last order on the disk alone with this key that was, or may have been, sent.
   * @throws BridgeError `journal-failed` when the disk cannot be read.
   */
  byKey(key: string): Promise<BookedOrder | undefined> {
    const isWanted = ({ written, status }: BookedOrder) => written.key === key && status !== 'NotSent';
    return readable(this.#past.find(key, isWanted));
  }

  /**
   * Those in memory, the latest first, and then those on the disk alone, the last that ended first.
   * @throws BridgeError `journal-failed` when the disk cannot be read.
   */
  async list(which: 'open' | 'all', limit: number): Promise<BookedOrder[]> {
    const { list } = this.#book;
    if (which === 'open') return list.filter((order) => !isFinal(order)).slice(0, limit);
    const found = new Map(list.map((order) => [order.written.id, order]));
    for (const { number } of this.#past.ranges) {
      if (found.size >= limit) break;
      for (const order of (await readable(this.#past.valuesOf(number))).reverse())
        if (!found.has(order.written.id)) found.set(order.written.id, order);
    }
    return [...found.values()].slice(0, limit);
  }
}

/** What cannot be read must not pass for what is not there: an order could be sent twice. */
async function readable<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    throw new BridgeError('journal-failed', (error as Error).message, { cause: error });
  }
}
