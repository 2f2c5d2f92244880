import { once } from 'node:events';
import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { KEY, readyBridge } from './support/running.ts';

interface Event {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the test, member for member
  readonly data: any;
}

const ready = () => readyBridge({}, { tickMs: 20 });

/** A WebSocket to the bridge, and what it hears. */
async function talking(url: string, path = '/ws', options: ClientOptions = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
    headers: { 'X-API-KEY': KEY },
    ...options,
  });
  onTestFinished(() => socket.terminate());
  const events: Event[] = [];
  let wake = () => {};
  socket.on('message', (data, isBinary) => {
    expect(isBinary).toBe(false);
    events.push(JSON.parse(String(data)));
    wake();
  });
  await once(socket, 'open');
  const next = async (fits: (event: Event) => boolean): Promise<Event> => {
    for (;;) {
      for (let event = events.shift(); event; event = events.shift()) if (fits(event)) return event;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { socket, next, say: (message: unknown) => socket.send(JSON.stringify(message)) };
}

const isA = (name: string) => (each: Event) => each.event === name;
const isOf = (name: string, symbol: string) => (each: Event) =>
  each.event === name && each.data.symbol === symbol;

test('what the address asks for comes at once, with the events of /stream', async () => {
  const { bridge } = await ready();
  const { next } = await talking(bridge.url, '/ws?symbols=AAPL,msft&kinds=quote,trade');
  expect((await next(isA('subscribed'))).data).toEqual({
    symbols: ['AAPL', 'MSFT'],
    kinds: ['quote', 'trade'],
  });
  const quote = await next((each) => isOf('quote', 'MSFT')(each) && each.data.ask !== null);
  expect(quote.data).toMatchObject({ bid: expect.any(Number), delayed: false });
  const trade = await next(isOf('trade', 'AAPL'));
  expect(trade.data).toMatchObject({ price: expect.any(Number), size: expect.any(Number) });
});

test('what is listened to is changed by messages, and a subscription nobody hears ends', async () => {
  const { bridge } = await ready();
  const { next, say } = await talking(bridge.url);
  say({ type: 'subscribe', id: 'a', symbols: ['aapl'], kinds: ['trade'] });
  expect((await next(isA('subscribed'))).data).toEqual({ id: 'a', symbols: ['AAPL'], kinds: ['trade'] });
  await next(isOf('trade', 'AAPL'));
  say({ type: 'unsubscribe', id: 'b', symbols: ['AAPL'] });
  expect((await next(isA('unsubscribed'))).data).toMatchObject({ id: 'b', symbols: ['AAPL'] });
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(text).toMatch(/^gatehouse_bridge_subscriptions\{kind="trade"\} 0$/m);
  expect(text).toMatch(/^gatehouse_bridge_streams_open 1$/m);
  expect(text).toMatch(/^gatehouse_bridge_http_requests_total\{method="GET",route="\/ws",status="101"\} 1$/m);
});

test.each([
  ['{', 'json-malformed'],
  ['"AAPL"', 'request-invalid'],
  ['{"type":"buy","symbols":["AAPL"]}', 'request-invalid'],
  ['{"type":"subscribe","symbols":[]}', 'request-invalid'],
  ['{"type":"subscribe","symbols":["AAPL"],"kinds":["news"]}', 'request-invalid'],
  ['{"type":"subscribe","symbols":["NOSUCH"]}', 'contract-unknown'],
])('%s is answered with the problem %s, and the conversation goes on', async (message, code) => {
  const { bridge } = await ready();
  const { socket, next, say } = await talking(bridge.url);
  socket.send(message);
  expect((await next(isA('problem'))).data.problem).toMatchObject({ code, hint: expect.any(String) });
  say({ type: 'subscribe', symbols: ['AAPL'] });
  await next(isOf('quote', 'AAPL'));
});

test('more symbols than one connection may have are refused, by message too', async () => {
  const { bridge } = await ready();
  const { next, say } = await talking(bridge.url, '/ws?symbols=MSFT');
  say({ type: 'subscribe', symbols: Array.from({ length: 50 }, (_, index) => `A${index}`) });
  expect((await next(isA('problem'))).data.problem).toMatchObject({
    code: 'request-invalid',
    errors: [{ path: 'symbols', received: 51 }],
  });
});

test('a message that is too large, or too many at once, end the connection', async () => {
  const { gateway, bridge } = await ready();
  const large = await talking(bridge.url);
  const [tooLarge] = await Promise.all([once(large.socket, 'close'), large.say('x'.repeat(5_000))]);
  expect(tooLarge[0]).toBe(1009);
  gateway.faults.set('request-never-answers', { request: 'reqContractDetails' });
  const many = await talking(bridge.url);
  for (let sent = 0; sent < 17; sent += 1) many.say({ type: 'subscribe', symbols: ['AAPL'] });
  const [code, reason] = await once(many.socket, 'close');
  expect([code, String(reason)]).toEqual([1008, 'too many messages at once']);
});

/** What a server says that does not take an upgrade. */
async function refused(url: string, path: string, headers: Record<string, string> = { 'X-API-KEY': KEY }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, problem: JSON.parse(body) };
}

test('keys, contracts and rules are looked at before the WebSocket begins', async () => {
  const { bridge, lines } = await ready();
  const without = await refused(bridge.url, '/ws', {});
  expect([without.status, without.problem.code]).toEqual([401, 'api-key-missing']);
  expect(without.headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-request-id': expect.any(String) });
  const unknown = await refused(bridge.url, '/ws', { 'X-API-KEY': 'wrong-key-0123456789' });
  expect(unknown.problem.code).toBe('api-key-unknown');
  expect((await refused(bridge.url, '/ws?symbols=NOSUCH')).problem.code).toBe('contract-unknown');
  expect((await refused(bridge.url, '/ws?symbols=AAPL&kinds=news')).status).toBe(422);
  expect(lines.join('')).not.toContain('wrong-key');
});

test('without an upgrade /ws says what it wants, and other upgrades are passed over', async () => {
  const { bridge, get } = await ready();
  const plain = await fetch(`${bridge.url}/ws`, { headers: { 'X-API-KEY': KEY } });
  expect([plain.status, plain.headers.get('Upgrade')]).toEqual([426, 'websocket']);
  expect((await get('/ws')).body.code).toBe('upgrade-needed');
  for (const [path, upgrade] of [
    ['/ping', 'websocket'],
    ['/ping', 'h2c'],
  ] as const) {
    const asked = request(`${bridge.url}${path}`, { headers: { Connection: 'Upgrade', Upgrade: upgrade } });
    asked.end();
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(200);
    response.destroy();
  }
});

test('ends with its reason when the bridge does, and does not hold it up', async () => {
  const { bridge } = await ready();
  const { socket, next } = await talking(bridge.url, '/ws?symbols=AAPL');
  await next(isOf('quote', 'AAPL'));
  const closed = once(socket, 'close');
  const closing = bridge.close();
  expect((await next(isA('ended'))).data).toEqual({ reason: 'shutting-down' });
  expect((await closed)[0]).toBe(1001);
  await closing;
});

test('a client that goes away ends its subscriptions', async () => {
  const { bridge } = await ready();
  const { socket, next } = await talking(bridge.url, '/ws?symbols=AAPL&kinds=trade');
  await next(isOf('trade', 'AAPL'));
  socket.terminate();
  for (;;) {
    const text = await (await fetch(`${bridge.url}/metrics`)).text();
    if (/^gatehouse_bridge_subscriptions\{kind="trade"\} 0$/m.test(text)) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
});
