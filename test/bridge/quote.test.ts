import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../compose/simulator/src/time/clock.ts';
import { FrameReader } from '../../tws/frame.ts';
import { bridgeTo, READY, readyBridge } from './support/running.ts';

/** A Wednesday, 11:00 in New York. */
const OPEN = Date.parse('2026-11-18T16:00:00Z');

async function ready(options: Parameters<typeof bridgeTo>[1] = {}) {
  const clock = new VirtualClock(OPEN);
  return { clock, ...(await readyBridge(options, { clock })) };
}

async function anOption(get: Awaited<ReturnType<typeof ready>>['get']) {
  const { chains } = (await get('/options/chain?symbol=AMZN')).body;
  const { expirations, strikes } = chains[0];
  const strike = strikes[Math.floor(strikes.length / 2)];
  return `/quote?symbol=AMZN&secType=OPT&right=C&expiration=${expirations[2]}&strike=${strike}`;
}

test('a quote of a stock is whole: prices, sizes, and what only generic ticks tell', async () => {
  const { get } = await ready();
  const { status, body } = await get('/quote?symbol=AAPL');
  expect([status, body]).toMatchObject([
    200,
    { contract: { symbol: 'AAPL', conId: 265598 }, delayed: false, greeks: null },
  ]);
  expect(body.ask).toBeGreaterThan(body.bid);
  for (const field of ['bidSize', 'askSize', 'lastSize', 'volume', 'callVolume', 'putOpenInterest']) {
    expect(body[field], field).toBeGreaterThan(0);
  }
  for (const field of ['open', 'high', 'low', 'close', 'historicalVolatility', 'impliedVolatility']) {
    expect(body[field], field).toBeGreaterThan(0);
  }
  expect(body.lastTime).toMatch(/^2026-11-18T1[56]:\d\d/);
});

test('a quote of an option has its greeks', async () => {
  const { get } = await ready();
  const { status, body } = await get(await anOption(get));
  expect([status, body]).toMatchObject([200, { contract: { secType: 'OPT' } }]);
  expect(body.greeks.model.delta).toBeGreaterThan(0);
  expect(body.greeks.model.underlyingPrice).toBeGreaterThan(0);
  expect(Object.keys(body.greeks).sort()).toEqual(['ask', 'bid', 'last', 'model']);
});

test('many who ask at once, and again soon after, share one subscription, which ends by itself', async () => {
  const { gateway, get } = await ready();
  const proxy = await counting(gateway.port);
  const { get: ask, heard } = await bridgeTo(proxy.port, { timings: { quoteLinger: 2_000 } });
  await heard(READY);
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/quote?symbol=MSFT')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  }
  expect(proxy.count(1)).toBe(1);
  await proxy.seen(2);
  expect((await ask('/quote?symbol=MSFT')).status).toBe(200);
  expect(proxy.count(1)).toBe(2);
  expect((await get('/health')).body.status).toBe('ok');
});

test('delayed data says so', async () => {
  const { get } = await ready({ delayedData: true });
  const { status, body } = await get('/quote?symbol=AAPL');
  expect([status, body]).toMatchObject([200, { delayed: true }]);
  expect(body.bid).toBeGreaterThan(0);
  expect(body.bidSize).toBeGreaterThan(0);
});

test.each([
  [10089, 'market-data-refused'],
  [354, 'market-data-refused'],
])('code %i is told, with what to do', async (code, expected) => {
  const { gateway, get } = await ready({ timings: { quote: 300 } });
  gateway.faults.set('no-subscription', { code });
  const { status, body } = await get('/quote?symbol=AAPL');
  expect([status, body]).toMatchObject([422, { code: expected, ibCode: code }]);
  gateway.faults.clearAll();
  expect((await get('/quote?symbol=AAPL')).status).toBe(200);
});

test('an advisory is no refusal: delayed data follows it', async () => {
  const { gateway, get } = await ready();
  gateway.faults.set('no-subscription', { code: 10167 });
  const { status, body } = await get('/quote?symbol=AAPL');
  expect([status, body]).toMatchObject([200, { delayed: true }]);
});

test('a gateway that sends no data is a 504 at its deadline, and quotes of memory do not outlive a broken farm', async () => {
  const { gateway, get, heard } = await ready({ timings: { request: 2_000, quoteLinger: 60_000 } });
  expect((await get('/quote?symbol=AAPL')).status).toBe(200);
  gateway.faults.set('farm-broken', { farm: 'market' });
  await heard(/farm/);
  const { status, body } = await get('/quote?symbol=AAPL');
  expect([status, body.code]).toEqual([504, 'gateway-timeout']);
});

test.each([
  ['/quote?symbol=NOSUCH', 404],
  ['/quote', 422],
  ['/quote?symbol=AMZN&secType=OPT', 422],
])('%s is %i', async (path, status) => {
  const { get } = await ready();
  expect((await get(path)).status).toBe(status);
});

/** A proxy that counts the requests of a client by message id. */
async function counting(upstreamPort: number) {
  const ids: number[] = [];
  let wake: () => void = () => {};
  const { connect } = await import('node:net');
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    const frames = new FrameReader();
    let greeted = false;
    client.on('data', (chunk: Buffer) => {
      if (greeted) frames.push(chunk, (payload) => ids.push(Number.parseInt(payload.toString(), 10)));
      greeted = true;
      wake();
    });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const count = (id: number) => ids.filter((each) => each === id).length;
  return {
    port: (server.address() as { port: number }).port,
    count,
    /** Resolves once a request of this id was sent. */
    async seen(id: number): Promise<void> {
      while (count(id) === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
