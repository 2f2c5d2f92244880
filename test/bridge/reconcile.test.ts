import { expect, test } from 'vitest';
import type { ReportedOrder } from '../../compose/bridge/src/client/order-types.ts';
import type { Execution } from '../../compose/bridge/src/client/types.ts';
import type { OrderRecord } from '../../compose/bridge/src/session/order-records.ts';
import { AAPL, type FakeClient } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { LIMIT, settle, tradingDesk } from './support/trading-desk.ts';

const REPORT: ReportedOrder = {
  orderId: 1,
  clientId: 100,
  permId: 777,
  orderRef: 'key-1',
  account: 'DU1234567',
  conId: AAPL.conId,
  action: 'BUY',
  quantity: 10,
  status: 'Submitted',
};
const EXECUTION: Execution = {
  execId: 'e.1.01',
  orderId: 1,
  clientId: 100,
  permId: 777,
  account: 'DU1234567',
  contract: AAPL,
  side: 'BOT',
  price: 50,
  quantity: 10,
  time: '20270115 14:31:00 UTC',
  exchange: 'NASDAQ',
  orderRef: 'key-1',
};
const SILENT = () => new Promise<never>(() => {});

/** A bridge that was killed right after it had handed the order to the socket, and one started in its place. */
async function restarted(gateway: Partial<FakeClient>, { statusBefore = '', later = 0 } = {}) {
  const lines: OrderRecord[] = [];
  const clock = new ManualClock();
  const before = tradingDesk({ lines, clock });
  void before.desk.place(LIMIT, 'key-1');
  await settle(clock);
  if (statusBefore !== '') before.status(statusBefore);
  before.session.stop();
  await clock.advance(later);
  const after = tradingDesk({ lines, clock, beforeLogin: ({ last }) => Object.assign(last, gateway) });
  await settle(clock);
  return { ...after, order: () => after.book.byKey('key-1') };
}

test('an order that is open is found by its orderRef', async () => {
  const { order } = await restarted({ openOrders: async () => [REPORT] });
  expect(order()).toMatchObject({ status: 'Submitted', permId: 777 });
});

test('an order that has ended is found among the completed ones', async () => {
  const report = { ...REPORT, orderId: 0, clientId: 0, status: 'Cancelled', filled: 4 };
  const { order } = await restarted({ completedOrders: async () => [report] });
  expect(order()).toMatchObject({ status: 'Cancelled', filled: 4, remaining: 6 });
});

test('where the gateway remembers only the executions, they tell', async () => {
  const gateway: Partial<FakeClient> = {};
  gateway.executions = async () => {
    told.say?.execution(EXECUTION);
    return [EXECUTION];
  };
  const told: { say?: FakeClient['say'] } = {};
  const lines: OrderRecord[] = [];
  const clock = new ManualClock();
  void tradingDesk({ lines, clock }).desk.place(LIMIT, 'key-1');
  await settle(clock);
  const { book } = tradingDesk({
    lines,
    clock,
    beforeLogin: ({ last }) => {
      told.say = last.say;
      Object.assign(last, gateway);
    },
  });
  await clock.advance(500);
  expect(book.byKey('key-1')).toMatchObject({ status: 'Filled', filled: 10, averageFillPrice: 50 });
});

test('an order in none of the answers was not received; its key stays taken and nothing is sent', async () => {
  const { order, desk, gateway } = await restarted({});
  expect(order()).toMatchObject({ status: 'NotReceived' });
  expect(await desk.place(LIMIT, 'key-1')).toMatchObject({
    replayed: true,
    order: { status: 'NotReceived' },
  });
  expect(gateway.last.placed).toEqual([]);
});

test('should the gateway tell of it after all, that counts', async () => {
  const { order, status } = await restarted({});
  status('Filled', 10);
  expect(order()).toMatchObject({ status: 'Filled', filled: 10 });
});

test.each<[string, Partial<FakeClient>]>([
  ['open orders', { openOrders: SILENT }],
  ['completed orders', { completedOrders: SILENT }],
  ['executions', { executions: SILENT }],
])('while the answer for %s is missing nothing is called lost', async (_, gateway) => {
  const { order, clock } = await restarted(gateway);
  await clock.advance(10_000);
  expect(order()).toMatchObject({ status: 'Unknown' });
});

test('a missing answer is asked for again', async () => {
  const refuse = () => Promise.reject(new Error('not answered'));
  const { order, clock, gateway } = await restarted({ openOrders: refuse });
  expect(order()).toMatchObject({ status: 'Unknown' });
  gateway.last.openOrders = async () => [REPORT];
  await clock.advance(30_000);
  expect(order()).toMatchObject({ status: 'Submitted' });
});

test('an order of an earlier day that is in no answer stays unknown: completed ones are forgotten', async () => {
  const { order } = await restarted({}, { later: 24 * 3_600_000 });
  expect(order()).toMatchObject({ status: 'Unknown' });
});

test('an order that worked and is gone has ended in a way nobody can tell any more', async () => {
  const { order } = await restarted({}, { statusBefore: 'Submitted' });
  expect(order()).toMatchObject({ status: 'Unknown', permId: 777 });
});

test('another client’s order with the same orderRef is not ours', async () => {
  const { order } = await restarted({ openOrders: async () => [{ ...REPORT, conId: 1 }] });
  expect(order()).toMatchObject({ status: 'NotReceived' });
});

test('a reconnect asks too, and a loss of IBKR', async () => {
  const { desk, clock, gateway, book, status } = tradingDesk();
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  status('Submitted');
  gateway.last.completedOrders = async () => [{ ...REPORT, status: 'Filled', filled: 10 }];
  gateway.last.say.notice({ code: 1100, message: 'lost' });
  gateway.last.say.notice({ code: 1102, message: 'restored' });
  await settle(clock);
  expect(book.byKey('key-1')).toMatchObject({ status: 'Filled', filled: 10 });
});

test('what an ended connection answers late changes nothing', async () => {
  const answer = Promise.withResolvers<ReportedOrder[]>();
  const { order, clock, gateway } = await restarted({ completedOrders: () => answer.promise });
  gateway.last.close();
  answer.resolve([]);
  await settle(clock);
  expect(order()).toMatchObject({ status: 'Unknown' });
});

test('without orders in doubt nothing is asked', async () => {
  let asked = 0;
  const openOrders = async () => {
    asked += 1;
    return [];
  };
  tradingDesk({ beforeLogin: ({ last }) => Object.assign(last, { openOrders }) });
  expect(asked).toBe(0);
});
