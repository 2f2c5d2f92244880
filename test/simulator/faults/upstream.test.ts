import { describe, expect, test } from 'vitest';
import { AAPL, history, mktData, order } from '../../support/orders.ts';
import { simulator, stopped } from '../../support/simulator.ts';
import { TwsClient } from '../../support/tws-client.ts';

async function codes(client: TwsClient, ...expected: number[]): Promise<void> {
  for (const code of expected) await client.waitForError(code);
  const seen = client.all('error').map(({ errorCode }) => errorCode);
  expect(seen.filter((code) => ![2104, 2106, 2158].includes(code) || expected.includes(code))).toEqual(
    expect.arrayContaining(expected),
  );
}

describe('between the gateway and IBKR', () => {
  test('connection-lost: 1100, silence, 1102 and data again', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqMktData', mktData({ reqId: 1 }));
    await client.waitFor('tickPrice', ({ tickType }) => tickType === 14);
    sim.faults.set('connection-lost', { forMs: 60_000 });
    await client.waitForError(1100, -1);
    const before = client.all('tickPrice').length;
    client.send('placeOrder', order({ orderId: 1 }));
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    sim.clock.advance(59_000);
    client.send('reqManagedAccts', {});
    await client.until(() => client.all('managedAccounts').length === 2, 'an answer from the gateway itself');
    expect(client.all('tickPrice')).toHaveLength(before);
    expect(client.all('openOrder')).toEqual([]);
    sim.clock.advance(10_000);
    await client.waitForError(1102, -1);
    await client.until(() => client.all('tickPrice').length > before, 'ticks again');
  });

  test('connection-lost with data lost: 1101, and subscriptions are gone', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqMktData', mktData({ reqId: 1 }));
    await client.waitFor('tickPrice');
    sim.faults.set('connection-lost', { dataLost: true });
    sim.faults.clear('connection-lost');
    await client.waitForError(1101, -1);
    client.send('cancelMktData', { reqId: 1 });
    await client.waitForError(300, 1);
  });

  test('server-broken: 2110', async () => {
    const sim = await simulator();
    const client = await sim.client();
    sim.faults.set('server-broken');
    await client.waitForError(2110, -1);
    sim.faults.clear('server-broken');
    await client.waitForError(1102, -1);
  });

  test.each([
    ['market', 2103, 2104],
    ['history', 2105, 2106],
    ['secdef', 2157, 2158],
  ])('farm-broken, %s: %i, then %i', async (farm, broken, ok) => {
    const sim = await simulator();
    const client = await sim.client();
    await client.waitForError(2158);
    sim.faults.set('farm-broken', { farm });
    await client.waitForError(broken, -1);
    sim.faults.clear('farm-broken');
    await client.until(
      () => client.all('error', ({ errorCode }) => errorCode === ok).length === 2,
      'it is OK',
    );
  });

  test.each([
    ['connection-lost', {}, [1100, 2103, 2105, 2157]],
    ['server-broken', {}, [2110, 2103, 2105, 2157]],
    ['farm-broken', { farm: 'history' }, [2104, 2105, 2158]],
    ['nightly-reset', {}, [1100, 2103, 2105, 2157]],
  ])('%s: a client that logs in meanwhile is told', async (name, settings, told) => {
    const sim = await simulator();
    sim.faults.set(name, settings);
    const client = await sim.client();
    await client.until(() => client.all('error').length === told.length, 'all notices came');
    expect(client.all('error').map(({ errorCode }) => errorCode)).toEqual(told);
  });

  test('farm-broken, history: other requests are answered', async () => {
    const sim = await simulator();
    const client = await sim.client();
    sim.faults.set('farm-broken', { farm: 'history' });
    client.send('reqHistoricalData', history({ reqId: 1 }));
    client.send('reqMktData', mktData({ reqId: 2, snapshot: true }));
    await client.waitFor('tickSnapshotEnd');
    expect(client.all('historicalData')).toEqual([]);
  });

  test('nightly-reset: broken farms, contracts wrongly unknown, and all is well after a minute', async () => {
    const sim = await stopped();
    const client = await sim.client();
    await client.waitForError(2158);
    sim.faults.set('nightly-reset');
    await codes(client, 1100, 2103, 2105, 2157);
    const details = { contract: AAPL, includeExpired: false, secIdType: '', secId: '' };
    client.send('reqContractDetails', { reqId: 1, ...details });
    await client.waitForError(200, 1);
    sim.clock.advance(60_000);
    await client.waitForError(1102);
    client.send('reqContractDetails', { reqId: 2, ...details });
    await client.waitFor('contractDetailsEnd');
  });

  test('restart: sessions end, the port is shut for a while, orders are kept', async () => {
    const sim = await stopped();
    const client = await sim.client(1);
    client.send('placeOrder', order({ orderId: 1, orderType: 'LMT', lmtPrice: 100 }));
    await client.waitFor('openOrder');
    sim.faults.set('restart', { downMs: 5_000 });
    await client.closed();
    await expect(TwsClient.open(sim.port)).rejects.toThrow('ECONNREFUSED');
    sim.clock.advance(5_000);
    const again = await sim.client(1);
    again.send('reqOpenOrders', {});
    await again.waitFor('openOrder');
  });

  test('port-changed: 1300 names the port, and the connection drops', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    sim.faults.set('port-changed', { port: 7777 });
    expect((await client.waitForError(1300, -1)).errorMsg).toContain('7777');
    await client.closed();
  });
});
