import { describe, expect, test } from 'vitest';
import { AAPL, AMZN_CALL, mktData } from '../support/orders.ts';
import { stopped } from '../support/simulator.ts';

const CANCEL = 1_000;

describe('a market data line', () => {
  test('brings bid, ask, last with their sizes twice, and the day so far', async () => {
    const client = await (await stopped()).client();
    client.send('reqMktData', mktData({ reqId: 5 }));
    await client.waitFor('tickPrice', ({ tickType }) => tickType === 14);
    expect(client.all('marketDataType')).toMatchObject([{ reqId: 5, marketDataType: 1 }]);
    expect(client.all('tickReqParams')).toMatchObject([{ reqId: 5, minTick: 0.01 }]);
    const prices = new Map(client.all('tickPrice').map((tick) => [tick.tickType, tick]));
    expect([...prices.keys()].sort((a, b) => a - b)).toEqual([1, 2, 4, 6, 7, 9, 14]);
    for (const [price, size] of [
      [1, 0],
      [2, 3],
      [4, 5],
    ] as const) {
      const alone = client.all('tickSize', ({ tickType }) => tickType === size)[0];
      expect(alone?.size).toBeGreaterThan(0);
      expect(prices.get(price)?.size).toBe(alone?.size);
    }
    expect(prices.get(1)?.price).toBeLessThan(prices.get(2)?.price ?? 0);
  });

  test('goes on with what changes, until it is cancelled', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqMktData', mktData({ reqId: 5 }));
    await client.waitFor('tickPrice');
    const before = client.all('tickPrice').length;
    sim.clock.advance(10_000);
    await client.until(() => client.all('tickPrice').length > before + 10, 'ticks');
    client.send('cancelMktData', { reqId: 5 });
    client.send('cancelMktData', { reqId: 5 });
    await client.waitForError(300, 5);
    const after = client.received.length;
    sim.clock.advance(10_000);
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    expect(client.received).toHaveLength(after + 1);
  });

  test('delayed: other tick types, the prices of fifteen minutes ago', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqMktData', mktData({ reqId: 1 }));
    client.send('reqMarketDataType', { marketDataType: 3 });
    sim.clock.advance(0);
    await client.waitFor('tickPrice', ({ tickType }) => tickType === 4);
    const then = client.all('tickPrice', ({ tickType }) => tickType === 4)[0]?.price;
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    client.send('cancelMktData', { reqId: 1 });
    sim.clock.advance(15 * 60_000);
    client.send('reqMktData', mktData({ reqId: 2 }));
    expect(await client.waitFor('marketDataType', ({ reqId }) => reqId === 2)).toMatchObject({
      marketDataType: 3,
    });
    const tick = await client.waitFor('tickPrice', ({ reqId, tickType }) => reqId === 2 && tickType === 68);
    expect(tick.price).toBe(then);
    await client.waitFor('tickPrice', ({ reqId, tickType }) => reqId === 2 && tickType === 76);
    const types = client.all('tickPrice', ({ reqId }) => reqId === 2).map(({ tickType }) => tickType);
    expect(types).toEqual([66, 67, 68, 72, 73, 75, 76]);
  });

  test('of a closed exchange has no bid and no ask, unless it is frozen', async () => {
    const sim = await stopped(Date.parse('2026-11-21T15:00:00Z'), { hours: 'exchange' });
    const client = await sim.client();
    client.send('reqMktData', mktData({ reqId: 1 }));
    expect((await client.waitFor('tickPrice', ({ tickType }) => tickType === 1)).price).toBe(-1);
    expect((await client.waitFor('tickPrice', ({ tickType }) => tickType === 4)).price).toBeGreaterThan(200);
    client.send('reqMarketDataType', { marketDataType: 2 });
    client.send('reqMktData', mktData({ reqId: 2 }));
    const frozen = await client.waitFor('tickPrice', ({ reqId, tickType }) => reqId === 2 && tickType === 1);
    expect(frozen.price).toBeGreaterThan(200);
  });

  test('generic ticks bring their own', async () => {
    const client = await (await stopped()).client();
    client.send(
      'reqMktData',
      mktData({ reqId: 1, genericTickList: '100,101,104,106,165,221,233,236,293,375' }),
    );
    await client.waitFor('tickString', ({ tickType }) => tickType === 77);
    const generic = client.all('tickGeneric').map(({ tickType }) => tickType);
    expect(generic).toEqual([23, 24, 46, 54]);
    const low = client.all('tickPrice', ({ tickType }) => tickType === 19)[0]?.price ?? 0;
    const high = client.all('tickPrice', ({ tickType }) => tickType === 20)[0]?.price ?? 0;
    expect(low).toBeLessThan(high);
    expect(client.all('tickString', ({ tickType }) => tickType === 48)[0]?.value).toMatch(/^[\d.]+;\d+;\d+;/);
  });

  test('a snapshot ends, and may not carry generic ticks', async () => {
    const client = await (await stopped()).client();
    client.send('reqMktData', mktData({ reqId: 1, snapshot: true }));
    await client.waitFor('tickSnapshotEnd');
    expect(client.all('tickPrice').length).toBeGreaterThan(3);
    client.send('reqMktData', mktData({ reqId: 2, snapshot: true, genericTickList: '233' }));
    expect((await client.waitForError(321, 2)).errorMsg).toContain('not applicable to generic ticks');
  });

  test('an unknown generic tick, a used id, an unknown contract are refused', async () => {
    const client = await (await stopped()).client();
    client.send('reqMktData', mktData({ reqId: 1, genericTickList: '233,777' }));
    await client.waitForError(321, 1);
    client.send('reqMktData', mktData({ reqId: 2 }));
    client.send('reqMktData', mktData({ reqId: 2 }));
    await client.waitForError(322, 2);
    client.send('reqMktData', mktData({ reqId: 3, contract: { ...AAPL, conId: 0, symbol: 'NOPE' } }));
    await client.waitForError(200, 3);
  });

  test('a session has a hundred of them', async () => {
    const client = await (await stopped()).client();
    for (let reqId = 1; reqId <= 101; reqId += 1) client.send('reqMktData', mktData({ reqId }));
    await client.waitForError(101, 101);
  });

  test('of an option brings its greeks at bid, ask, last and by the model', async () => {
    const client = await (await stopped()).client();
    client.send('reqMktData', mktData({ reqId: 1, contract: AMZN_CALL }));
    await client.waitFor('tickOptionComputation', ({ tickType }) => tickType === 13);
    const all = client.all('tickOptionComputation');
    expect(all.map(({ tickType }) => tickType)).toEqual([10, 11, 12, 13]);
    for (const one of all) {
      expect(one.delta).toBeGreaterThan(0);
      expect(one.delta).toBeLessThan(1);
      expect(one.gamma).toBeGreaterThan(0);
      expect(one.vega).toBeGreaterThan(0);
      expect(one.theta).toBeLessThan(0);
      expect(one.undPrice).toBeGreaterThan(100);
    }
    expect(all[0]?.impliedVol).toBeLessThan(all[1]?.impliedVol ?? 0);
  });
});

describe('market depth', () => {
  const depth = { reqId: 1, contract: AAPL, numRows: 5, isSmartDepth: true, mktDepthOptions: '' };

  test('inserts the rows of both sides, then updates them', async () => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqMktDepth', depth);
    await client.until(() => client.all('updateMktDepthL2').length === 10, 'ten rows');
    const rows = client.all('updateMktDepthL2');
    expect(rows.every(({ operation, isSmartDepth }) => operation === 0 && isSmartDepth)).toBe(true);
    const bids = rows.filter(({ side }) => side === 1).map(({ price }) => price);
    const asks = rows.filter(({ side }) => side === 0).map(({ price }) => price);
    expect(bids).toEqual([...bids].sort((a, b) => b - a));
    expect(asks).toEqual([...asks].sort((a, b) => a - b));
    expect(bids[0]).toBeLessThan(asks[0] ?? 0);
    sim.clock.advance(5_000);
    await client.waitFor('updateMktDepthL2', ({ operation }) => operation === 1);
    client.send('cancelMktDepth', { reqId: 1, isSmartDepth: true });
    client.send('cancelMktDepth', { reqId: 1, isSmartDepth: true });
    await client.waitForError(310, 1);
  });

  test('one exchange’s book names no one, NASDAQ’s does', async () => {
    const client = await (await stopped()).client();
    const contract = { ...AAPL, exchange: 'ARCA' };
    client.send('reqMktDepth', { ...depth, contract, isSmartDepth: false });
    await client.waitFor('updateMktDepth');
    client.send('reqMktDepth', {
      ...depth,
      reqId: 2,
      contract: { ...AAPL, exchange: 'NASDAQ' },
      isSmartDepth: false,
    });
    expect((await client.waitFor('updateMktDepthL2')).marketMaker).not.toBe('');
  });

  test('SMART alone has no book (10092), and a session watches three (309)', async () => {
    const client = await (await stopped()).client();
    client.send('reqMktDepth', { ...depth, isSmartDepth: false });
    await client.waitForError(10092, 1);
    for (let reqId = 2; reqId <= 5; reqId += 1) client.send('reqMktDepth', { ...depth, reqId });
    await client.waitForError(309, 5);
  });
});

describe('time and sales', () => {
  test.each([
    ['Last', 1, 'trade'],
    ['AllLast', 2, 'trade'],
    ['BidAsk', 3, 'bidAsk'],
    ['MidPoint', 4, 'midPoint'],
  ] as const)('%s', async (tickType, number, field) => {
    const sim = await stopped();
    const client = await sim.client();
    client.send('reqTickByTickData', {
      reqId: 1,
      contract: AAPL,
      tickType,
      numberOfTicks: 0,
      ignoreSize: false,
    });
    const first = await client.waitFor('tickByTick');
    expect(first.tickType).toBe(number);
    expect(first[field]).toBeDefined();
    sim.clock.advance(CANCEL);
    await client.until(() => client.all('tickByTick').length === 5, 'four more');
    client.send('cancelTickByTickData', { reqId: 1 });
    client.send('cancelTickByTickData', { reqId: 1 });
    await client.waitForError(300, 1);
  });

  test('of an option is refused', async () => {
    const client = await (await stopped()).client();
    const request = { reqId: 1, tickType: 'Last', numberOfTicks: 0, ignoreSize: false };
    client.send('reqTickByTickData', { ...request, contract: AMZN_CALL });
    await client.waitForError(10189, 1);
  });
});

describe('real-time bars', () => {
  const request = {
    reqId: 1,
    contract: AAPL,
    barSize: 5,
    whatToShow: 'TRADES',
    useRTH: false,
    realTimeBarsOptions: '',
  };

  test('come on whole five seconds, and are the ones history gives later', async () => {
    const sim = await stopped();
    sim.clock.advance(2_300);
    const client = await sim.client();
    client.send('reqRealTimeBars', request);
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    sim.clock.advance(20_000);
    await client.until(() => client.all('realtimeBar').length === 4, 'four bars');
    const bars = client.all('realtimeBar');
    expect(bars.map(({ time }) => time % 5)).toEqual([0, 0, 0, 0]);
    client.send('reqHistoricalData', {
      reqId: 2,
      contract: AAPL,
      includeExpired: false,
      endDateTime: '',
      barSizeSetting: '5 secs',
      durationStr: '60 S',
      useRTH: true,
      whatToShow: 'TRADES',
      formatDate: 2,
      keepUpToDate: false,
      chartOptions: '',
    });
    const { bars: history } = await client.waitFor('historicalData');
    for (const { time, open, high, low, close, volume } of bars) {
      expect(history).toContainEqual(
        expect.objectContaining({ date: String(time), open, high, low, close, volume }),
      );
    }
  });

  test('of a kind they have not are refused', async () => {
    const client = await (await stopped()).client();
    client.send('reqRealTimeBars', { ...request, whatToShow: 'HISTORICAL_VOLATILITY' });
    await client.waitForError(321, 1);
  });

  test('come at night and on weekends too where it always trades, and not where hours are kept', async () => {
    const saturday = Date.parse('2026-11-21T15:00:00Z');
    for (const [hours, count] of [
      ['always', 2],
      ['exchange', 0],
    ] as const) {
      const sim = await stopped(saturday, { hours });
      const client = await sim.client();
      client.send('reqRealTimeBars', request);
      client.send('reqCurrentTime', {});
      await client.waitFor('currentTime');
      sim.clock.advance(10_000);
      client.send('reqCurrentTimeInMillis', {});
      await client.waitFor('currentTimeInMillis');
      expect(client.all('realtimeBar')).toHaveLength(count);
    }
  });
});
