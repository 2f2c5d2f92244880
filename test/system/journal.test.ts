import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { systemClock } from '../../compose/bridge/src/clock.ts';
import { AllOrders } from '../../compose/bridge/src/session/all-orders.ts';
import { DayTotals } from '../../compose/bridge/src/session/day-totals.ts';
import { openOrderStore } from '../../compose/bridge/src/session/open-orders.ts';
import { OrderBook } from '../../compose/bridge/src/session/order-book.ts';
import { hashOf } from '../../compose/simulator/src/random.ts';
import { simulator } from '../support/simulator.ts';
import { BridgeProcess } from './support/bridge-process.ts';

const ORDERS = 500;
const AT_ONCE = 8;
const SEED = 20_270_115;
const MASTER = 100;
const RUNS = 15;
const MOVING = join(import.meta.dirname, 'support/moving-orders.ts');

interface Order {
  readonly orderRef: string;
  readonly status: string;
}

const bridges: BridgeProcess[] = [];
afterEach(async () => {
  for (const bridge of bridges.splice(0)) await bridge.remove();
});

test('500 orders and a bridge that is killed all the time: none doubled, none unaccounted for', async () => {
  const gateway = await simulator({ masterClientId: MASTER });
  const bridge = await BridgeProcess.prepare(gateway.port, {
    BRIDGE_MAX_DAY_QUANTITY: 'none',
    BRIDGE_MAX_DAY_NOTIONAL: 'none',
  });
  bridges.push(bridge);
  onTestFailed(() => console.error(bridge.output));
  await bridge.start();

  const progress = { sent: 0, done: 0, kills: 0 };
  const ended = new AbortController();
  const killing = killNowAndThen(bridge, progress, ended.signal);
  const keys = Array.from({ length: ORDERS }, (_, number) => `order-${number}`);
  const queue = [...keys];
  const answers = new Map<string, Order>();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        answers.set(key, await insist(bridge, key, progress));
        progress.done += 1;
      }
    }),
  );
  ended.abort();
  await killing;

  const atGateway = await ordersAt(gateway);
  expect(progress.kills).toBeGreaterThan(10);
  expect(new Set(atGateway).size, 'no order is at the gateway twice').toBe(atGateway.length);
  expect([...answers.keys()].toSorted()).toEqual(keys.toSorted());

  const told = await tellAll(bridge);
  expect(told.map(({ orderRef }) => orderRef).toSorted()).toEqual(keys.toSorted());
  const received = told.filter(({ status }) => status !== 'NotReceived');
  expect(received.filter(({ status }) => !/^(Pre)?Submitted$/.test(status))).toEqual([]);
  expect(received.map(({ orderRef }) => orderRef).toSorted()).toEqual(atGateway.toSorted());
});

test('orders that are moved to the disk all the time, and a process that is killed: none is lost', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'moved-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const said = new Set<string>();
  for (let run = 0; run < RUNS; run++) {
    const child = spawn(process.execPath, [MOVING, dataDir, `run${run}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const lines = 20 + (hashOf(SEED, run) % 200);
    let count = 0;
    for await (const line of createInterface(child.stdout)) {
      said.add(line);
      count += 1;
      if (count === lines) child.kill('SIGKILL');
    }
    await ended;
  }

  const book = new OrderBook(systemClock);
  const options = { dataDir, pastBytes: 1e9, log: pino({ level: 'silent' }) };
  const store = await openOrderStore(book, new DayTotals(), options);
  onTestFinished(() => store.close());
  const all = new AllOrders(book, store.past);
  const begun = (await readdir(join(dataDir, 'orders'))).filter((name) => name.startsWith('journal-'));
  expect(Number(/\d+/.exec(begun.toSorted().at(-1) ?? '')?.[0])).toBeGreaterThan(RUNS);
  for (const line of said) {
    const [word, id = ''] = line.split(' ');
    if (word === 'begun') continue;
    const order = await all.require(id);
    expect(order.written.key).toBe(`key ${id}`);
    if (word === 'ended') expect(order.status, id).toBe('Filled');
    expect(book.get(id) ?? (await all.byKey(`key ${id}`))).toMatchObject({ written: { id } });
  }
  const orders = await all.list('all', 1e6);
  expect(orders.length).toBeGreaterThan(RUNS * 10);
  expect(new Set(orders.map(({ written }) => written.orderId)).size, 'no order id twice').toBe(orders.length);
  const today = orders.filter(({ written }) => written.at.slice(0, 10) === book.totals.sum.day);
  expect(book.totals.sum).toMatchObject({ quantity: today.length, notional: { USD: 2 * today.length } });
});

/** Kills the bridge after 5 to 40 further orders were sent, up to 20 ms into whatever it is doing then. */
async function killNowAndThen(
  bridge: BridgeProcess,
  progress: { sent: number; kills: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const chance = hashOf(SEED, progress.kills);
    const due = progress.sent + 5 + (chance % 36);
    while (progress.sent < due && !signal.aborted) await pause(1);
    if (signal.aborted) return;
    await pause((chance >>> 8) % 20);
    await bridge.kill();
    progress.kills += 1;
    await bridge.start();
  }
}

/** Sends an order with its key until a bridge answers what became of it. */
async function insist(bridge: BridgeProcess, key: string, progress: { sent: number }): Promise<Order> {
  const body = JSON.stringify({
    symbol: 'AAPL',
    action: 'BUY',
    quantity: 1,
    orderType: 'LMT',
    limitPrice: 50,
  });
  for (;;) {
    progress.sent += 1;
    try {
      const response = await bridge.call('/order', {
        method: 'POST',
        headers: { 'Idempotency-Key': key },
        body,
      });
      if (response.ok) return (await response.json()) as Order;
      const { status } = response;
      expect([429, 503, 504], `${key}: ${await response.text()}`).toContain(status);
    } catch (error) {
      // The bridge was killed: fetch and json fail with TypeError. Whatever else it is fails the test.
      if (!(error instanceof TypeError)) throw error;
    }
    await pause(20);
  }
}

/** What the gateway itself has: every order that was ever placed is far below the market, and so still open. */
async function ordersAt(gateway: Awaited<ReturnType<typeof simulator>>): Promise<string[]> {
  const client = await gateway.client(999);
  client.send('reqAllOpenOrders', {});
  await client.waitFor('openOrderEnd');
  return client.all('openOrder').map(({ orderRef }) => orderRef);
}

/** The journal's orders, once the bridge has asked the gateway for those it did not know the fate of. */
async function tellAll(bridge: BridgeProcess): Promise<Order[]> {
  for (;;) {
    const response = await bridge.call('/orders?status=all&limit=1000');
    const { orders } = (await response.json()) as { orders: Order[] };
    // One that was not sent leaves its key to the one that was sent after it.
    const sent = orders.filter(({ status }) => status !== 'NotSent');
    if (sent.every(({ status }) => status !== 'Unknown' && status !== 'PendingSubmit')) return sent;
    await pause(50);
  }
}
