import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import { hashOf } from '../../compose/simulator/src/random.ts';
import { simulator } from '../support/simulator.ts';
import { BridgeProcess } from './support/bridge-process.ts';

const ORDERS = 500;
const AT_ONCE = 8;
const SEED = 20_270_115;
const MASTER = 100;

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
