import { pino } from 'pino';
import { expect } from 'vitest';
import { createApp } from '../../../compose/bridge/src/http/app.ts';
import type { AppDeps } from '../../../compose/bridge/src/http/deps.ts';
import { keyFinder } from '../../../compose/bridge/src/http/keys.ts';
import { OpenStreams } from '../../../compose/bridge/src/http/open-streams.ts';
import { OrderBook } from '../../../compose/bridge/src/session/order-book.ts';
import type { OrderRequest } from '../../../compose/bridge/src/session/order-parts.ts';
import { DEFAULT_TIMINGS } from '../../../compose/bridge/src/timings.ts';
import { allOrdersOf } from './all-orders.ts';
import { dataOf, metricsOf } from './data.ts';
import { AAPL } from './fake-gateway.ts';
import { ManualClock } from './manual-clock.ts';
import { startSession } from './session.ts';

export const TRADER = 'trader-key-0123456789';
export const READER = 'reader-key-0123456789';
export const ORDER = { symbol: 'aapl', action: 'BUY', quantity: 10, orderType: 'LMT', limitPrice: 50 };

const TICKET = {
  action: 'BUY',
  quantity: 10,
  orderType: 'LMT',
  limitPrice: 50,
  tif: 'DAY',
  account: 'DU1',
  orderRef: 'k',
} as const;
export const PREVIEW = {
  contract: AAPL,
  ticket: TICKET,
  preview: { initialMargin: { change: 250 }, maintenanceMargin: {}, equityWithLoan: {}, commission: 1 },
};

/** The app over a fake gateway, asked without a server. */
export function appOf(overrides: Partial<AppDeps> = {}) {
  const logged: string[] = [];
  const placed: { request: OrderRequest; key: string | undefined }[] = [];
  const { clock, gateway, session } = startSession();
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
      all: allOrdersOf(bookOf(clock)),
      cancels: { cancel: async () => bookedOrder(clock) },
    },
    executions: { refresh: async () => {}, completeSince: undefined, lastFailure: undefined },
    allExecutions: { page: async () => ({ executions: [], earlier: null }) },
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
export function placing(place: () => Promise<never>): AppDeps['orders'] {
  const never = () => Promise.reject(new Error('not tried here'));
  return {
    desk: { place, preview: never },
    all: allOrdersOf(new OrderBook(new ManualClock())),
    cancels: { cancel: never },
  };
}

/** An order as the book has it. */
export function bookedOrder(clock: ManualClock) {
  return bookOf(clock).get('x') as NonNullable<ReturnType<OrderBook['get']>>;
}

function bookOf(clock: ManualClock): OrderBook {
  const book = new OrderBook(clock);
  const ids = { id: 'x', key: 'k', fingerprint: 'f', clientId: 100, orderId: 3 };
  book.apply({ type: 'order', at: '', ...ids, contract: AAPL, ticket: TICKET });
  return book;
}

/** The problem an answer is, judged by what all problems have. */
export async function problem(response: Response) {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: `urn:gatehouse:problem:${body.code}`, status: response.status });
  expect(body.hint).not.toBe('');
  expect(body.requestId).toBe(response.headers.get('X-Request-Id'));
  return body;
}
