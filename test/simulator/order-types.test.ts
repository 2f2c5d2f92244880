import { describe, expect, test } from 'vitest';
import { AAPL, mktData, order } from '../support/orders.ts';
import { simulator, stopped } from '../support/simulator.ts';
import type { TwsClient } from '../support/tws-client.ts';

type Stopped = Awaited<ReturnType<typeof stopped>>;

async function floor(options = {}, at?: number): Promise<{ sim: Stopped; client: TwsClient; last: number }> {
  const sim = await stopped(at, options);
  const client = await sim.client();
  client.send('reqMktData', mktData({ reqId: 900, snapshot: true }));
  const { price } = await client.waitFor('tickPrice', ({ tickType }) => tickType === 4);
  return { sim, client, last: price };
}

const statuses = (client: TwsClient, orderId = 1) =>
  client.all('orderStatus', (one) => one.orderId === orderId).map(({ status }) => status);

/** Waits until everything sent before has been answered. */
async function settled(client: TwsClient): Promise<void> {
  const before = client.all('currentTime').length;
  client.send('reqCurrentTime', {});
  await client.until(() => client.all('currentTime').length > before, 'the time');
}

/** Moves time on in small steps, so that what each step causes has happened before the next. */
async function pass(
  { sim, client }: { sim: Stopped; client: TwsClient },
  milliseconds: number,
): Promise<void> {
  await settled(client);
  sim.clock.advance(milliseconds);
  await settled(client);
}

describe('order types', () => {
  test('a stop waits in PreSubmitted until its price is reached, then fills at the market', async () => {
    const at = await floor();
    const far = { orderType: 'STP', action: 'SELL', totalQuantity: 10 };
    at.client.send('placeOrder', order({ orderId: 1, ...far, auxPrice: 100 }));
    at.client.send('placeOrder', order({ orderId: 2, ...far, auxPrice: Math.ceil(at.last) + 5 }));
    await pass(at, 2_000);
    expect(statuses(at.client, 1)).toEqual(['PreSubmitted']);
    expect(statuses(at.client, 2)).toEqual(['PreSubmitted', 'Submitted', 'Filled']);
  });

  test('a stop limit that is triggered stays at its limit', async () => {
    const at = await floor();
    const auxPrice = Math.floor(at.last) - 5;
    const given = { orderType: 'STP LMT', action: 'BUY', auxPrice, lmtPrice: 100 };
    at.client.send('placeOrder', order({ orderId: 1, ...given }));
    await pass(at, 2_000);
    expect(statuses(at.client)).toEqual(['PreSubmitted', 'Submitted']);
  });

  test('a trailing stop follows the price and fills when it turns', async () => {
    const at = await floor();
    const given = { orderType: 'TRAIL', action: 'SELL', auxPrice: 0.02 };
    at.client.send('placeOrder', order({ orderId: 1, ...given }));
    await pass(at, 30 * 60_000);
    expect(statuses(at.client)).toEqual(['PreSubmitted', 'Submitted', 'Filled']);
    expect(at.client.all('openOrder')[0]?.trailStopPrice).toBeUndefined();
  });

  test('a limit if touched waits for a better price', async () => {
    const at = await floor();
    const given = { orderType: 'LIT', action: 'BUY', auxPrice: 100, lmtPrice: 100 };
    at.client.send('placeOrder', order({ orderId: 1, ...given }));
    await pass(at, 2_000);
    expect(statuses(at.client)).toEqual(['PreSubmitted']);
  });

  test('a large order fills in parts, each with its own execution and commission', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1, totalQuantity: 2_000 }));
    await pass(at, 5_000);
    const fills = at.client.all('execDetails');
    expect(fills.length).toBeGreaterThan(1);
    expect(fills.reduce((sum, { shares }) => sum + shares, 0)).toBe(2_000);
    expect(fills.at(-1)?.cumQty).toBe(2_000);
    expect(at.client.all('commissionReport')).toHaveLength(fills.length);
    const partly = at.client.all('orderStatus', ({ filled, status }) => filled > 0 && status === 'Submitted');
    expect(partly.length).toBe(fills.length - 1);
    const average = fills.reduce((sum, { shares, price }) => sum + shares * price, 0) / 2_000;
    expect(at.client.all('orderStatus').at(-1)?.avgFillPrice).toBeCloseTo(average, 6);
  });
});

describe('time in force', () => {
  test('IOC fills what it can at once and cancels the rest', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1, tif: 'IOC', totalQuantity: 2_000 }));
    at.client.send('placeOrder', order({ orderId: 2, tif: 'IOC', orderType: 'LMT', lmtPrice: 100 }));
    await pass(at, 1_000);
    expect(statuses(at.client, 1).at(-1)).toBe('Cancelled');
    expect(at.client.all('execDetails')).toHaveLength(1);
    expect(statuses(at.client, 2).at(-1)).toBe('Cancelled');
  });

  test('FOK fills whole or not at all', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1, tif: 'FOK', totalQuantity: 2_000 }));
    at.client.send('placeOrder', order({ orderId: 2, tif: 'FOK', orderType: 'LMT', lmtPrice: 100 }));
    await pass(at, 1_000);
    expect(at.client.all('execDetails').map(({ shares }) => shares)).toEqual([2_000]);
    expect(statuses(at.client, 2).at(-1)).toBe('Cancelled');
  });

  test('GTD ends at its time, DAY with the day, GTC stays', async () => {
    const at = await floor({ hours: 'exchange' }, Date.parse('2026-11-18T20:50:00Z'));
    const far = { orderType: 'LMT', lmtPrice: 100 };
    const until = '20261118 15:55:00 US/Eastern';
    at.client.send('placeOrder', order({ orderId: 1, tif: 'GTD', goodTillDate: until, ...far }));
    at.client.send('placeOrder', order({ orderId: 2, tif: 'DAY', ...far }));
    at.client.send('placeOrder', order({ orderId: 3, tif: 'GTC', ...far }));
    await pass(at, 6 * 60_000);
    expect([1, 2, 3].map((id) => statuses(at.client, id).at(-1))).toEqual([
      'Cancelled',
      'Submitted',
      'Submitted',
    ]);
    await pass(at, 6 * 60_000);
    expect([2, 3].map((id) => statuses(at.client, id).at(-1))).toEqual(['Cancelled', 'Submitted']);
    expect((await at.client.waitForError(202, 2)).errorMsg).toContain('expired');
  });

  test('while the exchange is closed an order waits, with a warning (399)', async () => {
    const beforeOpen = Date.parse('2026-11-23T14:28:00Z');
    const at = await floor({ hours: 'exchange' }, beforeOpen);
    at.client.send('placeOrder', order({ orderId: 1 }));
    await at.client.waitForError(399, 1);
    await pass(at, 60_000);
    expect(statuses(at.client)).toEqual(['PreSubmitted']);
    await pass(at, 120_000);
    expect(statuses(at.client)).toEqual(['PreSubmitted', 'Submitted', 'Filled']);
  });
});

describe('changing orders', () => {
  const far = { orderType: 'LMT', lmtPrice: 100, totalQuantity: 10 };

  test('a modified price fills it; a filled order cannot be modified (104), an ended one not reused (103)', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1, ...far }));
    await pass(at, 1_000);
    at.client.send('placeOrder', order({ orderId: 1, ...far, lmtPrice: 400 }));
    await pass(at, 1_000);
    expect(statuses(at.client).at(-1)).toBe('Filled');
    const permIds = new Set(at.client.all('openOrder').map(({ permId }) => permId));
    expect(permIds.size).toBe(1);
    at.client.send('placeOrder', order({ orderId: 1, ...far }));
    await at.client.waitForError(104, 1);
    at.client.send('placeOrder', order({ orderId: 2, ...far }));
    at.client.send('cancelOrder', { orderId: 2 });
    await pass(at, 1_000);
    at.client.send('placeOrder', order({ orderId: 2, ...far }));
    await at.client.waitForError(103, 2);
  });

  test('the side cannot be modified (105)', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1, ...far }));
    at.client.send('placeOrder', order({ orderId: 1, ...far, action: 'SELL' }));
    await at.client.waitForError(105, 1);
  });

  test('a global cancel ends every client’s orders', async () => {
    const sim = await simulator();
    const [one, two] = await Promise.all([sim.client(1), sim.client(2)]);
    for (const client of [one, two]) client.send('placeOrder', order({ orderId: 1, ...far }));
    await Promise.all(
      [one, two].map((c) => c.waitFor('orderStatus', ({ status }) => status === 'Submitted')),
    );
    one.send('reqGlobalCancel', {});
    await Promise.all([one, two].map((client) => client.waitForError(202, 1)));
  });
});

describe('a bracket', () => {
  const parent = { orderId: 1, orderType: 'LMT', lmtPrice: 400, transmit: false };
  const target = {
    orderId: 2,
    parentId: 1,
    action: 'SELL',
    orderType: 'LMT',
    lmtPrice: 600,
    transmit: false,
  };
  const stop = { orderId: 3, parentId: 1, action: 'SELL', orderType: 'STP', auxPrice: 50, transmit: true };

  test('is silent until its last order is transmitted', async () => {
    const { client } = await floor();
    client.send('placeOrder', order(parent));
    client.send('placeOrder', order(target));
    client.send('reqOpenOrders', {});
    await client.waitFor('openOrderEnd');
    expect(client.all('openOrder')).toEqual([]);
    expect(client.all('orderStatus')).toEqual([]);
    client.send('placeOrder', order(stop));
    await client.until(() => client.all('openOrder').length === 3, 'the three orders');
    expect(client.all('orderStatus', ({ orderId }) => orderId === 2)[0]).toMatchObject({
      status: 'PreSubmitted',
      parentId: 1,
      whyHeld: 'child',
    });
  });

  test('the children work when the parent has filled; one’s fill cancels the other', async () => {
    const at = await floor();
    const price = Math.floor(at.last) - 10;
    at.client.send('placeOrder', order(parent));
    at.client.send('placeOrder', order({ ...target, lmtPrice: price }));
    at.client.send('placeOrder', order(stop));
    await pass(at, 3_000);
    expect(statuses(at.client, 1).at(-1)).toBe('Filled');
    expect(statuses(at.client, 2).at(-1)).toBe('Filled');
    expect(statuses(at.client, 3).at(-1)).toBe('Cancelled');
  });

  test('cancelling the parent cancels the children', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ ...parent, lmtPrice: 100 }));
    at.client.send('placeOrder', order(target));
    at.client.send('placeOrder', order(stop));
    await pass(at, 1_000);
    expect(statuses(at.client, 1).at(-1)).toBe('Submitted');
    expect(statuses(at.client, 2).at(-1)).toBe('PreSubmitted');
    at.client.send('cancelOrder', { orderId: 1 });
    await pass(at, 1_000);
    for (const id of [1, 2, 3]) expect(statuses(at.client, id).at(-1)).toBe('Cancelled');
  });

  test('orders of one OCA group: a fill cancels the rest', async () => {
    const at = await floor();
    const oca = { ocaGroup: 'either', ocaType: 1 };
    at.client.send('placeOrder', order({ orderId: 1, ...oca, orderType: 'LMT', lmtPrice: 100 }));
    at.client.send('placeOrder', order({ orderId: 2, ...oca }));
    await pass(at, 1_000);
    expect(statuses(at.client, 1).at(-1)).toBe('Cancelled');
    expect(statuses(at.client, 2).at(-1)).toBe('Filled');
  });
});

describe('a what-if order', () => {
  test('is answered with margins and commission, and is nowhere afterwards', async () => {
    const { client } = await floor();
    client.send('placeOrder', order({ orderId: 1, whatIf: true, orderType: 'LMT', lmtPrice: 200 }));
    const preview = await client.waitFor('openOrder');
    expect(preview).toMatchObject({
      whatIf: true,
      status: 'PreSubmitted',
      commission: 1,
      initMarginChange: '1000.00',
    });
    expect(Number(preview.initMarginAfter)).toBeCloseTo(Number(preview.initMarginBefore) + 1000, 2);
    client.send('reqAllOpenOrders', {});
    client.send('reqCompletedOrders', { apiOnly: false });
    await client.waitFor('openOrderEnd');
    await client.waitFor('completedOrdersEnd');
    expect(client.all('openOrder')).toHaveLength(1);
    expect(client.all('orderStatus')).toEqual([]);
    client.send('placeOrder', order({ orderId: 1 }));
    await client.waitFor('orderStatus');
  });
});

describe('refused', () => {
  test.each([
    [434, { totalQuantity: 0 }],
    [321, { totalQuantity: -5 }],
    [10243, { totalQuantity: 1.5 }],
    [387, { orderType: 'MAGIC' }],
    [321, { orderType: 'LMT' }],
    [321, { orderType: 'STP' }],
    [321, { orderType: 'TRAIL' }],
    [110, { orderType: 'LMT', lmtPrice: 100.123 }],
    [321, { action: 'HOLD' }],
    [321, { tif: 'SOON' }],
    [321, { tif: 'GTD', goodTillDate: 'later' }],
    [201, { tif: 'GTD', goodTillDate: '20200101 00:00:00' }],
    [321, { account: 'DU0' }],
    [201, { totalQuantity: 1_000_000 }],
    [201, { contract: { ...AAPL, secType: 'BAG' } }],
    [200, { contract: { symbol: 'AMZN', secType: 'OPT', strike: 200 } }],
  ])('with %i: %o', async (code, given) => {
    const { client } = await floor();
    client.send('placeOrder', order({ orderId: 1, ...given }));
    await client.waitForError(code, 1);
    expect(client.all('openOrder')).toEqual([]);
  });
});

describe('who sees what', () => {
  test('each client its own; all orders to whoever asks; everything to the master client', async () => {
    const sim = await simulator({ masterClientId: 9 });
    const [one, two, master] = await Promise.all([sim.client(1), sim.client(2), sim.client(9)]);
    one.send('placeOrder', order({ orderId: 1, orderType: 'LMT', lmtPrice: 100 }));
    two.send('placeOrder', order({ orderId: 1 }));
    await one.waitFor('orderStatus', ({ status }) => status === 'Submitted');
    await two.waitFor('commissionReport');
    await master.waitFor('commissionReport');
    await master.waitFor('orderStatus', ({ clientId }) => clientId === 1);
    expect(one.all('execDetails')).toEqual([]);
    two.send('reqOpenOrders', {});
    await two.waitFor('openOrderEnd');
    two.send('reqAllOpenOrders', {});
    await two.until(() => two.all('openOrderEnd').length === 2, 'all open orders');
    expect(two.all('openOrder', ({ clientId }) => clientId === 1)).toHaveLength(1);
    const filter = { clientId: 0, acctCode: '', time: '', symbol: '', secType: '', exchange: '', side: '' };
    master.send('reqExecutions', { reqId: 5, ...filter });
    await master.waitFor('execDetailsEnd');
    expect(master.all('execDetails', ({ reqId }) => reqId === 5)).toMatchObject([{ clientId: 2 }]);
  });

  test('executions are filtered by symbol, side and time', async () => {
    const at = await floor();
    at.client.send('placeOrder', order({ orderId: 1 }));
    await pass(at, 1_000);
    const filter = { clientId: 0, acctCode: '', time: '', symbol: '', secType: '', exchange: '', side: '' };
    const count = async (reqId: number, given: object) => {
      at.client.send('reqExecutions', { reqId, ...filter, ...given });
      await at.client.waitFor('execDetailsEnd', (end) => end.reqId === reqId);
      return at.client.all('execDetails', (one) => one.reqId === reqId).length;
    };
    expect(await count(1, { symbol: 'AAPL', side: 'BUY' })).toBe(1);
    expect(await count(2, { symbol: 'MSFT' })).toBe(0);
    expect(await count(3, { side: 'SELL' })).toBe(0);
    expect(await count(4, { time: '20261118 10:59:00' })).toBe(1);
    expect(await count(5, { time: '20261118 11:30:00' })).toBe(0);
    // What an official client leaves out is the largest int.
    expect(await count(6, { lastNDays: 2 ** 31 - 1 })).toBe(1);
    await pass(at, 25 * 3_600_000);
    expect(await count(7, { lastNDays: 2 ** 31 - 1 })).toBe(0);
    expect(await count(8, { lastNDays: 2 })).toBe(1);
    expect(await count(9, { specificDates: [20261118] })).toBe(1);
    expect(await count(10, { specificDates: [20261117] })).toBe(0);
  });

  test('an order goes on when its client has left, and is there when it comes back', async () => {
    const sim = await simulator();
    const first = await sim.client(3);
    first.send('placeOrder', order({ orderId: 1, orderType: 'LMT', lmtPrice: 100 }));
    await first.waitFor('orderStatus', ({ status }) => status === 'Submitted');
    first.close();
    const other = await sim.client(4);
    await other.until(() => {
      other.send('reqCurrentTime', {});
      return sim.events.some(({ text }) => text === 'client 3 disconnected');
    }, 'client 3 to be gone');
    const again = await sim.client(3);
    expect((await again.waitFor('nextValidId')).orderId).toBe(2);
    again.send('reqOpenOrders', {});
    expect(await again.waitFor('openOrder')).toMatchObject({ orderId: 1, status: 'Submitted' });
  });
});
