import type { ReportedOrder } from '../client/order-types.ts';
import type { CallOptions, GatewayClient } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Timings } from '../timings.ts';
import type { Executions } from './executions.ts';
import { dayStart } from './gateway-time.ts';
import type { BookedOrder, OrderBook } from './order-book.ts';
import { type Evidence, isUnresolved, verdictOf } from './order-evidence.ts';
import type { OrderRecorder } from './order-recorder.ts';

/** The connection that is asked. */
export interface ReconcileSource {
  readonly client: Pick<GatewayClient, 'clientId' | 'openOrders' | 'completedOrders'>;
  /** What the gateway's wall clock is ahead of UTC, in milliseconds, if it is known. */
  readonly wallClockOffset: number | undefined;
}

export interface ReconcilerOptions {
  readonly book: OrderBook;
  readonly recorder: OrderRecorder;
  readonly executions: Pick<Executions, 'refresh' | 'list'>;
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'request' | 'reconcileInterval'>;
}

/**
 * Finds out what became of orders while nobody listened: asks for open orders, completed orders and executions after
 * every login and after every loss of IBKR, and again while an answer is missing. It never sends an order.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  /** Counts the connections: what an older one answers late is not acted upon. */
  #turn = 0;
  #endTimer: Cancel = () => {};

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Orders placed from now on are none of its business: their status comes by itself. */
  begin(source: ReconcileSource): void {
    this.end();
    const suspects = this.#options.book.list.filter(isUnresolved);
    if (suspects.length > 0) void this.#settle(source, suspects, this.#turn);
  }

  end(): void {
    this.#turn += 1;
    this.#endTimer();
  }

  async #settle(source: ReconcileSource, suspects: readonly BookedOrder[], turn: number): Promise<void> {
    const evidence = await this.#gather(source);
    if (turn !== this.#turn) return;
    const { book, recorder, clock, timings } = this.#options;
    for (const { written } of suspects) {
      const order = book.get(written.id);
      const verdict = order && verdictOf(order, evidence);
      if (order && verdict) recorder.note(order, verdict);
    }
    const left = suspects.filter(({ written }) => isUnresolved(book.get(written.id)));
    if (left.length === 0 || evidence.whole) return;
    this.#endTimer = clock.after(timings.reconcileInterval, () => void this.#settle(source, left, turn));
  }

  async #gather({ client, wallClockOffset }: ReconcileSource): Promise<Evidence> {
    const { executions, clock, timings } = this.#options;
    const call: CallOptions = { deadline: timings.request, priority: 'request' };
    const [open, completed, told] = await Promise.all([
      answerOf(client.openOrders(call)),
      answerOf(client.completedOrders(call)),
      executions.refresh().then(
        () => true,
        () => false,
      ),
    ]);
    return {
      open: open ?? [],
      completed: completed ?? [],
      executions: executions.list.map(({ execution }) => execution),
      whole: open !== undefined && completed !== undefined && told,
      clientId: client.clientId,
      since: wallClockOffset === undefined ? undefined : dayStart(clock.now(), wallClockOffset),
    };
  }
}

async function answerOf(asked: Promise<ReportedOrder[]>): Promise<ReportedOrder[] | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}
