import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AllOrders } from '../../compose/bridge/src/session/all-orders.ts';
import { DayTotals } from '../../compose/bridge/src/session/day-totals.ts';
import { openOrderStore } from '../../compose/bridge/src/session/open-orders.ts';
import { OrderBook } from '../../compose/bridge/src/session/order-book.ts';
import { moveOrders } from '../../compose/bridge/src/session/order-keeping.ts';
import { fingerprintOf } from '../../compose/bridge/src/session/order-parts.ts';
import { OrderRecorder } from '../../compose/bridge/src/session/order-recorder.ts';
import type { WrittenOrder } from '../../compose/bridge/src/session/order-records.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { LIMIT, settle, tradingDesk } from './support/trading-desk.ts';

const TICKET = {
  action: 'BUY',
  quantity: 10,
  orderType: 'LMT',
  limitPrice: 50,
  tif: 'DAY',
  account: 'DU1',
} as const;
const LIMITS = { kept: 2, most: 5 };

let dataDir: string;
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'orders-'));
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close().catch(() => {});
  await rm(dataDir, { recursive: true, force: true });
});

/** Orders over what is on the disk. */
async function open(clock = new ManualClock()) {
  const book = new OrderBook(clock);
  const left = new DayTotals();
  const options = { dataDir, pastBytes: 1e9, log: pino({ level: 'silent' }) };
  const store = await openOrderStore(book, left, options);
  opened.push(store);
  const recorder = new OrderRecorder({ book, journal: store.journal, clock, onEvent: () => {} });
  const all = new AllOrders(book, store.past);
  const place = (n: number, more: Partial<WrittenOrder> = {}) =>
    recorder.write({
      id: `id-${n}`,
      key: `key-${n}`,
      fingerprint: 'f',
      clientId: 100,
      orderId: n,
      contract: AAPL,
      ticket: { ...TICKET, orderRef: `key-${n}` },
      notional: 500,
      ...more,
    });
  const end = (n: number, status: string, filled = 0) =>
    recorder.record(`id-${n}`, {
      type: 'status',
      status,
      filled,
      remaining: 10 - filled,
      averageFillPrice: filled && 50,
      permId: 700 + n,
    });
  const move = () => moveOrders({ book, store, left, clock, limits: LIMITS });
  return { clock, book, store, all, place, end, move };
}

/** Ten orders: one that works, one nobody ever heard of, and eight that ended. */
async function traded() {
  const desk = await open();
  for (let n = 1; n <= 10; n++) await desk.place(n);
  desk.end(1, 'Submitted');
  for (let n = 3; n <= 10; n++) desk.end(n, n % 2 ? 'Filled' : 'Cancelled', n % 2 ? 10 : 4);
  await desk.clock.advance(60_000);
  return desk;
}

const idsOf = (orders: readonly { readonly written: { readonly id: string } }[]) =>
  orders.map(({ written }) => written.id).sort();

test('orders that ended leave memory, but for the last; all are found as before', async () => {
  const { book, all, move } = await traded();
  const before = new Map(book.list.map((order) => [order.written.id, order]));
  await move();
  expect(idsOf(book.list)).toEqual(['id-1', 'id-10', 'id-2', 'id-9']);
  for (const [id, order] of before) expect(await all.require(id)).toEqual(order);
  expect(idsOf(await all.list('all', 1_000))).toEqual([...before.keys()].sort());
  expect(idsOf(await all.list('open', 1_000))).toEqual(['id-1', 'id-2']);
  expect(await all.list('all', 7)).toHaveLength(7);
  await expect(all.require('id-11')).rejects.toMatchObject({ code: 'order-unknown' });
});

test('after a restart everything is as it was, the limits of the day too', async () => {
  const before = await traded();
  await before.move();
  const { totals } = before.book;
  const list = await before.all.list('all', 1_000);
  const day = totals.sum;
  expect(day).toMatchObject({ quantity: 2 * 10 + 4 * 10 + 4 * 4, notional: { USD: 50 * 76 } });
  await before.store.close();
  const after = await open();
  const isUnheard = (id: string) => id === 'id-2';
  expect(await after.all.list('all', 1_000)).toEqual(
    list.map((order) => (isUnheard(order.written.id) ? { ...order, status: 'Unknown' } : order)),
  );
  expect(after.book.totals.sum).toEqual(day);
  expect(after.book.orderIdFloor(100)).toBe(11);
  for (let n = 11; n <= 20; n++) {
    await after.place(n);
    after.end(n, 'Filled', 10);
  }
  await after.clock.advance(120_000);
  await after.move();
  await after.store.close();
  const again = await open();
  expect(again.book.list.length).toBe(4);
  expect(again.book.totals.sum).toMatchObject({ quantity: 176, notional: { USD: 50 * 176 } });
  expect(await again.all.list('all', 1_000)).toHaveLength(20);
});

test('a key of an order that left memory sends nothing, and says what became of it', async () => {
  const { all, book, store, place, end, clock } = await open();
  for (let n = 1; n <= 6; n++) {
    await place(n, { fingerprint: fingerprintOf(LIMIT), ...(n === 2 && { key: 'free' }) });
    end(n, 'Filled', 10);
  }
  await clock.advance(60_000);
  await moveOrders({ book, store, left: new DayTotals(), clock, limits: { kept: 1, most: 1 } });
  expect(all.mayHaveKey('key-1')).toBe(true);
  const { desk, gateway, clock: now } = tradingDesk({ past: (own) => new AllOrders(own, store.past) });
  const both = await Promise.all([desk.place(LIMIT, 'key-1'), desk.place(LIMIT, 'key-1')]);
  expect(both).toMatchObject([
    { replayed: true, order: { status: 'Filled', written: { id: 'id-1' } } },
    { replayed: true, order: { status: 'Filled', written: { id: 'id-1' } } },
  ]);
  await expect(desk.place({ ...LIMIT, quantity: 9 }, 'key-1')).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
  await settle(now);
  expect(gateway.last.placed).toEqual([]);
});

test('a key that only seems to be known is sent once, and a disk that cannot be read sends nothing', async () => {
  let answer: () => Promise<undefined> = async () => undefined;
  const past = { mayHave: () => true, find: () => answer(), ranges: [], valuesOf: async () => [] };
  const { desk, gateway, clock } = tradingDesk({ past: (own) => new AllOrders(own, past) });
  void desk.place(LIMIT, 'key-1');
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
  answer = () => Promise.reject(new Error('EIO'));
  await expect(desk.place(LIMIT, 'key-2')).rejects.toMatchObject({ code: 'journal-failed' });
  expect(gateway.last.placed).toHaveLength(1);
});

test('what never left the bridge leaves its key free on the disk, too', async () => {
  const { all, book, store, place, end, clock } = await open();
  await place(1);
  book.apply({ type: 'not-sent', at: '2027-01-15T00:00:00.000Z', id: 'id-1', reason: 'lost' });
  await place(2);
  end(2, 'Filled', 10);
  await clock.advance(60_000);
  await moveOrders({ book, store, left: new DayTotals(), clock, limits: { kept: 0, most: 1 } });
  expect([await all.byKey('key-1'), (await all.byKey('key-2'))?.written.id]).toEqual([undefined, 'id-2']);
});

test('what ended just now, or may still turn up, stays', async () => {
  const { book, clock, place, end, move, store } = await open();
  for (let n = 1; n <= 6; n++) await place(n);
  for (let n = 1; n <= 5; n++) end(n, 'Filled', 10);
  await move();
  expect(book.list).toHaveLength(6);
  book.apply({ type: 'not-received', at: new Date(clock.now()).toISOString(), id: 'id-6' });
  await clock.advance(86_400_000);
  await move();
  expect(idsOf(book.list)).toEqual(['id-4', 'id-5', 'id-6']);
  expect(await readFile(join(dataDir, 'orders/journal-000002.jsonl'), 'utf8')).toContain('NotReceived');
  await store.close();
});

test('news of an order while it is moved keep it, and are on the disk', async () => {
  const { book, move, end, store } = await traded();
  const moving = move();
  end(4, 'Filled', 10);
  await moving;
  expect(book.get('id-4')).toMatchObject({ status: 'Filled', filled: 10 });
  await store.close();
  const after = await open();
  expect(await after.all.require('id-4')).toMatchObject({ status: 'Filled', filled: 10 });
});
