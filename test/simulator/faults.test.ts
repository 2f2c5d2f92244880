import { describe, expect, test } from 'vitest';
import { catalogue } from '../../compose/simulator/src/faults/catalogue.ts';
import { AAPL, history, mktData, order } from '../support/orders.ts';
import { simulator, stopped } from '../support/simulator.ts';
import { TwsClient } from '../support/tws-client.ts';

async function codes(client: TwsClient, ...expected: number[]): Promise<void> {
  for (const code of expected) await client.waitForError(code);
  const seen = client.all('error').map(({ errorCode }) => errorCode);
  expect(seen.filter((code) => ![2104, 2106, 2158].includes(code) || expected.includes(code))).toEqual(
    expect.arrayContaining(expected),
  );
}

async function startApi(client: TwsClient, clientId = 1): Promise<void> {
  await client.greet();
  client.send('startApi', { clientId, optionalCapabilities: '' });
}

describe('connecting', () => {
  test('refuse: connections are refused, sessions go on, and clearing it opens the same port again', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    sim.faults.set('refuse');
    await expect(TwsClient.open(sim.port)).rejects.toThrow('ECONNREFUSED');
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    sim.faults.clear('refuse');
    await sim.client(2);
  });

  test('waiting-for-2fa: sessions end too', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    sim.faults.set('waiting-for-2fa');
    await client.closed();
    await expect(TwsClient.open(sim.port)).rejects.toThrow('ECONNREFUSED');
    sim.faults.clear('waiting-for-2fa');
    await sim.client(1);
  });

  test('accept-then-close: closed without a byte', async () => {
    const sim = await simulator();
    sim.faults.set('accept-then-close');
    const client = await sim.connection();
    await client.closed();
    expect(client.bytes).toBe(0);
  });

  test('mute: the hello is not answered', async () => {
    const sim = await stopped();
    const other = await sim.client(2);
    sim.faults.set('mute');
    const client = await sim.connection();
    void client.greet().catch(() => {});
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.bytes).toBe(0);
    expect(client.isClosed).toBe(false);
  });

  test('mute-after-hello: the hello and nothing else', async () => {
    const sim = await simulator();
    const other = await sim.client(2);
    sim.faults.set('mute-after-hello');
    const client = await sim.connection();
    await startApi(client);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.received).toEqual([]);
    expect(client.isClosed).toBe(false);
  });

  test('close-after-hello: the hello, then the end', async () => {
    const sim = await stopped();
    sim.faults.set('close-after-hello');
    const client = await sim.connection();
    await startApi(client);
    sim.clock.advance(499);
    expect(client.isClosed).toBe(false);
    sim.clock.advance(1);
    await client.closed();
    expect(client.received).toEqual([]);
  });

  test('slow-login: accounts and nextValidId come late', async () => {
    const sim = await stopped();
    sim.faults.set('slow-login', { delayMs: 7_000 });
    const client = await sim.connection();
    await startApi(client);
    await client.until(() => sim.events.some(({ text }) => text.includes('agreed')), 'the hello');
    const other = await sim.connection();
    await other.greet();
    sim.clock.advance(6_999);
    expect(client.received).toEqual([]);
    sim.clock.advance(1);
    await client.waitFor('nextValidId');
  });

  test('client-id-in-use: 326, then the end', async () => {
    const sim = await simulator();
    sim.faults.set('client-id-in-use', { times: 1 });
    const client = await sim.connection();
    await startApi(client);
    await client.waitForError(326, -1);
    await client.closed();
    await sim.client(1);
  });

  test('no-next-valid-id: everything else of the login comes', async () => {
    const sim = await simulator();
    sim.faults.set('no-next-valid-id');
    const client = await sim.connection();
    await startApi(client);
    await client.waitForError(2158);
    expect(client.all('managedAccounts')).toHaveLength(1);
    expect(client.all('nextValidId')).toEqual([]);
  });
});

describe('bytes', () => {
  test('half-open: nothing is read or sent on what exists, new connections work; clearing drops the dead', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    sim.faults.set('half-open');
    const count = client.received.length;
    client.send('reqCurrentTime', {});
    const other = await sim.client(2);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.received).toHaveLength(count);
    expect(client.isClosed).toBe(false);
    sim.faults.clear('half-open');
    await client.closed();
  });

  test('garbage: once, instead of a message', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    const before = client.bytes;
    client.pause();
    sim.faults.set('garbage', { bytes: 3 });
    client.send('reqCurrentTime', {});
    const other = await sim.client(2);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(sim.faults.active()).toEqual([]);
    expect(client.bytes).toBe(before);
    client.resume();
    await client.until(() => client.bytes === before + 3, 'three bytes');
  });

  test('cut-off-frame: half a message, then the end', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    const before = client.bytes;
    sim.faults.set('cut-off-frame');
    client.send('reqManagedAccts', {});
    await client.closed();
    expect(client.bytes - before).toBeGreaterThan(0);
    expect(client.all('managedAccounts')).toHaveLength(1);
    await sim.client(1);
  });

  test('slow-network: everything comes later, in order', async () => {
    const sim = await stopped();
    const client = await sim.client(1);
    const other = await sim.client(2);
    sim.faults.set('slow-network', { clientId: 1, delayMs: 3_000 });
    client.send('reqCurrentTime', {});
    client.send('reqPositions', {});
    await other.until(() => {
      other.send('reqCurrentTime', {});
      return sim.events.some(({ text }) => text === 'client 1: reqPositions');
    }, 'both to be asked');
    expect(client.all('currentTime')).toEqual([]);
    sim.clock.advance(3_000);
    await client.waitFor('positionEnd');
    const types = client.received.slice(5).map(({ type }) => type);
    expect(types).toEqual(['currentTime', 'position', 'position', 'positionEnd']);
  });
});

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

describe('pacing', () => {
  test('the fifty-first message of a second is 100; the third breach ends the session', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 0; i < 53; i += 1) client.send('reqCurrentTime', {});
    await client.closed();
    expect(client.all('currentTime')).toHaveLength(50);
    expect(client.all('error', ({ errorCode }) => errorCode === 100)).toHaveLength(3);
  });

  test('a second later there is room again', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 0; i < 50; i += 1) client.send('reqCurrentTime', {});
    await client.until(() => client.all('currentTime').length === 50, 'fifty answers');
    sim.clock.advance(1_001);
    client.send('reqCurrentTime', {});
    await client.until(() => client.all('currentTime').length === 51, 'one more');
  });

  test('an identical query within 15 s is 162, and later is not', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    client.send('reqHistoricalData', history({ reqId: 1 }));
    client.send('reqHistoricalData', history({ reqId: 2 }));
    expect((await client.waitForError(162, 2)).errorMsg).toContain('pacing violation');
    sim.clock.advance(15_001);
    client.send('reqHistoricalData', history({ reqId: 3 }));
    await client.waitFor('historicalData', ({ reqId }) => reqId === 3);
  });

  test('the sixth at one contract within 2 s is 162', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing');
    for (let i = 1; i <= 6; i += 1) {
      client.send('reqHistoricalData', history({ reqId: i, durationStr: `${i} D` }));
    }
    await client.waitForError(162, 6);
    expect(client.all('historicalData')).toHaveLength(5);
  });

  test('more than the allowance in ten minutes is 162; BID_ASK counts double', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing', { historicalPer10Minutes: 4 });
    for (let i = 1; i <= 3; i += 1) {
      client.send('reqHistoricalData', history({ reqId: i, durationStr: `${i} D`, whatToShow: 'BID_ASK' }));
    }
    await client.waitForError(162, 3);
    expect(client.all('historicalData')).toHaveLength(2);
  });

  test('real-time bars above the allowance are 420', async () => {
    const sim = await stopped();
    const client = await sim.client();
    sim.faults.set('pacing', { historicalPer10Minutes: 1 });
    const bars = { contract: AAPL, barSize: 5, whatToShow: 'TRADES', useRTH: false, realTimeBarsOptions: '' };
    client.send('reqRealTimeBars', { reqId: 1, ...bars });
    client.send('reqRealTimeBars', { reqId: 2, ...bars });
    await client.waitForError(420, 2);
  });
});

describe('the faults themselves', () => {
  test('names are kebab-case, each says what it does, and each has a test here', async () => {
    const { readFileSync } = await import('node:fs');
    const here = readFileSync(new URL(import.meta.url), 'utf8');
    for (const { name, does } of catalogue) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(does).toMatch(/\.$/);
      expect(here).toContain(`'${name}'`);
    }
  });

  test('a name or setting there is not is refused with what there is', async () => {
    const sim = await simulator();
    expect(() => sim.faults.set('thunder')).toThrow('there is no fault "thunder"');
    expect(() => sim.faults.set('mute', { volume: 11 })).toThrow('has no setting "volume"');
    expect(() => sim.faults.set('slow-login', { delayMs: 'long' })).toThrow('got "long"');
    expect(() => sim.faults.set('request-never-answers', { request: 'reqNothing' })).toThrow('request');
    expect(sim.faults.active()).toEqual([]);
  });

  test('end by themselves after a time, and all at once', async () => {
    const sim = await stopped();
    sim.faults.set('mute', { forMs: 5_000 });
    sim.faults.set('competing-session');
    sim.clock.advance(5_000);
    expect(sim.faults.active().map(({ name }) => name)).toEqual(['competing-session']);
    sim.faults.clearAll();
    expect(sim.faults.active()).toEqual([]);
  });
});
