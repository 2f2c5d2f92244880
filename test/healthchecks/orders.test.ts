import { expect, test } from 'vitest';
import { answers, type Request, type RequestOf } from '../../tws/index.ts';
import { diagnose } from './support/diagnose.ts';
import { gateway, type Script, type Talk } from './support/gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

/** A gateway that keeps what it was sent, and answers the order with `reply` alone. */
async function taking(script: Script & { reply?: (order: RequestOf<'placeOrder'>, talk: Talk) => void }) {
  const requests: Request[] = [];
  const server = await gateway({
    ...script,
    on(request, talk) {
      requests.push(request);
      if (request.type !== 'placeOrder' || !script.reply) return false;
      script.reply(request, talk);
      return true;
    },
  });
  const orders = () => requests.filter((request) => request.type === 'placeOrder');
  const cancels = () => requests.filter((request) => request.type === 'cancelOrder');
  return { server, orders, cancels };
}

test('one what-if order, of one share at a price that cannot fill, and nothing else', async () => {
  const { server, orders, cancels } = await taking({ accounts: 'DU1234567,DU7654321' });
  const verdict = await diagnose(server.port, { level: 'orders' });
  await server.allClosed();
  expect(verdict).toMatchObject({ healthy: true, summary: { order_capability: true, market_data: null } });
  expect(verdict.evidence).toContain('what-if order: PreSubmitted, margin 75.5');
  expect(orders()).toHaveLength(1);
  expect(orders()[0]).toMatchObject({
    orderId: 7,
    whatIf: true,
    transmit: true,
    account: 'DU1234567',
    orderType: 'LMT',
    totalQuantity: 1,
    lmtPrice: 1,
  });
  expect(cancels()).toHaveLength(0);
});

test.each(['U1234567', 'DU1234567,U1234567', 'F1234567'])(
  'no order at all to a live login: %s',
  async (accounts) => {
    const { server, orders } = await taking({ accounts });
    const verdict = await diagnose(server.port, { level: 'orders' });
    await server.allClosed();
    expect(verdict).toMatchObject({ failedStage: 'orders', cause: 'live-account' });
    expect(orders()).toHaveLength(0);
  },
);

test('a live account is probed when that is allowed', async () => {
  const { server, orders } = await taking({ accounts: 'U1234567' });
  expect((await diagnose(server.port, { level: 'orders', allowLive: true })).healthy).toBe(true);
  await server.allClosed();
  expect(orders()).toMatchObject([{ whatIf: true }]);
});

test.each([
  [
    'an open order that is no what-if',
    (orderId: number, talk: Talk) =>
      talk.send(answers.openOrder, { orderId, whatIf: false, status: 'Submitted' }),
  ],
  [
    'an order status',
    (orderId: number, talk: Talk) => talk.send(answers.orderStatus, { orderId, status: 'Submitted' }),
  ],
])('taken for a real order: cancelled at once (%s)', async (_name, reply) => {
  const { server, cancels } = await taking({ reply: ({ orderId }, talk) => reply(orderId, talk) });
  const verdict = await diagnose(server.port, { level: 'orders' });
  await server.allClosed();
  expect(verdict).toMatchObject({ cause: 'what-if-ignored', healthy: false });
  expect(cancels()).toMatchObject([{ orderId: 7 }]);
});

test('Read-Only mode is named, with the setting', async () => {
  const message =
    "Error validating request.-'bN' : cause - The API interface is currently in Read-Only mode.";
  const { server } = await taking({ reply: ({ orderId }, talk) => talk.error(orderId, 321, message) });
  const verdict = await diagnose(server.port, { level: 'orders' });
  expect(verdict).toMatchObject({ failedStage: 'orders', cause: 'read-only' });
  expect(verdict.hint).toContain('READ_ONLY_API');
});

test.each([-1, 2147483647])('Read-Only mode is named also when the refusal comes with id %i', async (id) => {
  const clock = new ManualClock();
  const message = 'The API interface is currently in Read-Only mode.';
  const { server } = await taking({
    reply(_, talk) {
      talk.error(id, 321, message);
      talk.whenRead(() => clock.expire());
    },
  });
  expect((await diagnose(server.port, { level: 'orders' }, clock)).cause).toBe('read-only');
});

test('a rejected order gives the reason of the gateway', async () => {
  const { server } = await taking({
    reply: ({ orderId }, talk) =>
      talk.error(orderId, 201, 'Order rejected - reason: no trading permissions.'),
  });
  expect(await diagnose(server.port, { level: 'orders' })).toMatchObject({
    cause: 'request-refused',
    message: 'The gateway refused a request: error 201, Order rejected - reason: no trading permissions.',
  });
});

test('a warning about the order is not its answer', async () => {
  const { server } = await taking({});
  const warned = await gateway({
    on(request, talk) {
      if (request.type === 'placeOrder') talk.error(request.orderId, 399, 'held until the market opens');
      return false;
    },
  });
  expect((await diagnose(warned.port, { level: 'orders' })).healthy).toBe(true);
  expect((await diagnose(server.port, { level: 'orders' })).healthy).toBe(true);
});

test.each([
  ['placeOrder', 'what-if order'],
  ['reqExecutions', 'executions'],
  ['reqCompletedOrders', 'completed orders'],
])('%s is never answered: named, and no other', async (unanswered, name) => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on({ type }, talk) {
      // The last of the three was seen: it is answered, or not, and then the time is up.
      if (type === 'reqCompletedOrders') setImmediate(() => talk.whenRead(() => clock.expire()));
      return type === unanswered;
    },
  });
  expect(await diagnose(port, { level: 'orders' }, clock)).toMatchObject({
    failedStage: 'orders',
    cause: 'request-unanswered',
    message: `The gateway is alive, but a request was never answered: ${name}.`,
  });
});

test('executions that are refused', async () => {
  const { port } = await gateway({
    on(request, talk) {
      if (request.type === 'reqExecutions') talk.error(request.reqId, 321, 'Error validating request');
      return request.type === 'reqExecutions';
    },
  });
  expect(await diagnose(port, { level: 'orders' })).toMatchObject({ cause: 'request-refused' });
});
