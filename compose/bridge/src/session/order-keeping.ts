import { type Clock, isoTime } from '../clock.ts';
import { DayTotals } from './day-totals.ts';
import { isFinal, type OrderBook } from './order-book.ts';
import type { BookedOrder, JournalBegun } from './order-records.ts';
import type { Store } from './store/store.ts';

export interface OrderMoveOptions {
  readonly book: OrderBook;
  readonly store: Store<BookedOrder>;
  /** What the orders that left memory count for on the day they were placed. */
  readonly left: DayTotals;
  readonly clock: Clock;
  readonly limits?: OrderLimits;
}

export interface OrderLimits {
  /** Orders that are over and stay in memory all the same: the last are asked for most. */
  readonly kept: number;
  /** When there are so many, all but those leave. */
  readonly most: number;
}

const LIMITS: OrderLimits = { kept: 100, most: 500 };
/** Milliseconds: a fill can be told after a cancel was. */
const MAY_CHANGE = 60_000;
/** What the gateway says it never received, it may still turn out to have, until its day is over in every time zone. */
const MAY_TURN_UP = 2 * 86_400_000;

/** Milliseconds between two looks. */
export const ORDERS_INTERVAL = 60_000;

/**
 * Moves orders that are over from memory and journal to the disk alone, if there are many.
 * @throws Error when the disk does not take them: they stay where they were.
 */
export async function moveOrders(options: OrderMoveOptions): Promise<void> {
  const { book, store, left, clock } = options;
  const leaving = leavingOf(book.list.reverse(), clock.now(), options.limits ?? LIMITS);
  if (leaving.length === 0) return;
  await store.past.add(leaving.map((order) => ({ value: order, line: JSON.stringify(lineOf(order)) })));
  const gone = new Set(leaving.map(({ written }) => written.id));
  const after = new DayTotals();
  after.restore(left.sum);
  for (const order of leaving) after.change(undefined, order);
  await store.begin(() => [
    beginning(options, after),
    ...book.list.reverse().flatMap((order) => (gone.has(order.written.id) ? [] : [lineOf(order)])),
  ]);
  for (const order of leaving) await leave(order, options);
}

/** News that came meanwhile keep an order, which the new journal does not have yet. */
async function leave(order: BookedOrder, { book, store, left }: OrderMoveOptions): Promise<void> {
  const now = book.get(order.written.id);
  if (now !== order) {
    if (now) await store.journal.note(lineOf(now));
    return;
  }
  left.change(undefined, order);
  book.forget(order);
}

function beginning({ book, store, clock }: OrderMoveOptions, { sum }: DayTotals): JournalBegun {
  return { type: 'begun', at: isoTime(clock), past: store.past.end, idFloors: book.idFloors, day: sum };
}

function lineOf(order: BookedOrder) {
  return { type: 'booked', order } as const;
}

/** The orders to leave, those first that ended first; none unless there are many. */
function leavingOf(orders: readonly BookedOrder[], now: number, { kept, most }: OrderLimits): BookedOrder[] {
  const over = orders.filter((order) => isOver(order, now));
  if (over.length < most) return [];
  over.sort((one, other) => Date.parse(one.updatedAt) - Date.parse(other.updatedAt));
  return over
    .slice(0, over.length - kept)
    .filter(({ updatedAt }) => Date.parse(updatedAt) <= now - MAY_CHANGE);
}

function isOver(order: BookedOrder, now: number): boolean {
  if (order.status !== 'NotReceived') return isFinal(order);
  return Date.parse(order.updatedAt) <= now - MAY_TURN_UP;
}
