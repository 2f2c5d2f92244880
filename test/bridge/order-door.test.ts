import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { standing } from '../support/simulator.ts';
import { bridgeTo, KEY, type RunningBridge, simulator } from './support/running.ts';

const READER = 'reader-key-0123456789';
const ORDER = { symbol: 'AAPL', action: 'BUY', quantity: 1, orderType: 'LMT', limitPrice: 50 };
const PLAIN = { 'X-API-KEY': KEY, 'Content-Type': 'application/json' };

async function trading(options: Parameters<typeof bridgeTo>[1] = {}): Promise<RunningBridge> {
  // A preview changes with every price.
  const gateway = await simulator({ clock: standing() });
  const running = await bridgeTo(gateway.port, {
    apiKeys: [
      { name: 'test', key: KEY, scopes: ['read', 'trade'] },
      { name: 'reader', key: READER, scopes: ['read'] },
    ],
    ...options,
  });
  await running.heard(/^session ready/);
  return running;
}

/** POST over a connection of its own, with every header as it was sent. */
async function post(url: string, headers: Record<string, string>, body: string) {
  const asked = request(url, { method: 'POST', agent: false, headers });
  // What is refused by its length is answered before it is all sent.
  asked.on('error', () => {});
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  const { date, 'x-request-id': requestId, 'content-length': length, ...rest } = response.headers;
  expect(Number(length)).toBe(Buffer.byteLength(text));
  return { requestId, status: response.statusCode, headers: rest, body: JSON.parse(text) };
}

/** What differs from one order, and one request, to the next. */
const OWN = ['id', 'orderId', 'permId', 'orderRef', 'placedAt', 'updatedAt', 'requestId'];

function alike(body: Record<string, unknown>) {
  return Object.entries(body).map(([name, value]) => [name, OWN.includes(name) ? typeof value : value]);
}

test.each<[string, number, object | string, Record<string, string>]>([
  ['an order', 201, ORDER, {}],
  ['another charset', 201, ORDER, { 'Content-Type': 'application/json; charset=utf-8' }],
  ['a preview', 200, { ...ORDER, whatIf: true }, {}],
  ['an order that breaks rules', 422, { ...ORDER, quantity: -1, right: 'C', more: 1 }, {}],
  ['no object', 422, '[]', {}],
  ['no JSON', 400, '{', {}],
  ['nothing', 400, '', {}],
  ['JSON nested too deeply', 422, `${'['.repeat(8_000)}${']'.repeat(8_000)}`, {}],
  ['a byte order mark', 201, `\ufeff${JSON.stringify(ORDER)}`, {}],
  ['another kind of body', 415, 'symbol=AAPL', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['a body too large', 413, { ...ORDER, symbol: 'A'.repeat(20_000) }, {}],
  ['a key that is none', 422, ORDER, { 'Idempotency-Key': 'two words' }],
  ['two keys', 422, { ...ORDER, orderRef: 'a' }, { 'Idempotency-Key': 'b' }],
  ['no API key', 401, ORDER, { 'X-API-KEY': '' }],
  ['a wrong API key', 401, ORDER, { 'X-API-KEY': 'wrong-key-0123456789' }],
  ['a key that only reads', 403, ORDER, { 'X-API-KEY': READER }],
  ['a contract nobody knows', 404, { ...ORDER, symbol: 'NOSUCH' }, {}],
  ['too large an order', 422, { ...ORDER, quantity: 1_000_000 }, {}],
])('%s is answered by %i in front of the framework as with it', async (_, status, body, headers) => {
  const { bridge, lines } = await trading();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = { 'Content-Length': `${Buffer.byteLength(text)}` };
  const front = await post(`${bridge.url}/order`, { ...PLAIN, ...length, ...headers }, text);
  const framework = await post(`${bridge.url}/order?`, { ...PLAIN, ...length, ...headers }, text);
  expect(front.status).toBe(status);
  expect(front.headers).toEqual(framework.headers);
  expect(alike(front.body)).toEqual(alike(framework.body));
  expect(front.requestId).toMatch(/^[0-9a-f-]{36}$/);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  const [one, other] = [front, framework].map(({ requestId }) =>
    logged.find((line) => line.requestId === requestId),
  );
  expect({ ...one, ms: 0, requestId: '', time: '' }).toEqual({ ...other, ms: 0, requestId: '', time: '' });
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(metrics).toContain(
    `gatehouse_bridge_http_requests_total{method="POST",route="/order",status="${status}"} 2`,
  );
});

test('a key is the same order on both ways', async () => {
  const { bridge, get } = await trading();
  const headers = { ...PLAIN, 'Idempotency-Key': '"once"' };
  const first = await post(`${bridge.url}/order`, headers, JSON.stringify(ORDER));
  const second = await post(`${bridge.url}/order?`, headers, JSON.stringify({ ...ORDER, tif: 'DAY' }));
  const third = await post(`${bridge.url}/order`, headers, JSON.stringify({ ...ORDER, quantity: 2 }));
  expect([first.status, second.status, third.status]).toEqual([201, 200, 422]);
  expect(second.body.id).toBe(first.body.id);
  expect(third.body.code).toBe('idempotency-key-reused');
  expect((await get('/orders?status=all')).body.orders).toHaveLength(1);
});

test('wrong keys count together, whichever way they come', async () => {
  const { bridge } = await trading();
  const headers = { ...PLAIN, 'X-API-KEY': 'wrong-key-0123456789' };
  for (let turn = 0; turn < 5; turn++) {
    await post(`${bridge.url}/order`, headers, '{}');
    await post(`${bridge.url}/order?`, headers, '{}');
  }
  const answers = [
    await post(`${bridge.url}/order`, PLAIN, JSON.stringify(ORDER)),
    await post(`${bridge.url}/order?`, PLAIN, JSON.stringify(ORDER)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([429, 429]);
});

test('a client that goes away in the middle of its order places none, and the bridge goes on', async () => {
  const { bridge, get, lines } = await trading();
  const socket = connect(bridge.port, '127.0.0.1');
  await once(socket, 'connect');
  const head = Object.entries({ Host: 'x', ...PLAIN, 'Content-Length': '200' });
  const text = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  await new Promise((resolve) => socket.write(`POST /order HTTP/1.1\r\n${text}\r\n{"symbol"`, resolve));
  socket.resetAndDestroy();
  while (!lines.some((line) => line.includes('"status":400'))) await get('/health');
  expect((await get('/orders?status=all')).body.orders).toEqual([]);
});
