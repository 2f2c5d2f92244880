import { expect, test } from 'vitest';
import type { Safety } from '../../compose/bridge/src/safety.ts';
import type { OrderRequest } from '../../compose/bridge/src/session/order-parts.ts';
import type { OrderRecord } from '../../compose/bridge/src/session/order-records.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { LIMIT, MARKET, settle, tradingDesk } from './support/trading-desk.ts';

const DAY = 86_400_000;
const STOP: OrderRequest = { ...MARKET, orderType: 'STP', stopPrice: 50 };

test.each<[string, Partial<Safety>, OrderRequest]>([
  ['symbol-not-allowed', { symbols: new Set(['MSFT']) }, LIMIT],
  ['order-too-large', { maxOrderQuantity: 9 }, LIMIT],
  ['order-too-large', { maxOrderNotional: 499 }, LIMIT],
  ['order-too-large', { maxOrderNotional: 499 }, STOP],
  ['day-limit-reached', { maxDayQuantity: 9 }, LIMIT],
  ['day-limit-reached', { maxDayNotional: 499 }, LIMIT],
  ['bridge-read-only', { readOnly: true }, LIMIT],
])('%s by %o: nothing is written and nothing sent', async (code, safety, request) => {
  const { desk, lines, gateway } = tradingDesk({ safety });
  await expect(desk.place(request)).rejects.toMatchObject({ code });
  expect([lines, gateway.last.placed]).toEqual([[], []]);
});

test.each<[Partial<Safety>]>([
  [{ symbols: new Set(['AAPL']) }],
  [{ maxOrderQuantity: 10, maxOrderNotional: 500, maxDayQuantity: 10, maxDayNotional: 500 }],
])('%o: what is on the limit passes', async (safety) => {
  const { desk, gateway, clock } = tradingDesk({ safety });
  void desk.place(LIMIT);
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
});

test.each([
  ['order-too-large', 190.01],
  ['notional-unknown', undefined],
])('a market order is judged by the last price: %s at %s', async (code, price) => {
  const { desk, lines } = tradingDesk({ price, safety: { maxOrderNotional: 1_900 } });
  await expect(desk.place(MARKET)).rejects.toMatchObject({ code });
  expect(lines).toEqual([]);
});

test('without a limit no price is asked for', async () => {
  const none = { maxOrderNotional: Infinity, maxDayNotional: Infinity };
  const { desk, gateway, clock } = tradingDesk({ price: undefined, safety: none });
  void desk.place(MARKET);
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
});

test('an option counts with its multiplier', async () => {
  const { desk, gateway } = tradingDesk({ safety: { maxOrderNotional: 49_999 } });
  gateway.last.contracts = [{ ...AAPL, secType: 'OPT', multiplier: 100 }];
  const option = { ...LIMIT, secType: 'OPT', strike: 200, right: 'C', expiration: '20270115' } as const;
  await expect(desk.place(option)).rejects.toMatchObject({
    code: 'order-too-large',
    message: 'notional 50000 is above 49999 (BRIDGE_MAX_ORDER_NOTIONAL)',
  });
});

test('orders of the same moment do not share what is left of the day', async () => {
  const { desk, gateway, clock } = tradingDesk({ safety: { maxDayQuantity: 25 } });
  const placing = Promise.allSettled([desk.place(LIMIT), desk.place(LIMIT), desk.place(LIMIT)]);
  await clock.advance(2_000);
  expect((await placing).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(gateway.last.placed).toHaveLength(2);
});

test('what was cancelled counts by its fills, and a new day begins at nothing', async () => {
  const { desk, gateway, clock, status } = tradingDesk({ safety: { maxDayQuantity: 15 } });
  void desk.place(LIMIT);
  await settle(clock);
  await expect(desk.place(LIMIT)).rejects.toMatchObject({ code: 'day-limit-reached' });
  status('Cancelled', 5);
  void desk.place(LIMIT);
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(2);
  await expect(desk.place({ ...LIMIT, quantity: 1 })).rejects.toMatchObject({ code: 'day-limit-reached' });
  await clock.advance(DAY);
  void desk.place(LIMIT);
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(3);
});

test('the day’s orders still count after a restart', async () => {
  const lines: OrderRecord[] = [];
  const clock = new ManualClock();
  void tradingDesk({ lines, clock }).desk.place(LIMIT);
  await settle(clock);
  const { desk } = tradingDesk({ lines, clock, safety: { maxDayNotional: 999 } });
  await expect(desk.place(LIMIT)).rejects.toMatchObject({
    code: 'day-limit-reached',
    message: "notional 500 on top of the day's 500 is above 999 (BRIDGE_MAX_DAY_NOTIONAL)",
  });
});

test('a live account is traded only in live mode, and only when live trading is named', async () => {
  const live = { accounts: ['U1234567'], tradingMode: 'live' } as const;
  await expect(tradingDesk(live).desk.place(LIMIT)).rejects.toMatchObject({ code: 'live-trading-off' });
  const { desk, gateway, clock } = tradingDesk({ ...live, safety: { liveTrading: true } });
  void desk.place(LIMIT);
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
});

test('what an order would do is told, within the same limits, and nothing is written', async () => {
  const { desk, lines, gateway } = tradingDesk({ safety: { readOnly: true } });
  expect(await desk.preview(LIMIT)).toMatchObject({
    contract: { symbol: 'AAPL' },
    preview: { initialMargin: { change: 250 }, commission: 1 },
  });
  await expect(desk.preview({ ...LIMIT, quantity: 2_000 })).rejects.toMatchObject({
    code: 'order-too-large',
  });
  expect([lines, gateway.last.placed]).toEqual([[], []]);
});
