import { expect, test } from 'vitest';
import type { Bar, HistoryQuery } from '../../compose/bridge/src/client/history-types.ts';
import { dayAt, daysBetween, nextDay, startOf } from '../../compose/bridge/src/session/exchange-time.ts';
import { HistoricalData, type HistoryRequest } from '../../compose/bridge/src/session/history.ts';
import { runsOf, unitsOf } from '../../compose/bridge/src/session/history-plan.ts';
import { ConnectionPool } from '../../compose/bridge/src/session/pool.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { AAPL, FakeGateway } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { bridgeTo, KEY, READY, simulator } from './support/running.ts';

const NEW_YORK = 'America/New_York';

async function ready(options: Parameters<typeof bridgeTo>[1] = {}) {
  const gateway = await simulator();
  gateway.faults.set('pacing');
  const running = await bridgeTo(gateway.port, options);
  await running.heard(READY);
  const violations = () => gateway.faults.active().find(({ name }) => name === 'pacing')?.happened;
  return { gateway, violations, ...running };
}

test('days begin where the exchange is, on the days on which clocks change too', () => {
  for (const [day, utc] of [
    ['20260115', '2026-01-15T05:00:00Z'],
    ['20260308', '2026-03-08T05:00:00Z'],
    ['20260309', '2026-03-09T04:00:00Z'],
    ['20261101', '2026-11-01T04:00:00Z'],
    ['20261102', '2026-11-02T05:00:00Z'],
  ] as const) {
    expect(new Date(startOf(day, NEW_YORK)).toISOString(), day).toBe(utc.replace('Z', '.000Z'));
    expect(dayAt(Date.parse(utc), NEW_YORK)).toBe(day);
    expect(dayAt(Date.parse(utc) - 1, NEW_YORK)).toBe(nextDay(day, -1));
  }
  // East of Greenwich the clocks change between that midnight and the one of UTC.
  expect(new Date(startOf('20260927', 'Pacific/Auckland')).toISOString()).toBe('2026-09-26T12:00:00.000Z');
  expect(daysBetween('20261231', '20270101')).toBe(2);
});

test('a range is asked for in as much as one request takes', () => {
  const units = unitsOf('20261101', '20261130', '5 mins');
  expect(runsOf(units, '5 mins').map((run) => [run[0]?.key, run.at(-1)?.key])).toEqual([
    ['20261101', '20261107'],
    ['20261108', '20261114'],
    ['20261115', '20261121'],
    ['20261122', '20261128'],
    ['20261129', '20261130'],
  ]);
  expect(unitsOf('20241231', '20260102', '1 day').map(({ key }) => key)).toEqual(['2024', '2025', '2026']);
  expect(unitsOf('20241231', '20260102', '1 week')).toHaveLength(1);
});

test('bars of a week, stitched from several requests, are those that one would give', async () => {
  const { get, violations } = await ready();
  const minutes = await get('/history?symbol=AAPL&barSize=1%20min&start=2026-11-16&end=2026-11-18');
  const hours = await get('/history?symbol=AAPL&barSize=1%20hour&start=2026-11-16&end=2026-11-18');
  const days = await get('/history?symbol=AAPL&start=2026-11-16&end=2026-11-18');
  expect([minutes.status, hours.status, days.status]).toEqual([200, 200, 200]);
  expect(minutes.body.bars).toHaveLength(3 * 390);
  expect(minutes.body.bars[0].time).toBe('2026-11-16T14:30:00.000Z');
  const times = minutes.body.bars.map(({ time }: { time: string }) => time);
  expect(times).toEqual([...new Set(times)].sort());
  expect(days.body.bars.map(({ time }: { time: string }) => time)).toEqual([
    '2026-11-16',
    '2026-11-17',
    '2026-11-18',
  ]);
  const volume = (bars: { volume: number }[]) => bars.reduce((sum, bar) => sum + bar.volume, 0);
  expect(volume(hours.body.bars)).toBe(volume(minutes.body.bars));
  expect(volume(days.body.bars)).toBe(volume(minutes.body.bars));
  expect(violations()).toBe(0);
});

test('seconds are walked through backwards, without a gap and without asking for the night', async () => {
  const { get, violations } = await ready();
  const { status, body } = await get(
    '/history?symbol=AAPL&barSize=30%20secs&start=2026-11-16&end=2026-11-16&useRTH=false',
  );
  expect(status).toBe(200);
  expect(body.bars).toHaveLength(16 * 120);
  expect(body.bars[0].time).toBe('2026-11-16T09:00:00.000Z');
  expect(violations()).toBe(0);
});

test('as CSV, of an option, of a kind without volume', async () => {
  const { bridge, get } = await ready();
  const { chains } = (await get('/options/chain?symbol=AMZN')).body;
  const { expirations, strikes } = chains[0];
  const option = `symbol=AMZN&secType=OPT&right=P&expiration=${expirations[3]}&strike=${strikes[10]}`;
  const path = `/history?${option}&barSize=1%20hour&what=MIDPOINT&start=2026-11-17&end=2026-11-17`;
  const response = await fetch(`${bridge.url}${path}`, { headers: { 'X-API-KEY': KEY, Accept: 'text/csv' } });
  const text = await response.text();
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const [head, first] = text.split('\n');
  expect(head).toBe('time,open,high,low,close,volume,average,count');
  expect(first).toMatch(/^2026-11-17T14:30:00.000Z,[\d.]+,[\d.]+,[\d.]+,[\d.]+,,,$/);
  const json = (await get(path)).body.bars;
  expect(json[0]).toMatchObject({ volume: null, average: null, count: null });
});

test('days that are over are asked for once, by another bridge too; the same question soon after as well', async () => {
  const { gateway, get, bridge, dataDir } = await ready();
  const path = '/history?symbol=MSFT&barSize=1%20hour&start=2026-11-09&end=2026-11-13';
  const first = await get(path);
  const today = await get('/history?symbol=MSFT&barSize=1%20hour');
  gateway.faults.set('request-never-answers', { request: 'reqHistoricalData' });
  expect((await get(path)).body).toEqual(first.body);
  expect((await get('/history?symbol=MSFT&barSize=1%20hour')).body).toEqual(today.body);
  await bridge.close();
  const other = await bridgeTo(gateway.port, { dataDir });
  await other.heard(READY);
  expect((await other.get(path)).body).toEqual(first.body);
});

test('what IBKR would not take in time is 429 at once, and the gateway sees no violation', async () => {
  const { get, violations, bridge } = await ready();
  const { chains } = (await get('/options/chain?symbol=AMZN')).body;
  const { expirations, strikes } = chains[0];
  const asked = strikes.slice(0, 30).map((strike: number) => {
    const option = `symbol=AMZN&secType=OPT&right=C&expiration=${expirations[4]}&strike=${strike}`;
    return `/history?${option}&barSize=1%20hour&what=BID_ASK&start=2026-11-17&end=2026-11-17`;
  });
  const answers = await Promise.all(asked.map((path: string) => get(path)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(29).fill(200), 429]);
  const path = asked[answers.findIndex(({ status }) => status === 429)];
  const late = await fetch(`${bridge.url}${path}`, { headers: { 'X-API-KEY': KEY } });
  expect(late.status).toBe(429);
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(100);
  expect(violations()).toBe(0);
});

test.each([
  ['symbol=AAPL&start=2026-11-18&end=2026-11-16', 'request-invalid'],
  ['symbol=AAPL&start=2026-02-30', 'request-invalid'],
  ['symbol=AAPL&barSize=7%20mins', 'request-invalid'],
  ['symbol=AAPL&barSize=1%20secs&start=2026-10-01&end=2026-10-30', 'history-range-too-long'],
])('%s is 422 %s', async (query, code) => {
  const { get } = await ready();
  const { status, body } = await get(`/history?${query}`);
  expect([status, body.code]).toEqual([422, code]);
});

test('a pool of connections takes the history, in turns, and those that are down take none', async () => {
  const clock = new ManualClock();
  const gateway = new FakeGateway();
  const pool = new ConnectionPool({
    connect: gateway.connect,
    clock,
    timings: DEFAULT_TIMINGS,
    gateway: { host: 'gateway', port: 4004 },
    clientId: 100,
    historyConnections: 2,
  });
  pool.start();
  expect(pool.client()).toBeUndefined();
  for (const client of gateway.clients) client.logIn();
  expect(gateway.clients.map(({ clientId }) => clientId)).toEqual([110, 111]);
  expect(new Set([pool.client()?.clientId, pool.client()?.clientId])).toEqual(new Set([110, 111]));
  gateway.clients[0]?.end({ stage: 'hello' });
  expect([pool.client()?.clientId, pool.client()?.clientId]).toEqual([111, 111]);
  pool.stop();
  expect([pool.client(), clock.pending]).toEqual([undefined, 0]);
});

test('adjusted prices are not kept: the next dividend changes them all', async () => {
  const { history, request, kept } = alone(async () => [
    { time: Date.UTC(2027, 0, 11, 15) / 1_000, ...PRICES },
  ]);
  await history.bars({ ...request, what: 'ADJUSTED_LAST' });
  expect(kept.size).toBe(0);
  await history.bars(request);
  expect(kept.size).toBeGreaterThan(0);
});

test('what the rules would keep waiting past the deadline is refused before anything is asked for', async () => {
  const { history, request, asked } = alone(async () => [], 40_000);
  await expect(history.bars(request)).rejects.toMatchObject({
    code: 'pacing-exhausted',
    details: { retryAfterSeconds: 15 },
  });
  expect(asked).toEqual([]);
});

function alone(answer: (query: HistoryQuery) => Promise<Bar[]>, wait = 0) {
  const clock = new ManualClock();
  const asked: HistoryQuery[] = [];
  const kept = new Map<string, unknown>();
  const history = new HistoricalData({
    clock,
    timings: DEFAULT_TIMINGS,
    disk: { get: async (key) => kept.get(key), put: async (key, value) => void kept.set(key, value) },
    client: () =>
      ({
        historyWait: () => wait,
        history: (query: HistoryQuery) => {
          asked.push(query);
          return answer(query);
        },
      }) as never,
  });
  const request: HistoryRequest = {
    details: { contract: AAPL, validExchanges: [], timeZone: 'US/Eastern' },
    first: '20270111',
    last: '20270112',
    barSize: '1 min',
    what: 'TRADES',
    useRth: true,
  };
  return { clock, asked, kept, history, request };
}

const PRICES = { open: 1, high: 1, low: 1, close: 1 };

test('what came before a failure is kept, and the next try asks for the rest', async () => {
  const day = (query: HistoryQuery) =>
    Date.parse(`${query.end.slice(0, 4)}-01-${query.end.slice(6, 8)}T00:00:00Z`);
  let failing = true;
  const { history, request, asked } = alone(async (query) => {
    if (failing && asked.length === 2) throw new Error('lost');
    return [{ time: day(query) / 1_000 - 3_600, ...PRICES }];
  });
  await expect(history.bars(request)).rejects.toThrow('lost');
  failing = false;
  expect(await history.bars(request)).toHaveLength(2);
  expect(asked.map(({ end }) => end)).toEqual([
    '20270112-05:00:00',
    '20270113-05:00:00',
    '20270113-05:00:00',
  ]);
});

test('no data at all is not kept: the service may be down', async () => {
  const { history, request, kept } = alone(async () => []);
  expect(await history.bars(request)).toEqual([]);
  expect(kept.size).toBe(0);
});

test('today is not kept on the disk, and is asked for up to now', async () => {
  const { history, request, kept, asked } = alone(async () => [
    { time: Date.UTC(2027, 0, 15, 14) / 1_000, ...PRICES },
  ]);
  expect(await history.bars({ ...request, first: '20270115', last: '20270301' })).toHaveLength(1);
  expect([kept.size, asked.map(({ end, duration }) => [end, duration])]).toEqual([0, [['', '1 D']]]);
});
