import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readKeysFile } from '../../compose/bridge/src/http/keys-file.ts';
import { Outbox } from '../../compose/bridge/src/http/outbox.ts';
import { Feeds } from '../../compose/bridge/src/session/feeds.ts';
import { NO_BOOK, withChange } from '../../compose/bridge/src/session/quote-state.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { AAPL } from './support/fake-gateway.ts';
import { bridgeTo, KEY, READY, readyBridge, simulator } from './support/running.ts';
import { startSession } from './support/session.ts';

interface Event {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the test, member for member
  readonly data: any;
}

const ready = () => readyBridge({}, { tickMs: 20 });

/** Listens, and waits for the first event that fits. */
async function listening(url: string, query: string, key = KEY) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${url}/stream?${query}`, {
    headers: { 'X-API-KEY': key },
    signal: abort.signal,
  });
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (fits: (event: Event) => boolean): Promise<Event> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const event = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (event && fits(event)) return event;
        continue;
      }
      const { value, done } = (await chunks?.read()) ?? { done: true };
      if (done) throw new Error(`the stream ended: ${text}`);
      text += value;
    }
  };
  return { response, next, abort };
}

function parse(text: string): Event | undefined {
  const event = /^event: (.*)$/m.exec(text)?.[1];
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return event && data ? { event, data: JSON.parse(data) } : undefined;
}

const isOf = (event: string, symbol: string) => (each: Event) =>
  each.event === event && each.data.symbol === symbol;

test('quotes, trades and books of several symbols come as they change', async () => {
  const { bridge } = await ready();
  const { response, next } = await listening(bridge.url, 'symbols=AAPL,msft&kinds=quote,trade,depth');
  expect(response.headers.get('Content-Type')).toMatch(/^text\/event-stream/);
  const quote = await next((each) => isOf('quote', 'MSFT')(each) && each.data.ask !== null);
  expect(quote.data).toMatchObject({ bid: expect.any(Number), delayed: false });
  const trade = await next(isOf('trade', 'AAPL'));
  expect(trade.data).toMatchObject({ price: expect.any(Number), size: expect.any(Number), exchange: 'ARCA' });
  expect(trade.data.time).toMatch(/^20\d\d-/);
  const book = await next((each) => isOf('depth', 'AAPL')(each) && each.data.bids.length > 2);
  const prices = book.data.bids.map(({ price }: { price: number }) => price);
  expect(prices).toEqual([...prices].sort((a, b) => b - a));
});

test('what is refused is said, and the rest goes on', async () => {
  const { gateway, bridge } = await ready();
  gateway.faults.set('request-fails', {
    request: 'reqTickByTickData',
    code: 10189,
    message: 'not supported',
  });
  const { next } = await listening(bridge.url, 'symbols=AAPL&kinds=trade,quote');
  const refused = await next((each) => each.event === 'refused');
  expect(refused.data).toMatchObject({
    symbol: 'AAPL',
    kind: 'trade',
    problem: { code: 'market-data-refused', ibCode: 10189 },
  });
  await next(isOf('quote', 'AAPL'));
});

test('comes back after a lost connection, and after one of IBKR’s that lost its data', async () => {
  const { gateway, bridge, get } = await ready();
  const { next } = await listening(bridge.url, 'symbols=AAPL');
  await next(isOf('quote', 'AAPL'));
  gateway.faults.set('connection-lost', { dataLost: true });
  gateway.faults.clear('connection-lost');
  expect((await next((each) => each.event === 'interrupted')).data).toMatchObject({
    symbol: 'AAPL',
    kind: 'quote',
  });
  await next((each) => each.event === 'restored');
  await next(isOf('quote', 'AAPL'));
  gateway.faults.set('restart', { downMs: 20 });
  await next((each) => each.event === 'interrupted');
  await next((each) => each.event === 'restored');
  await next(isOf('quote', 'AAPL'));
  expect((await get('/health')).body.lastIbErrorCode).not.toBe(300);
});

test('ends when the bridge does, and does not hold it up', async () => {
  const { bridge } = await ready();
  const { next } = await listening(bridge.url, 'symbols=AAPL');
  await next(isOf('quote', 'AAPL'));
  await bridge.close();
  expect((await next((each) => each.event === 'ended')).data).toEqual({ reason: 'shutting-down' });
  // Its end, and not a connection that was cut when the grace time was over.
  await expect(next((each) => each.event === 'never')).rejects.toThrow('the stream ended');
});

test('ends when its key is taken out of the keys file, and no other stream does', async () => {
  const gateway = await simulator({ tickMs: 20 });
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const keysFile = join(folder, 'keys');
  const kept = `test:read+trade:${KEY}\n`;
  await writeFile(keysFile, `${kept}second:read:second-key-0123456789\n`);
  const { bridge, heard } = await bridgeTo(gateway.port, { keysFile, apiKeys: readKeysFile(keysFile) });
  await heard(READY);
  const removed = await listening(bridge.url, 'symbols=AAPL', 'second-key-0123456789');
  const other = await listening(bridge.url, 'symbols=AAPL');
  await Promise.all([removed, other].map(({ next }) => next(isOf('quote', 'AAPL'))));
  await writeFile(`${keysFile}.new`, kept);
  await rename(`${keysFile}.new`, keysFile);
  expect((await removed.next((each) => each.event === 'ended')).data).toEqual({ reason: 'api-key-removed' });
  await expect(removed.next(() => false)).rejects.toThrow('the stream ended');
  await other.next(isOf('quote', 'AAPL'));
});

test('a listener that leaves ends its subscription', async () => {
  const { bridge } = await ready();
  const metric = async (name: string) => {
    const text = await (await fetch(`${bridge.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  };
  const trades = 'gatehouse_bridge_subscriptions\\{kind="trade"\\}';
  const { next, abort } = await listening(bridge.url, 'symbols=AAPL&kinds=trade');
  await next(isOf('trade', 'AAPL'));
  expect(await metric(trades)).toBe(1);
  abort.abort();
  while ((await metric(trades)) !== 0) await new Promise((resolve) => setImmediate(resolve));
});

test.each([
  ['symbols=NOSUCH', 404],
  ['symbols=', 422],
  ['symbols=AAPL&kinds=news', 422],
  [`symbols=${Array.from({ length: 51 }, (_, index) => `A${index}`).join(',')}`, 422],
])('%s is %i', async (query, status) => {
  const { get } = await ready();
  expect((await get(`/stream?${query}`)).status).toBe(status);
});

function feeds() {
  const made: { feeds?: Feeds } = {};
  const { clock, gateway, session } = startSession({
    lifecycle: {
      ready: (link) => made.feeds?.ready(link.client),
      restored: () => {},
      ended: () => {},
      notice: (message) => made.feeds?.notice(message),
    },
  });
  made.feeds = new Feeds({ session, clock, timings: DEFAULT_TIMINGS });
  gateway.last.logIn();
  const heard: string[] = [];
  const listener = (name: string) => ({
    news: () => heard.push(`${name} news`),
    advised: () => heard.push(`${name} advised`),
    interrupted: () => heard.push(`${name} interrupted`),
    restored: () => heard.push(`${name} restored`),
    refused: () => heard.push(`${name} refused`),
    ended: () => heard.push(`${name} ended`),
  });
  return { clock, gateway, feeds: made.feeds, heard, listener };
}

const BID = { type: 'value', field: 'bid', value: 1, delayed: false } as const;

test('listeners share one subscription; who comes later hears at once what is known', async () => {
  const { clock, gateway, feeds: all, heard, listener } = feeds();
  const leave = all.listen('quote', AAPL, listener('a'));
  gateway.last.watched[0]?.listener.event(BID);
  const leaveToo = all.listen('quote', AAPL, listener('b'));
  expect(heard).toEqual(['a news', 'b news']);
  expect([gateway.last.watched.length, all.open.quote, all.listeners]).toEqual([1, 1, 2]);
  leave();
  leaveToo();
  expect(gateway.last.watched[0]?.ended).toBe(false);
  await clock.advance(DEFAULT_TIMINGS.quoteLinger);
  expect([gateway.last.watched[0]?.ended, all.open.quote, clock.pending > 0]).toEqual([true, 0, true]);
});

test('a new connection has what the last one had, once it is ready', async () => {
  const { clock, gateway, feeds: all, heard, listener } = feeds();
  all.listen('trade', AAPL, listener('a'));
  gateway.last.end({ stage: 'hello' });
  await clock.advance(2_000);
  expect(gateway.clients).toHaveLength(2);
  expect([heard, gateway.last.watched.length]).toEqual([['a interrupted'], 0]);
  gateway.last.logIn();
  expect([heard, gateway.last.watched.length]).toEqual([['a interrupted', 'a restored'], 1]);
});

test('what stays silent after a farm came back is subscribed again, and nothing else', async () => {
  const { clock, gateway, feeds: all, heard, listener } = feeds();
  const MSFT = { ...AAPL, symbol: 'MSFT', conId: 272093 };
  all.listen('quote', AAPL, listener('a'));
  all.listen('quote', MSFT, listener('b'));
  const farm = (code: number) => all.notice({ code, message: 'usfarm' });
  farm(2104);
  await clock.advance(60_000);
  expect(gateway.last.watched).toHaveLength(2);
  farm(2103);
  farm(2104);
  gateway.last.watched[0]?.listener.event(BID);
  await clock.advance(DEFAULT_TIMINGS.farmHold);
  expect(gateway.last.watched.map(({ watch, ended }) => [watch.contract.symbol, ended])).toEqual([
    ['AAPL', false],
    ['MSFT', true],
    ['MSFT', false],
  ]);
  gateway.last.watched[2]?.listener.event(BID);
  expect(heard).toEqual(['a news', 'b news']);
});

test('what the budget has no room for after a reconnect is tried again', async () => {
  const { clock, gateway, feeds: all, heard, listener } = feeds();
  all.listen('trade', AAPL, listener('a'));
  gateway.last.end({ stage: 'hello' });
  await clock.advance(2_000);
  const { watch } = gateway.last;
  gateway.last.watch = () => {
    throw new Error('no room');
  };
  gateway.last.logIn();
  expect(heard).toEqual(['a interrupted']);
  gateway.last.watch = watch;
  await clock.advance(1_000);
  expect(heard).toEqual(['a interrupted', 'a restored']);
});

test('prices of before a broken farm are not told as prices of now', () => {
  const { gateway, feeds: all, heard, listener } = feeds();
  all.listen('quote', AAPL, listener('a'));
  gateway.last.watched[0]?.listener.event(BID);
  gateway.last.say.notice({ code: 2103, message: 'Market data farm connection is broken:usfarm' });
  all.listen('quote', AAPL, listener('b'));
  expect(heard).toEqual(['a news']);
});

test('a slow listener gets the newest quote with the number of those in between, and every trade', async () => {
  const outbox = new Outbox(3);
  const quote = (bid: number) =>
    outbox.putLatest('quote AAPL', { event: 'quote', data: { symbol: 'AAPL', bid } });
  const trade = (price: number) =>
    outbox.putEach('trade AAPL', { event: 'trade', data: { symbol: 'AAPL', price } });
  expect([quote(1), quote(2), quote(3)]).toEqual([false, true, true]);
  expect([trade(1), trade(2), trade(3), trade(4)]).toEqual([true, true, false, false]);
  expect(await outbox.take()).toEqual([
    { event: 'quote', data: { symbol: 'AAPL', bid: 3, skipped: 2 } },
    { event: 'trade', data: { symbol: 'AAPL', price: 1 } },
    { event: 'trade', data: { symbol: 'AAPL', price: 2 } },
    { event: 'gap', data: { symbol: 'AAPL', kind: 'trade', missed: 2 } },
  ]);
  const waiting = outbox.take();
  trade(5);
  expect(await waiting).toEqual([{ event: 'trade', data: { symbol: 'AAPL', price: 5 } }]);
  outbox.close();
  expect(await outbox.take()).toBeUndefined();
});

test('a book follows its changes', () => {
  const row = { side: 'bid', price: 1, size: 1 } as const;
  let book = withChange(NO_BOOK, { ...row, operation: 'insert', position: 0, price: 10 });
  book = withChange(book, { ...row, operation: 'insert', position: 0, price: 11 });
  book = withChange(book, { ...row, operation: 'update', position: 1, size: 5, marketMaker: 'ARCA' });
  expect(book.bids).toEqual([
    { price: 11, size: 1 },
    { price: 1, size: 5, marketMaker: 'ARCA' },
  ]);
  book = withChange(book, { ...row, operation: 'delete', position: 0 });
  expect([book.bids.length, book.asks.length]).toEqual([1, 0]);
  expect(withChange(NO_BOOK, { ...row, operation: 'update', position: 4 }).bids).toHaveLength(1);
});

test('metrics: names by convention, no series of a caller’s making, not through a proxy', async () => {
  const { bridge, get } = await ready();
  await get('/quote?symbol=AAPL');
  await get('/no/such/route');
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(text).toMatch(
    /^gatehouse_bridge_http_requests_total\{method="GET",route="\/quote",status="200"\} 1$/m,
  );
  expect(text).toMatch(/^gatehouse_bridge_session_state\{state="ready"\} 1$/m);
  expect(text).toMatch(/^gatehouse_bridge_gateway_messages_total [1-9]/m);
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
  expect(text).not.toContain('/no/such');
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (gatehouse_\S+) (\S+)$/gm)) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
  const proxied = await fetch(`${bridge.url}/metrics`, { headers: { 'X-Forwarded-For': '203.0.113.9' } });
  expect(proxied.status).toBe(404);
});

test('/docs shows every endpoint to a browser without a key, and needs nothing from elsewhere', async () => {
  const { bridge } = await ready();
  const response = await fetch(`${bridge.url}/docs`);
  const page = await response.text();
  expect(response.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'/);
  for (const name of [
    'GET /ping',
    'POST /order',
    'GET /stream',
    'GET /history',
    'Idempotency-Key',
    'limitPrice',
  ]) {
    expect(page.toLowerCase()).toContain(name.toLowerCase());
  }
  expect(page).not.toMatch(/<script|https?:\/\//);
});
