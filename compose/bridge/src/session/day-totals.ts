import type { BookedOrder, JournalBegun } from './order-records.ts';

/** What an order counts for: its quantity, and that times price and multiplier in the contract's currency. */
export interface Amount {
  readonly quantity: number;
  /** 0 when no price is known. */
  readonly notional: number;
  readonly currency: string;
}

/** These bind nothing any more but what was filled. Every other order counts in full, an Unknown one too. */
const ENDED_UNFILLED: ReadonlySet<string> = new Set([
  'Cancelled',
  'ApiCancelled',
  'Inactive',
  'Rejected',
  'NotSent',
]);

/** The orders of the latest day (UTC), added up as they change. */
export class DayTotals {
  #day = '';
  #quantity = 0;
  readonly #notional = new Map<string, number>();

  /** What orders count for that are not in the book. */
  restore({ day, quantity, notional }: JournalBegun['day']): void {
    if (day > this.#day) this.#begin(day);
    if (day !== this.#day) return;
    this.#quantity += quantity;
    for (const [currency, value] of Object.entries(notional))
      this.#add({ quantity: 0, notional: value, currency });
  }

  get sum(): JournalBegun['day'] {
    return { day: this.#day, quantity: this.#quantity, notional: Object.fromEntries(this.#notional) };
  }

  /** Takes a change of an order into account; `before` is undefined for a new one. */
  change(before: BookedOrder | undefined, after: BookedOrder): void {
    const day = after.written.at.slice(0, 10);
    if (day > this.#day) this.#begin(day);
    if (day !== this.#day) return;
    const shares = countedOf(after) - (before ? countedOf(before) : 0);
    const { notional = 0, ticket, contract } = after.written;
    this.#add({
      quantity: shares,
      notional: (notional * shares) / ticket.quantity,
      currency: contract.currency,
    });
  }

  /** Counts an order that is not in the book yet. @returns takes it out again. */
  reserve(amount: Amount): () => void {
    const day = this.#day;
    this.#add(amount);
    return () => {
      const { quantity, notional, currency } = amount;
      if (day === this.#day) this.#add({ quantity: -quantity, notional: -notional, currency });
    };
  }

  /** What counts on a day (YYYY-MM-DD), in one currency. */
  of(day: string, currency: string): Amount {
    if (day > this.#day) this.#begin(day);
    return { quantity: this.#quantity, notional: this.#notional.get(currency) ?? 0, currency };
  }

  #begin(day: string): void {
    this.#day = day;
    this.#quantity = 0;
    this.#notional.clear();
  }

  #add({ quantity, notional, currency }: Amount): void {
    this.#quantity += quantity;
    this.#notional.set(currency, (this.#notional.get(currency) ?? 0) + notional);
  }
}

function countedOf({ status, filled, written }: BookedOrder): number {
  return ENDED_UNFILLED.has(status) ? filled : written.ticket.quantity;
}
