import { describe, expect, test } from 'vitest';
import { AAPL, order } from '../support/orders.ts';
import { simulator, stopped } from '../support/simulator.ts';

describe('account summary', () => {
  test('sends the tags asked for, and an end', async () => {
    const client = await (await simulator()).client();
    client.send('reqAccountSummary', { reqId: 1, group: 'All', tags: 'NetLiquidation,BuyingPower,Nonsense' });
    await client.waitFor('accountSummaryEnd');
    expect(client.all('accountSummary').map(({ tag, currency }) => [tag, currency])).toEqual([
      ['BuyingPower', 'USD'],
      ['NetLiquidation', 'USD'],
    ]);
    expect(Number(client.all('accountSummary')[1]?.value)).toBeGreaterThan(1_000_000);
  });

  test('the ledger, and of every account', async () => {
    const client = await (await simulator({ accounts: 3 })).client();
    client.send('reqAccountSummary', { reqId: 1, group: 'All', tags: '$LEDGER:USD' });
    await client.waitFor('accountSummaryEnd');
    const cash = client.all('accountSummary', ({ tag }) => tag === 'CashBalance');
    expect(cash.map(({ value }) => value)).toEqual(['1000000.00', '1000000.00', '1000000.00']);
    expect(new Set(cash.map(({ account }) => account)).size).toBe(3);
  });

  test('a session follows two of them (322)', async () => {
    const client = await (await simulator()).client();
    for (const reqId of [1, 2, 3]) client.send('reqAccountSummary', { reqId, group: 'All', tags: 'SMA' });
    await client.waitForError(322, 3);
    client.send('cancelAccountSummary', { reqId: 1 });
    client.send('reqAccountSummary', { reqId: 4, group: 'All', tags: 'SMA' });
    await client.waitFor('accountSummaryEnd', ({ reqId }) => reqId === 4);
  });

  test('sends what has changed again after three minutes', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqAccountSummary', { reqId: 1, group: 'All', tags: 'NetLiquidation,TotalCashValue' });
    await client.waitFor('accountSummaryEnd');
    sim.clock.advance(180_000);
    await client.until(() => client.all('accountSummary').length > 2, 'another value');
    expect(client.all('accountSummary').map(({ tag }) => tag)).toEqual([
      'NetLiquidation',
      'TotalCashValue',
      'NetLiquidation',
    ]);
  });
});

describe('account updates', () => {
  test('values, portfolio, time and end; a fill brings them again', async () => {
    const client = await (await simulator()).client();
    client.send('reqAccountUpdates', { subscribe: true, account: '' });
    await client.waitFor('accountDownloadEnd');
    const held = client.all('portfolioValue').map(({ symbol, position }) => [symbol, position]);
    expect(held).toEqual([
      ['AMZN', 150],
      ['SPY', 40],
    ]);
    expect(client.all('accountUpdateTime')[0]?.timeStamp).toMatch(/^\d\d:\d\d$/);
    client.send('placeOrder', order({ orderId: 1, totalQuantity: 5 }));
    const bought = await client.waitFor('portfolioValue', ({ conId }) => conId === AAPL.conId);
    expect(bought).toMatchObject({ position: 5, primaryExch: 'NASDAQ' });
    client.send('reqAccountUpdates', { subscribe: false, account: '' });
  });

  test('multi', async () => {
    const client = await (await simulator()).client();
    client.send('reqAccountUpdatesMulti', { reqId: 3, account: '', modelCode: '', ledgerAndNLV: true });
    await client.waitFor('accountUpdateMultiEnd');
    const keys = client.all('accountUpdateMulti').map(({ key }) => key);
    expect(keys).toContain('NetLiquidation');
    expect(keys).toContain('CashBalance');
    expect(keys).not.toContain('BuyingPower');
  });

  test('of an account there is not: 321', async () => {
    const client = await (await simulator()).client();
    client.send('reqAccountUpdates', { subscribe: true, account: 'DU0' });
    await client.waitForError(321, -1);
    client.send('reqPnL', { reqId: 4, account: 'DU0', modelCode: '' });
    await client.waitForError(321, 4);
  });
});

describe('profit and loss', () => {
  test('of the account and of one position, every second', async () => {
    const sim = await stopped();
    const client = await sim.client();
    const { accountsList: account } = await client.waitFor('managedAccounts');
    client.send('reqPnL', { reqId: 1, account, modelCode: '' });
    client.send('reqPnLSingle', { reqId: 2, account, modelCode: '', conId: 3691937 });
    await client.waitFor('pnlSingle');
    sim.clock.advance(3_000);
    await client.until(() => client.all('pnl').length === 4, 'three more');
    expect(client.all('pnlSingle').at(-1)).toMatchObject({ position: 150, realizedPnL: 0 });
    const { unrealizedPnL } = client.all('pnl')[0] ?? expect.unreachable();
    client.send('reqPositions', {});
    await client.waitFor('positionEnd');
    expect(unrealizedPnL).not.toBe(0);
  });

  test('selling what is held realizes the difference, less commission', async () => {
    const client = await (await simulator()).client();
    const contract = { symbol: 'AMZN', secType: 'STK', exchange: 'SMART', currency: 'USD' };
    client.send('placeOrder', order({ orderId: 1, contract, action: 'SELL', totalQuantity: 50 }));
    const { realizedPNL, commission } = await client.waitFor('commissionReport');
    const { price } = await client.waitFor('execDetails');
    expect(realizedPNL).toBeCloseTo(50 * (price - 190.25) - commission, 6);
    client.send('reqPositions', {});
    await client.waitFor('positionEnd');
    const left = client.all('position', ({ contract: { symbol } }) => symbol === 'AMZN').at(-1);
    expect(left).toMatchObject({ position: 100, avgCost: 190.25 });
  });

  test('selling short and buying back ends flat, with nothing made out of nothing', async () => {
    const client = await (await simulator()).client();
    client.send('placeOrder', order({ orderId: 1, action: 'SELL', totalQuantity: 20 }));
    await client.waitFor('commissionReport');
    client.send('placeOrder', order({ orderId: 2, action: 'BUY', totalQuantity: 20 }));
    await client.until(() => client.all('commissionReport').length === 2, 'the second fill');
    const [sold, bought] = client.all('execDetails').map(({ price }) => price);
    const made = client.all('commissionReport')[1]?.realizedPNL;
    expect(made).toBeCloseTo(20 * ((sold ?? 0) - (bought ?? 0)) - 2, 6);
    client.send('reqAccountSummary', { reqId: 1, group: 'All', tags: 'TotalCashValue' });
    const { value } = await client.waitFor('accountSummary');
    expect(Number(value)).toBeCloseTo(1_000_000 + (made ?? 0), 2);
  });
});

test('look-ups: symbols, market rule, depth exchanges, positions of one account', async () => {
  const client = await (await simulator()).client();
  client.send('reqMatchingSymbols', { reqId: 1, pattern: 'xl' });
  expect((await client.waitFor('symbolSamples')).samples.map(({ symbol }) => symbol)).toContain('XLRE');
  client.send('reqMarketRule', { marketRuleId: 26 });
  expect((await client.waitFor('marketRule')).priceIncrements).toEqual([{ lowEdge: 0, increment: 0.01 }]);
  client.send('reqMktDepthExchanges', {});
  expect((await client.waitFor('mktDepthExchanges')).exchanges.length).toBeGreaterThan(5);
  client.send('reqPositionsMulti', { reqId: 2, account: '', modelCode: '' });
  await client.waitFor('positionMultiEnd');
  expect(client.all('positionMulti')).toHaveLength(2);
  client.send('reqIds', { numIds: 1 });
  await client.until(() => client.all('nextValidId').length === 2, 'another id');
});
