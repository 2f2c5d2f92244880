import { describe, expect, test } from 'vitest';
import { BAR_KINDS } from '../../tws/bar-kinds.ts';
import { AAPL, AMZN_CALL, history } from '../support/orders.ts';
import { stopped } from '../support/simulator.ts';

async function barsOf(given: Parameters<typeof history>[0], version?: number) {
  const sim = await stopped();
  const client = await sim.client(1, version);
  client.send('reqHistoricalData', history(given));
  return { sim, client, ...(await client.waitFor('historicalData')) };
}

describe('historical bars', () => {
  test.each([
    [196, 200, 'a message of its own'],
    [157, 195, 'the bars'],
  ])('from version %i to %i, start and end come with %s', async (first, last) => {
    for (const version of [first, last]) {
      const { client, bars, startDateStr } = await barsOf({ reqId: 1, durationStr: '2 D' }, version);
      expect(bars).toHaveLength(2);
      const end = version >= 196 ? (await client.waitFor('historicalDataEnd')).startDateStr : startDateStr;
      expect(end).toBe('20261117 09:30:00 US/Eastern');
    }
  });

  test('dates: days as a day, the rest as text or as seconds', async () => {
    const dates = async (barSizeSetting: string, formatDate: number) =>
      (await barsOf({ reqId: 1, barSizeSetting, formatDate })).bars[0]?.date;
    expect(await dates('1 day', 1)).toBe('20261118');
    expect(await dates('1 day', 2)).toBe('20261118');
    expect(await dates('5 mins', 1)).toBe('20261118 09:30:00 US/Eastern');
    expect(await dates('5 mins', 2)).toBe(String(Date.parse('2026-11-18T14:30:00Z') / 1000));
  });

  test.each([
    ['5 mins', '1 D', 18],
    ['1 hour', '2 D', 9],
    ['1 day', '1 W', 5],
    ['1 day', '1 M', 23],
    ['1 day', '1 Y', 251],
    ['1 week', '1 Y', 53],
    ['1 month', '1 Y', 13],
    ['30 secs', '1800 S', 60],
  ])('%s over %s are %i', async (barSizeSetting, durationStr, count) => {
    const { bars } = await barsOf({ reqId: 1, barSizeSetting, durationStr });
    expect(bars).toHaveLength(count);
  });

  test.each(BAR_KINDS)('%s', async (whatToShow) => {
    const { bars } = await barsOf({ reqId: 1, durationStr: '5 D', whatToShow });
    expect(bars).toHaveLength(5);
    for (const { open, high, low, close, volume } of bars) {
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      if (!['TRADES', 'ADJUSTED_LAST'].includes(whatToShow)) expect(volume).toBe(-1);
    }
  });

  test('end where they are asked to, over a half day and a weekend', async () => {
    const endDateTime = '20251201 10:00:00 US/Eastern';
    const { bars } = await barsOf({ reqId: 1, endDateTime, durationStr: '2 D', barSizeSetting: '1 hour' });
    expect(bars.map(({ date }) => date.slice(0, 17))).toEqual([
      '20251128 09:30:00',
      '20251128 10:00:00',
      '20251128 11:00:00',
      '20251128 12:00:00',
      '20251201 09:30:00',
    ]);
  });

  test('of an option', async () => {
    const { bars } = await barsOf({ reqId: 1, contract: AMZN_CALL, durationStr: '3 D' });
    expect(bars).toHaveLength(3);
    expect(bars[0]?.close).toBeLessThan(60);
  });

  test('the first moment there is data for', async () => {
    const client = await (await stopped()).client();
    const request = { reqId: 1, contract: AAPL, includeExpired: false, useRTH: true, whatToShow: 'TRADES' };
    client.send('reqHeadTimestamp', { ...request, formatDate: 1 });
    expect((await client.waitFor('headTimestamp')).headTimestamp).toBe('20050103-14:30:00');
  });
});

describe('bars kept up to date', () => {
  test('the one that forms comes again, until it is cancelled', async () => {
    const { sim, client, bars } = await barsOf({ reqId: 1, barSizeSetting: '1 min', keepUpToDate: true });
    sim.clock.advance(65_000);
    await client.until(() => client.all('historicalDataUpdate').length >= 12, 'updates');
    const updates = client.all('historicalDataUpdate');
    expect(updates.map(({ date }) => date)).toContain('20261118 11:01:00 US/Eastern');
    expect(updates[0]?.open).toBeCloseTo(bars.at(-1)?.close ?? 0, 0);
    client.send('cancelHistoricalData', { reqId: 1 });
    client.send('cancelHistoricalData', { reqId: 1 });
    await client.waitForError(366, 1);
    sim.clock.advance(60_000);
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    expect(client.all('historicalDataUpdate')).toHaveLength(updates.length);
  });
});

describe('queries that are refused', () => {
  test.each([
    [321, { barSizeSetting: '7 mins' }],
    [321, { durationStr: 'a while' }],
    [321, { durationStr: '0 D' }],
    [321, { whatToShow: 'FEELINGS' }],
    [321, { endDateTime: 'tomorrow' }],
    [321, { endDateTime: '20251201 10:00:00', keepUpToDate: true }],
    [162, { durationStr: '999999 Y' }],
    [162, { durationStr: '1 Y', barSizeSetting: '1 secs' }],
    [200, { contract: { symbol: 'NOPE', secType: 'STK' } }],
  ])('%i: %o', async (code, given) => {
    const client = await (await stopped()).client();
    client.send('reqHistoricalData', history({ reqId: 9, ...given }));
    await client.waitForError(code, 9);
  });
});
