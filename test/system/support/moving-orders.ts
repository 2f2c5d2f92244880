import { pino } from 'pino';
import type { Clock } from '../../../compose/bridge/src/clock.ts';
import { systemClock } from '../../../compose/bridge/src/clock.ts';
import { DayTotals } from '../../../compose/bridge/src/session/day-totals.ts';
import { openOrderStore } from '../../../compose/bridge/src/session/open-orders.ts';
import { OrderBook } from '../../../compose/bridge/src/session/order-book.ts';
import { moveOrders } from '../../../compose/bridge/src/session/order-keeping.ts';
import { OrderRecorder } from '../../../compose/bridge/src/session/order-recorder.ts';

/**
 * Writes orders down, ends them and moves them to the past without a pause, until it is killed. Says `written ID` and
 * `ended ID` once that is on the disk.
 */
const [dataDir = '', run = ''] = process.argv.slice(2);
/** An order may leave a minute after it ended: here the minute is over at once. */
let ahead = 0;
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
const book = new OrderBook(clock);
const left = new DayTotals();
const log = pino({ level: 'silent' });
const store = await openOrderStore(book, left, { dataDir, pastBytes: 1e9, log });
const recorder = new OrderRecorder({ book, journal: store.journal, clock, onEvent: () => {} });
const contract = { conId: 1, symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' };

let nextOrderId = book.orderIdFloor(100);
process.stdout.write('begun\n');
for (const worker of [1, 2, 3, 4]) void trade(worker);
for (;;) {
  ahead += 61_000;
  await moveOrders({ book, store, left, clock, limits: { kept: 3, most: 8 } });
  await new Promise((resolve) => setTimeout(resolve, 2));
}

async function trade(worker: number): Promise<never> {
  for (let n = 1; ; n++) {
    const id = `${run}-${worker}-${n}`;
    const orderId = nextOrderId++;
    const ticket = {
      action: 'BUY',
      quantity: 1,
      orderType: 'LMT',
      tif: 'DAY',
      account: 'DU1',
      orderRef: id,
    } as const;
    await recorder.write({
      ...{ id, key: `key ${id}`, fingerprint: 'f', clientId: 100, orderId },
      ...{ contract, ticket, notional: 2 },
    });
    process.stdout.write(`written ${id}\n`);
    const order = { status: 'Filled', filled: 1, remaining: 0, averageFillPrice: 2, permId: orderId };
    recorder.record(id, { type: 'status', ...order });
    // What is written after it is on the disk, and so is it.
    await store.journal.append({ type: 'advice', at: '', id: 'nobody', code: 0, message: '' });
    process.stdout.write(`ended ${id}\n`);
  }
}
