import { pino } from 'pino';
import { expect, test } from 'vitest';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import { createApp } from '../../compose/bridge/src/http/app.ts';
import type { AppDeps } from '../../compose/bridge/src/http/deps.ts';
import { keyFinder } from '../../compose/bridge/src/http/keys.ts';
import { OpenStreams } from '../../compose/bridge/src/http/open-streams.ts';
import { OrderBook } from '../../compose/bridge/src/session/order-book.ts';
import type { OrderRequest } from '../../compose/bridge/src/session/order-parts.ts';
import { Session } from '../../compose/bridge/src/session/session.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { dataOf, metricsOf } from './support/data.ts';
import { AAPL, FakeGateway } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const TRADER = 'trader-key-0123456789';
const READER = 'reader-key-0123456789';
const ORDER = { symbol: 'aapl', action: 'BUY', quantity: 10, orderType: 'LMT', limitPrice: 50 };

const TICKET = {
  action: 'BUY',
  quantity: 10,
  orderType: 'LMT',
  limitPrice: 50,
  tif: 'DAY',
  account: 'DU1',
  orderRef: 'k',
} as const;
const PREVIEW = {
  contract: AAPL,
  ticket: TICKET,
  preview: { initialMargin: { change: 250 }, maintenanceMargin: {}, equityWithLoan: {}, commission: 1 },
};

function setUp(overrides: Partial<AppDeps> = {}) {
  const clock = new ManualClock();
  const gateway = new FakeGateway();
  const logged: string[] = [];
  const placed: { request: OrderRequest; key: string | undefined }[] = [];
  const session = new Session({
    connect: gateway.connect,
    clock,
    timings: DEFAULT_TIMINGS,
    gateway: { host: 'gateway', port: 4004 },
    clientId: 100,
    trading: { orderStatus: () => {}, orderError: () => {}, execution: () => {}, commission: () => {} },
    onEvent: () => {},
  });
  session.start();
  const data = dataOf(session, clock);
  const app = createApp({
    session,
    orders: {
      desk: {
        place: async (request, key) => {
          placed.push({ request, key });
          return { order: bookedOrder(clock), replayed: key === 'known' };
        },
        preview: async () => PREVIEW,
      },
      book: { list: [bookedOrder(clock)], get: (id) => (id === 'x' ? bookedOrder(clock) : undefined) },
      cancels: { cancel: async () => bookedOrder(clock) },
    },
    executions: { refresh: async () => {}, list: [], completeSince: undefined, lastFailure: undefined },
    data,
    metrics: metricsOf(session, data),
    streams: new OpenStreams(),
    addressOf: () => '192.0.2.1',
    findKey: keyFinder([
      { name: 'trader', key: TRADER, scopes: ['read', 'trade'] },
      { name: 'reader', key: READER, scopes: ['read'] },
    ]),
    about: {
      gateway: 'gateway:4004',
      tradingMode: 'paper',
      releaseId: 'r-0123456789abcdef',
      readOnly: false,
    },
    timings: DEFAULT_TIMINGS,
    clock,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    isClosing: () => false,
    ...overrides,
  });
  const call = (path: string, init: RequestInit & { key?: string } = {}) =>
    app.request(path, { ...init, headers: { ...(init.key && { 'X-API-KEY': init.key }), ...init.headers } });
  const order = (body: unknown, headers: Record<string, string> = {}) =>
    call('/order', {
      method: 'POST',
      key: TRADER,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  return { call, order, gateway, logged, placed, session };
}

/** Orders of which only placing is tried. */
function placing(place: () => Promise<never>): AppDeps['orders'] {
  const never = () => Promise.reject(new Error('not tried here'));
  return {
    desk: { place, preview: never },
    book: { list: [], get: () => undefined },
    cancels: { cancel: never },
  };
}

function bookedOrder(clock: ManualClock) {
  const book = new OrderBook(clock);
  const ids = { id: 'x', key: 'k', fingerprint: 'f', clientId: 100, orderId: 3 };
  book.apply({ type: 'order', at: '', ...ids, contract: AAPL, ticket: TICKET });
  return book.get('x') as NonNullable<ReturnType<OrderBook['get']>>;
}

async function problem(response: Response) {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: `urn:gatehouse:problem:${body.code}`, status: response.status });
  expect(body.hint).not.toBe('');
  expect(body.requestId).toBe(response.headers.get('X-Request-Id'));
  return body;
}

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
