import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bridgeTo, READY, readyBridge, simulator } from './support/running.ts';

const BUY = { symbol: 'AAPL', action: 'BUY', quantity: 10 };
const FAR_BELOW = { ...BUY, orderType: 'LMT', limitPrice: 50 };
/** For what only the gateway shall refuse. */
const UNLIMITED = {
  maxOrderQuantity: Infinity,
  maxOrderNotional: Infinity,
  maxDayQuantity: Infinity,
  maxDayNotional: Infinity,
};
const AT_MARKET = { ...BUY, orderType: 'MKT' };

test('paper case 1: a limit buy far below the market becomes Submitted', async () => {
  const { post } = await readyBridge();
  const { status, body } = await post('/order', FAR_BELOW);
  expect([status, body]).toMatchObject([
    201,
    { status: 'Submitted', filled: 0, remaining: 10, averageFillPrice: null, clientId: 100 },
  ]);
  expect(body.permId).toBeGreaterThan(0);
  expect(body.contract).toMatchObject({ conId: 265598, symbol: 'AAPL', secType: 'STK' });
});

test('paper case 2: a market buy is filled and in /executions with its commission', async () => {
  const { post, get } = await readyBridge();
  const { status, body } = await post('/order', AT_MARKET, { 'Idempotency-Key': 'case-2' });
  expect([status, body]).toMatchObject([
    201,
    { status: 'Filled', filled: 10, remaining: 0, orderRef: 'case-2' },
  ]);
  const { executions } = (await get('/executions')).body;
  const shares = executions.reduce((sum: number, { quantity }: { quantity: number }) => sum + quantity, 0);
  expect(shares).toBe(10);
  for (const execution of executions) {
    expect(execution).toMatchObject({
      side: 'BOT',
      orderId: body.orderId,
      permId: body.permId,
      orderRef: 'case-2',
      commissionCurrency: 'USD',
      contract: { symbol: 'AAPL', conId: 265598 },
    });
    expect(execution.commission).toBeGreaterThan(0);
    expect(execution.price).toBeGreaterThan(0);
    expect(execution.time).toMatch(/^\d{8} \d\d:\d\d:\d\d/);
  }
});

test('paper case 3: a limit sell of an AMZN option found by symbol, strike, right and expiration', async () => {
  const { post, get } = await readyBridge();
  const { body: chain } = await get('/options/chain?symbol=amzn');
  expect(chain).toMatchObject({ symbol: 'AMZN', underlyingConId: 3691937 });
  const { expirations, strikes } = chain.chains.find(
    ({ exchange }: { exchange: string }) => exchange === 'SMART',
  );
  const [expiration, strike] = [expirations.at(-1), strikes.at(-1)];
  const option = { symbol: 'AMZN', secType: 'OPT', right: 'CALL', expiration, strike };
  const { status, body } = await post('/order', {
    ...option,
    action: 'SELL',
    quantity: 1,
    orderType: 'LMT',
    limitPrice: 500,
    tif: 'GTC',
  });
  expect([status, body]).toMatchObject([
    201,
    { status: 'Submitted', contract: { secType: 'OPT', expiration, strike, right: 'C', multiplier: 100 } },
  ]);
});

test('a market order of which no price is to be had is refused', async () => {
  const { gateway, post } = await readyBridge();
  gateway.faults.set('no-subscription');
  const { status, body } = await post('/order', AT_MARKET);
  expect([status, body.code]).toEqual([422, 'notional-unknown']);
});

test('a market order on an option is refused unless configured', async () => {
  const { post, get } = await readyBridge();
  const { expirations, strikes } = (await get('/options/chain?symbol=AMZN')).body.chains[0];
  const option = { ...AT_MARKET, symbol: 'AMZN', secType: 'OPT', right: 'C', quantity: 1 };
  const { status, body } = await post('/order', {
    ...option,
    expiration: expirations[0],
    strike: strikes[0],
  });
  expect([status, body.code]).toEqual([422, 'market-option-refused']);
});

test('an unknown symbol is 404 with the gateway’s code and a hint, and nothing is written down', async () => {
  const { get, post, dataDir } = await readyBridge();
  for (const { status, body } of [
    await post('/order', { ...FAR_BELOW, symbol: 'NOSUCH' }),
    await get('/options/chain?symbol=NOSUCH'),
  ]) {
    expect([status, body]).toMatchObject([404, { code: 'contract-unknown', ibCode: 200 }]);
    expect(body.hint).toMatch(/exchange/);
  }
  expect(await readFile(join(dataDir, 'orders/journal-000001.jsonl'), 'utf8')).toBe('');
});

test('an option named too loosely by a strike that is not listed is unknown', async () => {
  const { post } = await readyBridge();
  const option = { secType: 'OPT', strike: 12_345, right: 'P', expiration: '20990116' };
  const { status, body } = await post('/order', { ...FAR_BELOW, ...option, symbol: 'AMZN' });
  expect([status, body.code]).toEqual([404, 'contract-unknown']);
});

test('a rejected order is 422 with the gateway’s own reason', async () => {
  const { post } = await readyBridge({ safety: UNLIMITED });
  const { status, body } = await post('/order', { ...FAR_BELOW, quantity: 1_000_000 });
  expect([status, body]).toMatchObject([422, { code: 'order-rejected', ibCode: 201 }]);
  expect(body.ibMessage).toMatch(/margin/);
});

test('a read-only gateway says so, in the answer and in /health', async () => {
  const gateway = await simulator({ readOnly: true });
  const { post, get, heard } = await bridgeTo(gateway.port);
  await heard(READY);
  const { status, body } = await post('/order', FAR_BELOW);
  expect([status, body]).toMatchObject([422, { code: 'order-rejected', ibCode: 321 }]);
  expect(body.hint).toMatch(/Read-Only/);
  expect((await get('/health')).body.readOnly).toBe(true);
});

test('the same Idempotency-Key is one order, across a restart of the bridge too', async () => {
  const { gateway, bridge, dataDir, post } = await readyBridge();
  const headers = { 'Idempotency-Key': 'once' };
  const first = await post('/order', FAR_BELOW, headers);
  const again = await post('/order', { ...FAR_BELOW, tif: 'DAY' }, headers);
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await post('/order', { ...FAR_BELOW, quantity: 11 }, headers)).body.code).toBe(
    'idempotency-key-reused',
  );
  await bridge.close();
  const restarted = await bridgeTo(gateway.port, { dataDir });
  await restarted.heard(READY);
  const later = await restarted.post('/order', FAR_BELOW, headers);
  expect([later.status, later.body]).toEqual([200, first.body]);
  const next = await restarted.post('/order', FAR_BELOW);
  expect(next.body.orderId).toBeGreaterThan(first.body.orderId);
});

test('many orders at once are all sent, each once, each with an id of its own', async () => {
  const { post, dataDir } = await readyBridge();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/order', FAR_BELOW)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(20);
  const lines = (await readFile(join(dataDir, 'orders/journal-000001.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'order')).toHaveLength(20);
});

test('executions that are not answered are told as they were known, and that they were not answered', async () => {
  const { gateway, get, post } = await readyBridge({ timings: { executions: 1_000 } });
  await post('/order', AT_MARKET);
  const before = (await get('/executions')).body;
  expect(before).toMatchObject({ fresh: true, stale: null });
  expect(before.executions.length).toBeGreaterThan(0);
  gateway.faults.set('request-never-answers', { request: 'reqExecutions' });
  const { status, body } = await get('/executions');
  expect([status, body]).toMatchObject([200, { fresh: false, stale: { code: 'gateway-timeout' } }]);
  expect(body.executions).toEqual(before.executions);
});

test('executions outlive the bridge, and can be narrowed by time and symbol', async () => {
  const { gateway, bridge, dataDir, get, post } = await readyBridge();
  await post('/order', AT_MARKET);
  const { executions } = (await get('/executions')).body;
  await bridge.close();
  await gateway.close();
  const restarted = await bridgeTo(gateway.port, { dataDir });
  const narrowed = async (query: string) => (await restarted.get(`/executions?${query}`)).body.executions;
  expect(await narrowed('')).toEqual(executions);
  expect(await narrowed('symbol=aapl')).toEqual(executions);
  expect(await narrowed('symbol=MSFT')).toEqual([]);
  expect(await narrowed(`since=${executions[0].at}`)).toEqual(executions);
  expect(await narrowed(`until=${executions[0].at}`)).toEqual([]);
  expect((await restarted.get('/executions?since=yesterday')).status).toBe(422);
});

test('a stop order and what a stop limit order would do', async () => {
  const { post, dataDir } = await readyBridge();
  const stop = await post('/order', { ...BUY, orderType: 'STP', stopPrice: 400 });
  expect([stop.status, stop.body]).toMatchObject([
    201,
    { orderType: 'STP', stopPrice: 400, limitPrice: null },
  ]);
  expect(stop.body.status).toMatch(/Submitted$/);
  const whatIf = { ...BUY, orderType: 'STP LMT', stopPrice: 400, limitPrice: 405, whatIf: true };
  const { status, body } = await post('/order', whatIf);
  expect([status, body]).toMatchObject([
    200,
    { whatIf: true, orderType: 'STP LMT', commissionCurrency: 'USD' },
  ]);
  expect(body.initialMargin.change).toBeGreaterThan(0);
  expect(body.commission).toBeGreaterThan(0);
  const journal = await readFile(join(dataDir, 'orders/journal-000001.jsonl'), 'utf8');
  expect(journal.match(/"id":"[^"]+"/g)?.every((each) => each === `"id":"${stop.body.id}"`)).toBe(true);
});

test('what the gateway would refuse, whatIf says', async () => {
  const { post } = await readyBridge({ safety: UNLIMITED });
  const { status, body } = await post('/order', { ...FAR_BELOW, quantity: 1_000_000, whatIf: true });
  expect([status, body]).toMatchObject([422, { code: 'order-rejected', ibCode: 201 }]);
});

test('an order is listed, found, cancelled, and cannot be cancelled again', async () => {
  const { get, post, call } = await readyBridge();
  const { id } = (await post('/order', FAR_BELOW)).body;
  expect((await get('/orders')).body.orders).toMatchObject([{ id, status: 'Submitted', limitPrice: 50 }]);
  const cancelled = await call(`/orders/${id}`, { method: 'DELETE' });
  expect([cancelled.status, cancelled.body]).toMatchObject([200, { id, status: 'Cancelled' }]);
  expect((await get(`/orders/${id}`)).body).toMatchObject({ id, status: 'Cancelled', remaining: 10 });
  expect((await get('/orders')).body.orders).toEqual([]);
  expect((await get('/orders?status=all')).body.orders).toHaveLength(1);
  const again = await call(`/orders/${id}`, { method: 'DELETE' });
  expect([again.status, again.body.code]).toEqual([409, 'order-ended']);
  expect((await get('/orders/nowhere')).body.code).toBe('order-unknown');
});

test('what became of an order while the bridge was away is found out', async () => {
  const options = { timings: { orderStatus: 50 } };
  const { gateway, bridge, dataDir, post } = await readyBridge(options);
  gateway.faults.set('request-never-answers', { request: 'placeOrder', times: 1 });
  const headers = { 'Idempotency-Key': 'lost' };
  const swallowed = post('/order', FAR_BELOW, headers);
  await until(() => gateway.faults.active().length === 0);
  await bridge.close();
  expect((await swallowed).body.status).toBe('PendingSubmit');
  const restarted = await bridgeTo(gateway.port, { dataDir, ...options });
  await restarted.heard(/^order .*NotReceived/);
  const later = await restarted.post('/order', FAR_BELOW, headers);
  expect([later.status, later.body]).toMatchObject([200, { status: 'NotReceived', orderRef: 'lost' }]);
});

test('an order that ended while the bridge was away is found among the completed ones', async () => {
  const { gateway, bridge, dataDir, post } = await readyBridge();
  const { id, clientId, orderId } = (await post('/order', FAR_BELOW)).body;
  await bridge.close();
  const journal = join(dataDir, 'orders/journal-000001.jsonl');
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, `${lines[0]}\n`);
  const restarted = await bridgeTo(gateway.port, { dataDir });
  await restarted.heard(/^order .*Submitted/);
  expect((await restarted.get(`/orders/${id}`)).body).toMatchObject({
    clientId,
    orderId,
    status: 'Submitted',
  });
  await restarted.call(`/orders/${id}`, { method: 'DELETE' });
  await restarted.bridge.close();
  await writeFile(journal, `${lines[0]}\n`);
  const third = await bridgeTo(gateway.port, { dataDir });
  await third.heard(/^order .*Cancelled/);
  expect((await third.get(`/orders/${id}`)).body).toMatchObject({ status: 'Cancelled' });
});

test('an order the gateway says nothing about is answered all the same, and never sent again', async () => {
  const { gateway, post } = await readyBridge({ timings: { orderStatus: 100 } });
  gateway.faults.set('request-never-answers', { request: 'placeOrder' });
  const headers = { 'Idempotency-Key': 'silent' };
  const first = await post('/order', AT_MARKET, headers);
  expect([first.status, first.body.status]).toEqual([201, 'PendingSubmit']);
  gateway.faults.clearAll();
  expect((await post('/order', AT_MARKET, headers)).body).toEqual(first.body);
});

test('the master client sees the executions of others', async () => {
  const gateway = await simulator({ masterClientId: 100 });
  const master = await bridgeTo(gateway.port);
  await master.heard(READY);
  const other = await bridgeTo(gateway.port, { clientId: 101 });
  await other.heard(READY);
  await other.post('/order', AT_MARKET);
  const { executions } = (await master.get('/executions')).body;
  expect(executions[0]).toMatchObject({ clientId: 101, side: 'BOT' });
  expect(executions[0].commission).toBeGreaterThan(0);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
