import { expect, test } from 'vitest';
import { LIMIT, settle, tradingDesk } from './support/trading-desk.ts';

/** A limit order that works. */
async function working(options: Parameters<typeof tradingDesk>[0] = {}) {
  const desk = tradingDesk(options);
  const placing = desk.desk.place(LIMIT, 'key-1');
  await settle(desk.clock);
  desk.status('Submitted');
  const { order } = await placing;
  return { ...desk, id: order.written.id };
}

test('a cancel goes out under the order’s own id, and is answered with its end', async () => {
  const { cancels, gateway, clock, id, status } = await working();
  const cancelling = cancels.cancel(id);
  await settle(clock);
  expect(gateway.last.cancelled).toEqual([1]);
  status('PendingCancel');
  status('Cancelled');
  expect(await cancelling).toMatchObject({ status: 'Cancelled' });
});

test('a gateway that says nothing is not waited for beyond two seconds', async () => {
  const { cancels, clock, id } = await working();
  const cancelling = cancels.cancel(id);
  await clock.advance(2_000);
  expect(await cancelling).toMatchObject({ status: 'Submitted' });
});

test.each([161, 10147, 10148])('code %i refuses the cancel, and leaves the order as it is', async (code) => {
  const { cancels, gateway, clock, id, book } = await working();
  const cancelling = expect(cancels.cancel(id)).rejects.toMatchObject({
    code: 'cancel-refused',
    details: { ib: { code } },
  });
  await settle(clock);
  gateway.last.say.orderError(1, { code, message: 'cannot be cancelled' });
  await cancelling;
  expect(book.get(id)).toMatchObject({ status: 'Submitted' });
});

test('a cancel that is refused before the order works does not make it rejected', async () => {
  const { desk, cancels, gateway, clock, book } = tradingDesk();
  void desk.place(LIMIT, 'key-1');
  await settle(clock);
  const id = book.list[0]?.written.id ?? '';
  const cancelling = expect(cancels.cancel(id)).rejects.toMatchObject({ code: 'cancel-refused' });
  await settle(clock);
  gateway.last.say.orderError(1, { code: 10148, message: 'cannot be cancelled, state: PendingSubmit' });
  await cancelling;
  expect(book.get(id)).toMatchObject({ status: 'PendingSubmit' });
});

test('an order that is over cannot be cancelled, and nothing is sent', async () => {
  const { cancels, gateway, id, status } = await working();
  status('Filled', 10);
  await expect(cancels.cancel(id)).rejects.toMatchObject({
    code: 'order-ended',
    message: 'order 1 is Filled',
  });
  expect(gateway.last.cancelled).toEqual([]);
});

test('an order of another client id is refused, with both ids', async () => {
  const { cancels, gateway, clock, id } = await working();
  gateway.last.end({ stage: 'hello' });
  await clock.advance(2_000);
  for (const _ of [1, 2]) {
    gateway.last.say.notice({ code: 326, message: 'client id is already in use' });
    while (gateway.last.closed) await clock.advance(100);
  }
  gateway.last.logIn();
  expect(gateway.last.clientId).toBe(101);
  await expect(cancels.cancel(id)).rejects.toMatchObject({
    code: 'order-of-another-session',
    message: expect.stringMatching(/client id 100.*has 101/),
  });
  expect(gateway.last.cancelled).toEqual([]);
});

test('an id the journal has not is unknown', async () => {
  await expect(tradingDesk().cancels.cancel('nowhere')).rejects.toMatchObject({ code: 'order-unknown' });
});

test('a read-only bridge cancels nothing', async () => {
  const { cancels } = tradingDesk({ safety: { readOnly: true } });
  await expect(cancels.cancel('any')).rejects.toMatchObject({ code: 'bridge-read-only' });
});
