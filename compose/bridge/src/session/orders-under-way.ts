import type { BookedOrder } from './order-book.ts';

export interface OrderAnswer {
  readonly order: BookedOrder;
  /** The key was known: nothing was sent now. */
  readonly replayed: boolean;
}

interface UnderWay {
  readonly fingerprint: string;
  readonly placing: Promise<OrderAnswer>;
}

/** Orders that are not in the journal yet, by key: a retry that overtakes its first try joins it. */
export class OrdersUnderWay {
  readonly #orders = new Map<string, UnderWay>();

  get(key: string): UnderWay | undefined {
    return this.#orders.get(key);
  }

  /** It is forgotten once it is placed, or was not. */
  add(key: string, order: UnderWay): void {
    this.#orders.set(key, order);
    const forget = () => this.#orders.delete(key);
    order.placing.then(forget, forget);
  }
}
