import { expect, test } from 'vitest';
import { answers } from '../../tws/index.ts';
import { freePort } from '../support/port.ts';
import { diagnose } from './support/diagnose.ts';
import { gateway } from './support/gateway.ts';

test('all five parts work', async () => {
  const { port } = await gateway();
  expect((await diagnose(port, { level: 'all' })).summary).toEqual({
    connected: true,
    authenticated: true,
    market_data: true,
    account_access: true,
    order_capability: true,
  });
});

test('parts that the level did not ask for are unknown', async () => {
  const { port } = await gateway();
  expect((await diagnose(port, { level: 'session' })).summary).toEqual({
    connected: true,
    authenticated: true,
    market_data: null,
    account_access: null,
    order_capability: null,
  });
});

test('parts that were asked for and not reached cannot be relied on', async () => {
  const { summary } = await diagnose(await freePort(), { level: 'all' });
  expect(Object.values(summary)).toEqual([false, false, false, false, false]);
});

test('level all goes on behind a part that fails, and names the first', async () => {
  const { port } = await gateway({
    on(request, talk) {
      if (request.type === 'reqMktData') talk.error(request.reqId, 354, 'Not subscribed');
      return request.type === 'reqMktData';
    },
  });
  const verdict = await diagnose(port, { level: 'all' });
  expect(verdict).toMatchObject({
    healthy: false,
    failedStage: 'data',
    cause: 'not-subscribed',
    stage: 'orders',
  });
  expect(verdict.summary).toMatchObject({ market_data: false, account_access: true, order_capability: true });
});

test('two parts that fail: the second stands in the evidence', async () => {
  const { port } = await gateway({
    accounts: 'U1234567',
    on(request, talk) {
      if (request.type === 'reqMktData') talk.error(request.reqId, 354, 'Not subscribed');
      return request.type === 'reqMktData';
    },
  });
  const verdict = await diagnose(port, { level: 'all' });
  expect(verdict.cause).toBe('not-subscribed');
  expect(verdict.evidence.at(-1)).toMatch(/^orders failed too: The login has a live account/);
});

test('level all ends with the connection', async () => {
  const { port } = await gateway({
    on(request, { socket }) {
      if (request.type === 'reqAccountSummary') socket.end();
      return request.type === 'reqAccountSummary';
    },
  });
  expect(await diagnose(port, { level: 'all' })).toMatchObject({
    stage: 'account',
    cause: 'connection-closed',
  });
});

test('an error that follows late for one part is not taken for another', async () => {
  const { port } = await gateway({
    on(request, talk) {
      if (request.type === 'cancelMktData') talk.error(request.reqId, 300, "Can't find EId with tickerId");
      if (request.type === 'placeOrder') {
        talk.error(1, 201, 'not ours');
        talk.send(answers.openOrder, { orderId: request.orderId, whatIf: true, status: 'PreSubmitted' });
        return true;
      }
      return false;
    },
  });
  expect((await diagnose(port, { level: 'all' })).healthy).toBe(true);
});
