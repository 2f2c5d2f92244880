import { describe, expect, test } from 'vitest';
import { AAPL, order } from '../support/orders.ts';
import { simulator } from '../support/simulator.ts';

describe('a market order', () => {
  test('goes from PreSubmitted to Filled, with an execution, a commission and a position', async () => {
    const client = await (await simulator()).client();
    client.send('reqPositions', {});
    client.send('placeOrder', order({ orderId: 1, action: 'BUY', totalQuantity: 10 }));
    const commission = await client.waitFor('commissionReport');
    const statuses = client.all('orderStatus').map(({ status }) => status);
    expect(statuses).toEqual(['PreSubmitted', 'Submitted', 'Filled']);
    const filled = client.all('orderStatus').at(-1);
    expect(filled).toMatchObject({ filled: 10, remaining: 0, clientId: 1, orderId: 1 });
    const [execution] = client.all('execDetails');
    expect(execution).toMatchObject({
      reqId: -1,
      orderId: 1,
      side: 'BOT',
      shares: 10,
      permId: filled?.permId,
    });
    expect(execution?.time).toMatch(/^\d{8} \d\d:\d\d:\d\d US\/Eastern$/);
    expect(execution?.price).toBeGreaterThan(200);
    expect(commission).toMatchObject({ execId: execution?.execId, commission: 1, currency: 'USD' });
    const held = await client.waitFor('position', ({ contract }) => contract.conId === AAPL.conId);
    expect(held.position).toBe(10);
    expect(held.avgCost).toBeCloseTo((execution?.price ?? 0) + 0.1, 6);
  });

  test('openOrder carries what was ordered, and None for the delta neutral type', async () => {
    const client = await (await simulator()).client();
    client.send('placeOrder', order({ orderId: 1, action: 'SELL', totalQuantity: 3, orderRef: 'mine' }));
    expect(await client.waitFor('openOrder')).toMatchObject({
      orderId: 1,
      clientId: 1,
      action: 'SELL',
      totalQuantity: 3,
      orderType: 'MKT',
      tif: 'DAY',
      orderRef: 'mine',
      status: 'PreSubmitted',
      deltaNeutralOrderType: 'None',
      contract: { conId: 265598, symbol: 'AAPL', secType: 'STK' },
    });
  });
});

describe('a limit order', () => {
  const far = { action: 'BUY', orderType: 'LMT', lmtPrice: 100, totalQuantity: 10 } as const;

  test('far below the market stays Submitted until it is cancelled: PendingCancel, Cancelled, then 202', async () => {
    const client = await (await simulator()).client();
    client.send('placeOrder', order({ orderId: 1, ...far }));
    await client.waitFor('orderStatus', ({ status }) => status === 'Submitted');
    client.send('reqOpenOrders', {});
    await client.waitFor('openOrderEnd');
    expect(client.all('openOrder').at(-1)).toMatchObject({ orderId: 1, lmtPrice: 100, status: 'Submitted' });
    client.send('cancelOrder', { orderId: 1 });
    await client.waitForError(202, 1);
    const said = client.received.slice(-3).map((a) => (a.type === 'orderStatus' ? a.status : a.type));
    expect(said).toEqual(['PendingCancel', 'Cancelled', 'error']);
    client.send('reqCompletedOrders', { apiOnly: false });
    await client.waitFor('completedOrdersEnd');
    expect(client.all('completedOrder')).toMatchObject([{ status: 'Cancelled', lmtPrice: 100 }]);
  });

  test('above the market fills no dearer than its limit', async () => {
    const client = await (await simulator()).client();
    client.send('placeOrder', order({ orderId: 1, ...far, lmtPrice: 400 }));
    const execution = await client.waitFor('execDetails');
    expect(execution.price).toBeLessThan(400);
  });

  test('of an option is resolved from symbol, strike, right and expiration', async () => {
    const client = await (await simulator()).client();
    client.send('reqSecDefOptParams', {
      reqId: 1,
      underlyingSymbol: 'AMZN',
      futFopExchange: '',
      underlyingSecType: 'STK',
      underlyingConId: 3691937,
    });
    await client.waitFor('secDefOptParamsEnd');
    const chain = client.all('secDefOptParams', ({ exchange }) => exchange === 'SMART')[0];
    const contract = {
      symbol: 'AMZN',
      secType: 'OPT',
      lastTradeDateOrContractMonth: chain?.expirations.at(-1) ?? '',
      strike: 200,
      right: 'C',
      exchange: 'SMART',
      currency: 'USD',
    };
    client.send(
      'placeOrder',
      order({ orderId: 1, contract, orderType: 'LMT', lmtPrice: 500, action: 'SELL' }),
    );
    const open = await client.waitFor('openOrder');
    expect(open.contract).toMatchObject({ secType: 'OPT', strike: 200, right: 'C', multiplier: '100' });
    expect(open.contract.localSymbol).toMatch(/^AMZN {2}\d{6}C00200000$/);
  });
});

describe('an order that is refused', () => {
  test('its contract is unknown: 200', async () => {
    const client = await (await simulator()).client();
    client.send('placeOrder', order({ orderId: 1, contract: { ...AAPL, conId: 0, symbol: 'NOPE' } }));
    expect((await client.waitForError(200, 1)).errorMsg).toContain('No security definition');
  });

  test('the gateway is read-only: 321, for placing and for cancelling', async () => {
    const client = await (await simulator({ readOnly: true })).client();
    client.send('placeOrder', order({ orderId: 1 }));
    expect((await client.waitForError(321, 1)).errorMsg).toContain('Read-Only mode');
    client.send('cancelOrder', { orderId: 7 });
    await client.waitForError(321, 7);
    expect(client.all('openOrder')).toEqual([]);
  });

  test('a cancel of what is not there is 10147, of what has filled 10148', async () => {
    const client = await (await simulator()).client();
    client.send('cancelOrder', { orderId: 9 });
    await client.waitForError(10147, 9);
    client.send('placeOrder', order({ orderId: 1 }));
    await client.waitFor('orderStatus', ({ status }) => status === 'Filled');
    client.send('cancelOrder', { orderId: 1 });
    expect((await client.waitForError(10148, 1)).errorMsg).toContain('Filled');
  });
});

describe('executions', () => {
  test('are given again, with their commissions, to the client that traded', async () => {
    const sim = await simulator();
    const [client, other] = await Promise.all([sim.client(1), sim.client(2)]);
    client.send('placeOrder', order({ orderId: 1 }));
    await client.waitFor('commissionReport');
    const filter = { clientId: 0, acctCode: '', time: '', symbol: '', secType: '', exchange: '', side: '' };
    client.send('reqExecutions', { reqId: 5, ...filter });
    other.send('reqExecutions', { reqId: 5, ...filter });
    await Promise.all([client.waitFor('execDetailsEnd'), other.waitFor('execDetailsEnd')]);
    expect(client.all('execDetails', ({ reqId }) => reqId === 5)).toHaveLength(1);
    expect(client.all('commissionReport')).toHaveLength(2);
    expect(other.all('execDetails')).toEqual([]);
  });
});
