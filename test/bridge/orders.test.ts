import { expect, test } from 'vitest';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import type { OrderRequest } from '../../compose/bridge/src/session/order-parts.ts';
import { AAPL } from './support/fake-gateway.ts';
import { LIMIT, MARKET, settle, tradingDesk as setUp } from './support/trading-desk.ts';

test('an order is on the disk before it is sent, under its own client id and order id', async () => {
  const log: string[] = [];
  const { clock, gateway, desk, lines } = setUp({ log });
  gateway.last.beforePlacing = async () => void log.push('sent');
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  expect(log).toEqual(['journal order', 'sent']);
  expect(lines[0]).toMatchObject({ key: 'key-1', clientId: 100, orderId: 1, ticket: { orderRef: 'key-1' } });
  expect(gateway.last.placed).toMatchObject([
    { orderId: 1, contract: AAPL, ticket: { account: 'DU1234567' } },
  ]);
});

test('a limit order is answered when it works', async () => {
  const { clock, desk, status } = setUp();
  const placing = desk.place(LIMIT, 'key-1');
  await settle(clock);
  status('PreSubmitted');
  status('Submitted');
  expect(await placing).toMatchObject({ replayed: false, order: { status: 'Submitted', permId: 777 } });
});

test('a market order is answered when it is filled', async () => {
  const { clock, desk, status } = setUp();
  const placing = desk.place(MARKET);
  await settle(clock);
  status('Submitted');
  status('Filled', 10);
  expect(await placing).toMatchObject({ order: { status: 'Filled', filled: 10, averageFillPrice: 190.5 } });
});

test('a gateway that says nothing is not waited for beyond two seconds', async () => {
  const { clock, desk } = setUp();
  const placing = desk.place(LIMIT);
  await clock.advance(2_000);
  expect(await placing).toMatchObject({ order: { status: 'PendingSubmit', permId: 0 } });
});

test('the same key and body is the same order, sent once', async () => {
  const { clock, gateway, desk, status } = setUp();
  const first = desk.place(LIMIT, 'key-1');
  await settle(clock);
  status('Submitted');
  const again = await desk.place(LIMIT, 'key-1');
  expect(again.replayed).toBe(true);
  expect(again.order.written.id).toBe((await first).order.written.id);
  expect(gateway.last.placed).toHaveLength(1);
});

test('a retry that overtakes its first try joins it', async () => {
  const { clock, gateway, desk, status } = setUp();
  const both = [desk.place(LIMIT, 'key-1'), desk.place(LIMIT, 'key-1')];
  await settle(clock);
  status('Submitted');
  const [first, second] = await Promise.all(both);
  expect(second?.order.written.id).toBe(first?.order.written.id);
  expect(gateway.last.placed).toHaveLength(1);
});

test('the same key with another body is refused, whether the first is under way or done', async () => {
  const { clock, desk, status } = setUp();
  const first = desk.place(LIMIT, 'key-1');
  await expect(desk.place({ ...LIMIT, quantity: 11 }, 'key-1')).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
  await settle(clock);
  status('Submitted');
  await first;
  await expect(desk.place({ ...LIMIT, quantity: 11 }, 'key-1')).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
});

test('without a key every call is a new order, with ids of its own', async () => {
  const { clock, gateway, desk } = setUp();
  void desk.place(LIMIT);
  void desk.place(LIMIT);
  await settle(clock);
  expect(gateway.last.placed.map(({ orderId }) => orderId)).toEqual([1, 2]);
  expect(new Set(gateway.last.placed.map(({ ticket }) => ticket.orderRef)).size).toBe(2);
});

test('after a restart a key is still known: nothing is sent, and its fate is unknown while nobody tells', async () => {
  const before = setUp();
  void before.desk.place(LIMIT, 'key-1');
  await settle(before.clock);
  const silent = () => new Promise<never>(() => {});
  const after = setUp({
    lines: before.lines,
    beforeLogin: ({ last }) => Object.assign(last, { openOrders: silent }),
  });
  const placing = after.desk.place(LIMIT, 'key-1');
  await after.clock.advance(2_000);
  expect(await placing).toMatchObject({ replayed: true, order: { status: 'Unknown' } });
  expect(after.gateway.last.placed).toEqual([]);
});

test('after a restart the last status is still known, and order ids go on', async () => {
  const before = setUp();
  const placing = before.desk.place(MARKET, 'key-1');
  await settle(before.clock);
  before.status('Filled', 10);
  await placing;
  const after = setUp({ lines: before.lines });
  expect(await after.desk.place(MARKET, 'key-1')).toMatchObject({
    replayed: true,
    order: { status: 'Filled' },
  });
  void after.desk.place(MARKET, 'key-2');
  await settle(after.clock);
  expect(after.gateway.last.placed.map(({ orderId }) => orderId)).toEqual([2]);
});

test('an order that was not sent says so, and its key may be used again', async () => {
  const { clock, gateway, desk, lines } = setUp();
  gateway.last.beforePlacing = async () => gateway.last.close();
  await expect(desk.place(LIMIT, 'key-1')).rejects.toMatchObject({ code: 'session-lost' });
  expect(lines.map(({ type }) => type)).toEqual(['order', 'not-sent']);
  await clock.advance(1_000);
  gateway.last.logIn();
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
});

test('an order that cannot be written down is not sent', async () => {
  const { gateway, desk, journal } = setUp();
  journal.append = () => Promise.reject(new BridgeError('journal-failed', 'ENOSPC'));
  await expect(desk.place(LIMIT, 'key-1')).rejects.toMatchObject({ code: 'journal-failed' });
  expect(gateway.last.placed).toEqual([]);
});

test('an order whose line is on the disk though its flush failed is not taken for the one sent after it', async () => {
  const { clock, gateway, desk, lines, journal } = setUp();
  const { append } = journal;
  journal.append = async (record) => {
    await append(record);
    throw new BridgeError('journal-failed', 'EIO');
  };
  await expect(desk.place(LIMIT, 'key-1')).rejects.toMatchObject({ code: 'journal-failed' });
  journal.append = append;
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
  const after = setUp({ lines });
  expect(after.book.list.map(({ status }) => status)).toEqual(['Unknown', 'NotSent']);
});

test('a rejection carries the gateway’s code, and is what a retry hears too', async () => {
  const { clock, gateway, desk, status } = setUp();
  const placing = desk.place(LIMIT, 'key-1');
  await settle(clock);
  gateway.last.say.orderError(1, { code: 201, message: 'Order rejected - reason: no money in DU1234567' });
  const outcome = {
    code: 'order-rejected',
    details: { ib: { code: 201, message: expect.stringContaining('DU…567') } },
  };
  await expect(placing).rejects.toMatchObject(outcome);
  status('Inactive');
  await expect(desk.place(LIMIT, 'key-1')).rejects.toMatchObject(outcome);
  expect(gateway.last.placed).toHaveLength(1);
});

test.each([
  ['a warning', 399],
  ['a code nobody explained', 10349],
])('%s about an order is told beside its status and rejects nothing', async (_, code) => {
  const { clock, gateway, desk, status } = setUp();
  const placing = desk.place(LIMIT);
  await settle(clock);
  gateway.last.say.orderError(1, { code, message: 'the order is held until the open' });
  status('Submitted');
  expect(await placing).toMatchObject({ order: { status: 'Submitted', advice: { code } } });
});

test('an error about an order that works does not reject it', async () => {
  const { clock, gateway, desk, status } = setUp();
  const placing = desk.place(LIMIT, 'key-1');
  await settle(clock);
  status('Submitted');
  await placing;
  gateway.last.say.orderError(1, { code: 10148, message: 'cannot be cancelled' });
  expect(await desk.place(LIMIT, 'key-1')).toMatchObject({ order: { status: 'Submitted' } });
});

test('the order of another client with the same id is not ours', async () => {
  const { clock, gateway, desk } = setUp();
  const placing = desk.place(LIMIT);
  await settle(clock);
  gateway.last.say.orderStatus({
    orderId: 1,
    clientId: 7,
    status: 'Filled',
    filled: 1,
    remaining: 0,
    averageFillPrice: 1,
    permId: 1,
  });
  await clock.advance(2_000);
  expect(await placing).toMatchObject({ order: { status: 'PendingSubmit' } });
});

test('several contracts are given as candidates, and nothing is written', async () => {
  const { gateway, desk, lines } = setUp();
  gateway.last.contracts = [AAPL, { ...AAPL, conId: 2 }];
  await expect(desk.place(LIMIT)).rejects.toMatchObject({
    code: 'contract-ambiguous',
    details: { extra: { candidates: [{ conId: 265598 }, { conId: 2 }] } },
  });
  expect(lines).toEqual([]);
});

test('a conId that belongs to another kind or symbol does not slip past the rules', async () => {
  const { gateway, desk, lines } = setUp();
  for (const contract of [
    { ...AAPL, secType: 'OPT' },
    { ...AAPL, symbol: 'MSFT' },
  ]) {
    gateway.last.contracts = [contract];
    await expect(desk.place({ ...MARKET, conId: 1 })).rejects.toMatchObject({ code: 'contract-unknown' });
  }
  expect(lines).toEqual([]);
});

test('a disk that stops taking lines is told, and the status is known all the same', async () => {
  const { clock, desk, status, events, journal } = setUp();
  const placing = desk.place(LIMIT);
  await settle(clock);
  journal.note = () => Promise.reject(new BridgeError('journal-failed', 'ENOSPC'));
  status('Submitted');
  expect(await placing).toMatchObject({ order: { status: 'Submitted' } });
  await settle(clock);
  expect(events.at(-1)).toMatchObject({ kind: 'notice', text: 'order journal: ENOSPC' });
});

test('an unknown contract carries the gateway’s code', async () => {
  const { gateway, desk } = setUp();
  const ib = { code: 200, message: 'No security definition has been found for the request' };
  gateway.last.contractDetails = () => Promise.reject(new BridgeError('gateway-error', ib.message, { ib }));
  await expect(desk.place(LIMIT)).rejects.toMatchObject({ code: 'contract-unknown', details: { ib } });
});

test.each([
  ['market-option-refused', { ...MARKET, secType: 'OPT' } as OrderRequest, ['DU1234567']],
  ['account-unknown', { ...LIMIT, account: 'DU9' }, ['DU1234567']],
  ['account-unknown', LIMIT, []],
  ['account-needed', LIMIT, ['DU1234567', 'DU7654321']],
  ['trading-mode-mismatch', LIMIT, ['U1234567']],
  ['order-too-large', { ...LIMIT, quantity: 1_001 }, ['DU1234567']],
])('%s: refused before anything is written or asked', async (code, request, accounts) => {
  const { desk, lines } = setUp({ accounts });
  await expect(desk.place(request)).rejects.toMatchObject({ code });
  expect(lines).toEqual([]);
});

test('a failed try leaves its key free', async () => {
  const { clock, gateway, desk } = setUp();
  gateway.last.contracts = [];
  await expect(desk.place(LIMIT, 'key-1')).rejects.toMatchObject({ code: 'contract-unknown' });
  gateway.last.contracts = [AAPL];
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  expect(gateway.last.placed).toHaveLength(1);
});

test('each change of status is one line, without the account', async () => {
  const { clock, desk, status, events, lines } = setUp();
  void desk.place(LIMIT);
  await settle(clock);
  status('Submitted');
  status('Submitted');
  status('Filled', 10);
  const orders = events.filter(({ kind }) => kind === 'order').map(({ text }) => text);
  expect(orders).toEqual(['order 1 BUY 10 AAPL LMT 50: Submitted', 'order 1 BUY 10 AAPL LMT 50: Filled']);
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(events)).not.toContain('1234567');
});
