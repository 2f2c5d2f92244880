import { expect, test } from 'vitest';
import { ORDER, problem, READER, appOf as setUp, TRADER } from './support/app.ts';

test('an order is completed with its defaults, and its key handed on', async () => {
  const { order, placed } = setUp();
  const response = await order(ORDER, { 'Idempotency-Key': '"buy-1"' });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    orderId: 3,
    permId: null,
    status: 'PendingSubmit',
    orderRef: 'k',
  });
  expect(placed).toEqual([
    {
      key: 'buy-1',
      request: { ...ORDER, symbol: 'AAPL', secType: 'STK', tif: 'DAY', exchange: 'SMART', currency: 'USD' },
    },
  ]);
});

test('an order whose key was known is 200, not 201', async () => {
  expect((await setUp().order(ORDER, { 'Idempotency-Key': 'known' })).status).toBe(200);
});

test('orderRef is the key as well, and two that differ are a mistake', async () => {
  const { order, placed } = setUp();
  expect((await order({ ...ORDER, orderRef: 'buy-2' })).status).toBe(201);
  expect(placed[0]).toMatchObject({
    key: 'buy-2',
    request: expect.not.objectContaining({ orderRef: 'buy-2' }),
  });
  expect((await order({ ...ORDER, orderRef: 'buy-2' }, { 'Idempotency-Key': 'buy-2' })).status).toBe(201);
  const differing = await order({ ...ORDER, orderRef: 'buy-2' }, { 'Idempotency-Key': 'buy-3' });
  expect(differing.status).toBe(422);
  expect((await problem(differing)).errors).toMatchObject([{ path: 'orderRef', received: 'buy-2' }]);
});

test('whatIf places nothing', async () => {
  const { order, placed } = setUp();
  const response = await order({ ...ORDER, whatIf: true });
  expect([response.status, placed]).toEqual([200, []]);
  expect(await response.json()).toMatchObject({
    whatIf: true,
    initialMargin: { before: null, change: 250, after: null },
    commission: 1,
    warning: null,
  });
});

test('cancelling needs scope trade, looking does not', async () => {
  const { call } = setUp();
  expect((await call('/orders/x', { key: READER })).status).toBe(200);
  expect((await call('/orders/x', { key: READER, method: 'DELETE' })).status).toBe(403);
  expect((await call('/orders/x', { key: TRADER, method: 'DELETE' })).status).toBe(200);
});

test('right is C or P, however it is spelled', async () => {
  const { order, placed } = setUp();
  const option = { ...ORDER, secType: 'OPT', strike: 200, right: 'call', expiration: '20270115' };
  expect((await order(option)).status).toBe(201);
  expect(placed[0]?.request.right).toBe('C');
});

test.each([
  ['limitPrice', { ...ORDER, limitPrice: undefined }],
  ['limitPrice', { ...ORDER, orderType: 'MKT' }],
  ['limitPrice', { ...ORDER, limitPrice: -1 }],
  ['stopPrice', { ...ORDER, stopPrice: 40 }],
  ['stopPrice', { ...ORDER, orderType: 'STP LMT' }],
  ['limitPrice', { ...ORDER, orderType: 'STP', stopPrice: 40 }],
  ['limitPrice', { ...ORDER, orderType: 'STP LMT', limitPrice: undefined, stopPrice: 40 }],
  ['orderRef', { ...ORDER, orderRef: 'two words' }],
  ['quantity', { ...ORDER, quantity: 0 }],
  ['quantity', { ...ORDER, quantity: '10' }],
  ['action', { ...ORDER, action: 'SHORT' }],
  ['symbol', { ...ORDER, symbol: 'AA\u0000PL' }],
  ['account', { ...ORDER, account: 'DU1\u00000' }],
  ['exchange', { ...ORDER, exchange: 'SM\nART' }],
  ['strike', { ...ORDER, strike: 200 }],
  ['right', { ...ORDER, secType: 'OPT', strike: 200, expiration: '20270115' }],
  ['expiration', { ...ORDER, secType: 'OPT', strike: 200, right: 'C', expiration: '2027-01-15' }],
  ['expiration', { ...ORDER, secType: 'OPT', strike: 200, right: 'C', expiration: '20271315' }],
  ['body', { ...ORDER, limitprice: 50 }],
])('a mistake in %s is refused with the field', async (field, body) => {
  const { order, placed } = setUp();
  const response = await order(body);
  expect(response.status).toBe(422);
  const { code, errors } = await problem(response);
  expect(code).toBe('request-invalid');
  expect((errors as { path: string }[]).map(({ path }) => path)).toContain(field);
  expect(placed).toEqual([]);
});

test('all mistakes are told at once, with the value received', async () => {
  const response = await setUp().order({ ...ORDER, quantity: -1, action: 'HOLD', limitPrice: undefined });
  expect((await problem(response)).errors).toMatchObject([
    { path: 'action', received: 'HOLD' },
    { path: 'quantity', received: -1 },
  ]);
});

test.each(['', 'has space', 'x'.repeat(65), 'a\u00e9'])('Idempotency-Key "%s" is refused', async (key) => {
  const response = await setUp().order(ORDER, { 'Idempotency-Key': key });
  expect(response.status).toBe(422);
  expect(((await problem(response)).errors as { path: string }[])[0]?.path).toBe('idempotency-key');
});

test.each([
  [400, 'json-malformed', '{"symbol":', { 'Content-Type': 'application/json' }],
  [415, 'body-not-json', 'symbol=AAPL', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  [413, 'body-too-large', JSON.stringify({ ...ORDER, symbol: 'A'.repeat(20_000) }), {}],
])('%i %s', async (status, code, body, headers) => {
  const response = await setUp().order(body, { ...headers });
  expect(response.status).toBe(status);
  expect((await problem(response)).code).toBe(code);
});
