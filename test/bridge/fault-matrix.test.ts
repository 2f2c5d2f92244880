import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../compose/bridge/src/catalogue.ts';
import type { Simulator } from '../../compose/simulator/src/simulator.ts';
import { type Body, bridgeTo, READY, type RunningBridge, simulator } from './support/running.ts';

/** Every deadline short: an answer that is later than all of them together was not bounded at all. */
const SHORT = {
  // No fault keeps a connection waiting, so this one passes on a busy machine alone.
  connect: 10_000,
  hello: 100,
  login: 100,
  request: 200,
  orderStatus: 100,
  executions: 100,
  commission: 20,
  quote: 200,
  history: 400,
  farmHold: 10,
  connectNow: 100,
  grace: 50,
};
const HUNG = 10_000;
/** For a deadline that must not be the one that passes, however busy the machine. */
const NEVER_FIRST = { hello: 10_000 };
/** What the gateway says of an order comes before it is answered without. */
const REFUSED_IN_TIME = { orderStatus: 5_000 };

const ORDER = { symbol: 'AAPL', action: 'BUY', quantity: 10, orderType: 'LMT', limitPrice: 50 };

/** The classes of endpoints, and how one of each is asked. */
const CLASSES = {
  ping: ['GET', '/ping'],
  health: ['GET', '/health'],
  connect: ['GET', '/health?connect=true'],
  contracts: ['GET', '/contracts?symbol=MSFT'],
  chain: ['GET', '/options/chain?symbol=AMZN'],
  positions: ['GET', '/positions'],
  account: ['GET', '/account'],
  quote: ['GET', '/quote?symbol=NVDA'],
  history: ['GET', '/history?symbol=TSLA&start=2026-11-02&end=2026-11-03'],
  executions: ['GET', '/executions'],
  orders: ['GET', '/orders'],
  order: ['POST', '/order'],
  cancel: ['DELETE', '/orders/ORDER'],
} as const;

type Class = keyof typeof CLASSES;
type Expected = Partial<Record<Class, number | readonly number[]>>;

interface Row {
  readonly fault: string;
  readonly settings?: Record<string, unknown>;
  /** The cause /health gives, and every 503 that says the session is not ready; undefined: the session stands. */
  readonly cause?: string;
  /** What the session says once it has come to the cause. */
  readonly says?: RegExp;
  /** In place of the short ones, where another deadline than the fault's own could pass first. */
  readonly timings?: Partial<typeof SHORT>;
  /** Milliseconds for a request; longer where an answer is expected, which a busy machine may keep waiting. */
  readonly request?: number;
  /** Where it is not what the session alone makes of it. */
  readonly expected?: Expected;
}

/** From memory, whatever the gateway does. */
const ALWAYS: Expected = { ping: 200, health: 200, connect: 200, executions: 200, orders: 200 };
const NEEDS_GATEWAY = [
  'contracts',
  'chain',
  'positions',
  'account',
  'quote',
  'history',
  'order',
  'cancel',
] as const;
const all = (status: number | readonly number[]): Expected =>
  Object.fromEntries(NEEDS_GATEWAY.map((each) => [each, status]));
const SWALLOWED: Expected = { ...all(504), quote: [200, 504], order: 201, cancel: 200 };

/** Set before the bridge starts: it never gets a session. */
const NO_SESSION: readonly Row[] = [
  { fault: 'refuse', timings: NEVER_FIRST, cause: 'gateway-refused' },
  { fault: 'waiting-for-2fa', timings: NEVER_FIRST, cause: 'gateway-refused' },
  { fault: 'accept-then-close', timings: NEVER_FIRST, cause: 'closed-before-hello' },
  { fault: 'mute', cause: 'no-hello' },
  { fault: 'mute-after-hello', timings: NEVER_FIRST, cause: 'no-managed-accounts' },
  {
    fault: 'close-after-hello',
    settings: { afterMs: 10 },
    timings: { ...NEVER_FIRST, login: 10_000 },
    cause: 'closed-after-hello',
  },
  {
    fault: 'slow-login',
    settings: { delayMs: 60_000 },
    timings: NEVER_FIRST,
    cause: 'no-managed-accounts',
  },
  { fault: 'client-id-in-use', timings: { ...NEVER_FIRST, login: 10_000 }, cause: 'client-id-in-use' },
  { fault: 'no-next-valid-id', timings: { ...NEVER_FIRST, login: 1_000 }, cause: 'no-next-valid-id' },
];

/** Set once the session stands and one order works. */
const SESSION: readonly Row[] = [
  { fault: 'half-open', expected: SWALLOWED },
  { fault: 'slow-network', settings: { delayMs: 60_000 }, expected: SWALLOWED },
  { fault: 'garbage', expected: { ...all([200, 201, 404, 409, 503, 504]) } },
  { fault: 'cut-off-frame', expected: { ...all([200, 201, 409, 503, 504]) } },
  { fault: 'restart', settings: { downMs: 60_000 }, cause: 'gateway-refused', says: /Nothing listens/ },
  { fault: 'port-changed', request: 5_000, expected: all([200, 201, 409, 503]) },
  {
    fault: 'connection-lost',
    request: 2_000,
    cause: 'ibkr-link-lost',
    expected: { ...all([200, 504]), contracts: 504, positions: 200, order: 503, cancel: 503 },
  },
  {
    fault: 'server-broken',
    request: 2_000,
    cause: 'ibkr-link-lost',
    expected: { ...all([200, 504]), contracts: 504, positions: 200, order: 503, cancel: 503 },
  },
  {
    fault: 'nightly-reset',
    request: 2_000,
    cause: 'ibkr-link-lost',
    expected: { ...all([200, 404, 504]), contracts: 404, positions: 200, order: 503, cancel: 503 },
  },
  {
    fault: 'farm-broken',
    request: 2_000,
    settings: { farm: 'secdef' },
    cause: 'farm-broken',
    expected: { ...all([200, 504]), contracts: 504, positions: 200, order: 201, cancel: 200 },
  },
  { fault: 'pacing', request: 5_000, expected: { ...all(200), order: 201 } },
  { fault: 'request-never-answers', expected: SWALLOWED },
  {
    fault: 'request-fails',
    request: 2_000,
    timings: REFUSED_IN_TIME,
    expected: { ...all(502), positions: [502, 504], order: 422, quote: [200, 502, 504], cancel: [200, 409] },
  },
  { fault: 'no-subscription', request: 5_000, expected: { ...all(200), quote: 422, order: 201 } },
  { fault: 'competing-session', request: 5_000, expected: { ...all(200), quote: 422, order: 201 } },
  {
    fault: 'order-rejected',
    request: 5_000,
    timings: REFUSED_IN_TIME,
    expected: { ...all(200), order: 422 },
  },
];

describe('before there is a session', () => {
  test.each(NO_SESSION)('$fault', async (row) => {
    const gateway = await simulator();
    gateway.faults.set(row.fault, row.settings);
    const bridge = await bridgeTo(gateway.port, { timings: { ...SHORT, ...row.timings } });
    await bridge.heard(/^session down/);
    await hold(bridge, { ...ALWAYS, ...all(503), cancel: 404 }, row, 'unknown');
  });
});

describe('once the session stands', () => {
  test.each(SESSION)('$fault', async (row) => {
    const gateway = await simulator();
    const { request = SHORT.request } = row;
    const bridge = await bridgeTo(gateway.port, {
      timings: { ...SHORT, request, quote: request, history: 2 * request, ...row.timings },
    });
    const id = await working(bridge);
    bridge.forget();
    gateway.faults.set(row.fault, row.settings);
    if (row.cause) await bridge.heard(row.says ?? /^session (down|degraded)/);
    await hold(bridge, { ...ALWAYS, ...all(503), ...row.expected }, row, id);
  });
});

test('every fault the simulator knows is in the matrix', async () => {
  const gateway: Simulator = await simulator();
  const known = gateway.faults.kinds().map(({ name }) => name);
  const tried = [...NO_SESSION, ...SESSION].map(({ fault }) => fault);
  expect(tried.toSorted()).toEqual(known.toSorted());
});

/** Asks one of each class, all at once: what is answered late must hold up nothing else. */
async function hold(bridge: RunningBridge, expected: Expected, { cause }: Row, id: string): Promise<void> {
  const answers = await Promise.all(
    Object.entries(CLASSES).map(async ([name, [method, path]]) => {
      const answer = await ask(bridge, method, path.replace('ORDER', id));
      return { name: name as Class, ...answer };
    }),
  );
  for (const { name, status, body } of answers) {
    const context = `${name}: ${status} ${JSON.stringify(body).slice(0, 300)}`;
    expect([expected[name]].flat(), context).toContain(status);
    if (status >= 400) expectProblem(status, body, cause, context);
  }
  const health = answers.find(({ name }) => name === 'health')?.body;
  if (cause !== undefined) expect(health).toMatchObject({ status: expect.stringMatching(/down|degraded/) });
}

/** The id of an order that works. On a busy machine the short deadlines may pass before, one by one or all. */
async function working(bridge: RunningBridge): Promise<string> {
  for (;;) {
    await bridge.heard(READY);
    const { status, body } = await bridge.post('/order', ORDER);
    if (status === 201) return body.id;
    expect([503, 504], JSON.stringify(body)).toContain(status);
  }
}

async function ask(bridge: RunningBridge, method: string, path: string) {
  const signal = AbortSignal.timeout(HUNG);
  const headers = { 'Content-Type': 'application/json' };
  const body = method === 'POST' ? { body: JSON.stringify(ORDER), headers } : {};
  return bridge.call(path, { method, signal, ...body });
}

/** The code is in the catalogue with this status, and it says what to do. */
function expectProblem(status: number, body: Body, cause: string | undefined, context: string): void {
  const entry = (CATALOGUE as Record<string, { status: number } | undefined>)[body.code];
  expect(entry?.status, context).toBe(status);
  expect(body, context).toMatchObject({ hint: expect.stringMatching(/\w/), detail: expect.any(String) });
  if (body.code !== 'gateway-not-ready' || cause === undefined) return;
  expect(Object.keys(CATALOGUE), context).toContain(body.cause);
  expect(body.cause, context).toBe(cause);
}
