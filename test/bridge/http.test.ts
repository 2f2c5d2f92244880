import { expect, test } from 'vitest';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import { ORDER, placing, problem, READER, appOf as setUp, TRADER } from './support/app.ts';

const HEALTH_FIELDS = [
  'status',
  'connected',
  'state',
  'since',
  'gateway',
  'serverVersion',
  'clientId',
  'accounts',
  'tradingMode',
  'readOnly',
  'lastDisconnectAt',
  'lastDisconnectReason',
  'lastIbErrorAt',
  'lastIbErrorCode',
  'lastIbErrorMessage',
  'lastReconnectAttemptAt',
  'lastReconnectError',
  'reconnectAttempts',
  'reconnectFailures',
  'lastHeartbeatAt',
  'lastHeartbeatError',
  'heartbeatFailures',
  'farms',
  'cause',
  'hint',
  'releaseId',
];

test('/health has these fields and no others', async () => {
  const health = (await (await setUp().call('/health')).json()) as object;
  expect(Object.keys(health).sort()).toEqual([...HEALTH_FIELDS].sort());
});

test('/health?connect=true says busy while an attempt is under way, and what it came to when it is over', async () => {
  const { call, gateway } = setUp();
  const status = async (path: string) => ((await (await call(path)).json()) as { status: string }).status;
  expect(await status('/health?connect=true')).toBe('busy');
  gateway.last.logIn();
  expect(await status('/health?connect=true')).toBe('ok');
  expect((await call('/health?connect=perhaps')).status).toBe(422);
});

test('/ping needs neither key nor gateway', async () => {
  const response = await setUp().call('/ping');
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
});

test('/health needs no key, tells the cause and the hint, and masks accounts', async () => {
  const { call, gateway } = setUp();
  expect(await (await call('/health')).json()).toMatchObject({
    status: 'busy',
    state: 'connecting',
    connected: false,
    gateway: 'gateway:4004',
    clientId: 100,
    tradingMode: 'paper',
    releaseId: 'r-0123456789abcdef',
    cause: 'not-started',
  });
  gateway.last.logIn(['DU1234567']);
  const text = await (await call('/health')).text();
  expect(JSON.parse(text)).toMatchObject({
    status: 'ok',
    accounts: ['DU…567'],
    serverVersion: 193,
    cause: null,
  });
  expect(text).not.toContain('DU1234567');
});

test.each([
  ['api-key-missing', 401, '/executions', undefined],
  ['api-key-unknown', 401, '/executions', 'no-such-key-0123456789'],
  ['api-key-missing', 401, '/openapi.json', undefined],
  ['api-key-missing', 401, '/no/such/route', undefined],
])('%s: %i on %s', async (code, status, path, key) => {
  const response = await setUp().call(path, key ? { key } : {});
  expect(response.status).toBe(status);
  expect(response.headers.get('WWW-Authenticate')).toContain('X-API-KEY');
  expect((await problem(response)).code).toBe(code);
});

test('a key with scope read may look and may not trade', async () => {
  const { call, gateway, placed } = setUp();
  gateway.last.logIn();
  expect((await call('/executions', { key: READER })).status).toBe(200);
  const headers = { 'Content-Type': 'application/json' };
  const response = await call('/order', {
    method: 'POST',
    key: READER,
    headers,
    body: JSON.stringify(ORDER),
  });
  expect(response.status).toBe(403);
  expect((await problem(response)).code).toBe('scope-missing');
  expect(placed).toEqual([]);
});

test('an unknown route is 404 for who has a key', async () => {
  const response = await setUp().call('/nowhere', { key: TRADER });
  expect(response.status).toBe(404);
  expect((await problem(response)).code).toBe('route-unknown');
});

test('while the gateway is down a request is told why, and when to come again', async () => {
  const { call, gateway } = setUp();
  gateway.last.end({ stage: 'tcp' });
  const response = await call('/options/chain?symbol=AMZN', { key: TRADER });
  expect(response.status).toBe(503);
  expect(response.headers.get('Retry-After')).toBe('1');
  expect(await problem(response)).toMatchObject({
    code: 'gateway-not-ready',
    cause: 'closed-before-hello',
    hint: expect.stringContaining('trusted IP'),
  });
});

test('the gateway’s own code and words are passed on, without account numbers', async () => {
  const ib = { code: 201, message: 'Order rejected for DU1234567' };
  const place = () => Promise.reject(new BridgeError('order-rejected', ib.message, { ib }));
  const response = await setUp({ orders: placing(place) }).order(ORDER);
  expect(response.status).toBe(422);
  expect(await problem(response)).toMatchObject({
    ibCode: 201,
    ibMessage: 'Order rejected for DU…567',
    detail: 'Order rejected for DU…567',
  });
});

test('a mistake of ours is 500, says nothing of it, and is in the log under the request id', async () => {
  const place = () => Promise.reject(new TypeError('secret internals'));
  const { order, logged } = setUp({ orders: placing(place) });
  const body = await problem(await order(ORDER));
  expect(body).toMatchObject({ status: 500, code: 'internal-error' });
  expect(JSON.stringify(body)).not.toContain('secret internals');
  expect(logged.find((line) => line.includes('secret internals'))).toContain(body.requestId);
});

test('when it is closing it takes no new work, and a stream is some', async () => {
  const { call, order } = setUp({ isClosing: () => true });
  for (const response of [await order(ORDER), await call('/stream?symbols=AAPL', { key: READER })]) {
    expect(response.status).toBe(503);
    expect(response.headers.get('Connection')).toBe('close');
    expect((await problem(response)).code).toBe('shutting-down');
  }
});

test('when it is closing, who only looks is answered, and the connection ends with that', async () => {
  const { call } = setUp({ isClosing: () => true });
  for (const path of ['/ping', '/health', '/orders', '/executions']) {
    const response = await call(path, { key: READER });
    expect([response.status, response.headers.get('Connection')], path).toEqual([200, 'close']);
  }
});

test('what was under way when it began to close is answered, and ends its connection', async () => {
  let asked = 0;
  const response = await setUp({ isClosing: () => ++asked > 1 }).call('/ping');
  expect([response.status, response.headers.get('Connection')]).toEqual([200, 'close']);
});

test('an address that sends many wrong keys is not listened to, with the right one neither', async () => {
  const { call, logged } = setUp();
  for (let sent = 0; sent < 10; sent += 1) await call('/orders', { key: 'wrong-key-0123456789' });
  const response = await call('/orders', { key: READER });
  expect([response.status, response.headers.get('Retry-After')]).toEqual([429, '60']);
  expect((await problem(response)).code).toBe('too-many-attempts');
  expect(logged.filter((line) => line.includes('192.0.2.1'))).toHaveLength(1);
  expect((await call('/ping')).status).toBe(200);
});

test.each(['/ping', '/orders', '/nowhere'])(
  '%s is answered with headers that tell browsers to keep off',
  async (path) => {
    const { headers } = await setUp().call(path, { key: READER });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  },
);

test('an account number in a path is not in the log', async () => {
  const { call, logged } = setUp();
  await call('/orders/DU1234567', { key: READER });
  expect(logged.join('')).not.toContain('1234567');
});

test('neither key, body nor query is in the log', async () => {
  const { call, order, gateway, logged } = setUp();
  gateway.last.logIn();
  await order({ ...ORDER, account: 'DU1234567' });
  await call('/options/chain?symbol=AMZN', { key: TRADER });
  await call('/executions', { key: 'wrong-key-0123456789' });
  expect(logged).toHaveLength(3);
  expect(logged.join('')).not.toMatch(/1234567|trader-key|wrong-key|AMZN/);
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ path: '/order', status: 201, key: 'trader' });
});

test('/openapi.json describes every route, and which of them need the key', async () => {
  const document = JSON.parse(await (await setUp().call('/openapi.json', { key: READER })).text());
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual([
    '/ping',
    '/health',
    '/order',
    '/orders',
    '/orders/{id}',
    '/executions',
    '/positions',
    '/account',
    '/pnl',
    '/contracts',
    '/options/chain',
    '/quote',
    '/history',
    '/stream',
    '/ws',
  ]);
  const open = Object.entries<Record<string, { security?: unknown }>>(document.paths)
    .filter(([, methods]) => Object.values(methods).every(({ security }) => security === undefined))
    .map(([path]) => path);
  expect(open).toEqual(['/ping', '/health']);
  const body = document.components.schemas.OrderRequest;
  expect(body.required).toEqual(['symbol', 'action', 'quantity', 'orderType']);
  expect(Object.keys(document.paths['/order'].post.responses)).toContain('409');
});
