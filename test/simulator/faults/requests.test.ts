import { describe, expect, test } from 'vitest';
import { history, mktData, order } from '../../support/orders.ts';
import { simulator, stopped } from '../../support/simulator.ts';

describe('requests', () => {
  test('request-never-answers: of one type, for one client, so many times', async () => {
    const sim = await simulator();
    const [client, other] = await Promise.all([sim.client(1), sim.client(2)]);
    sim.faults.set('request-never-answers', { clientId: 1, request: 'reqPositions', times: 1 });
    other.send('reqPositions', {});
    await other.waitFor('positionEnd');
    client.send('reqPositions', {});
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    expect(client.all('positionEnd')).toEqual([]);
    client.send('reqPositions', {});
    await client.waitFor('positionEnd');
  });

  test('request-fails: with any code', async () => {
    const sim = await simulator();
    const client = await sim.client();
    sim.faults.set('request-fails', { request: 'reqHistoricalData', code: 162, message: 'no data' });
    client.send('reqHistoricalData', history({ reqId: 1 }));
    expect((await client.waitForError(162, 1)).errorMsg).toBe('no data');
  });

  test.each([354, 10089, 10168])('no-subscription %i ends the request', async (code) => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('no-subscription', { code });
    client.send('reqMktData', mktData({ reqId: 1 }));
    await client.waitForError(code, 1);
    sim.clock.advance(5_000);
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    expect(client.all('tickPrice')).toEqual([]);
  });

  test.each([10090, 10091, 10167])('no-subscription %i is followed by delayed data', async (code) => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('no-subscription', { code });
    client.send('reqMktData', mktData({ reqId: 1 }));
    await client.waitForError(code, 1);
    await client.waitFor('tickPrice', ({ tickType }) => tickType === 68);
    expect(client.all('tickPrice', ({ tickType }) => tickType < 60)).toEqual([]);
  });

  test('competing-session: 10197', async () => {
    const sim = await simulator();
    const client = await sim.client();
    sim.faults.set('competing-session');
    client.send('reqMktData', mktData({ reqId: 1 }));
    await client.waitForError(10197, 1);
  });

  test('order-rejected: 201 with a reason', async () => {
    const sim = await simulator();
    const client = await sim.client();
    sim.faults.set('order-rejected', { reason: 'margin' });
    client.send('placeOrder', order({ orderId: 1 }));
    expect((await client.waitForError(201, 1)).errorMsg).toBe('Order rejected - reason:margin');
  });
});
