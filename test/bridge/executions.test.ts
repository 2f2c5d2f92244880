import { expect, test } from 'vitest';
import type { Execution } from '../../compose/bridge/src/client/types.ts';
import { describeExecution, Executions } from '../../compose/bridge/src/session/executions.ts';
import { AAPL, FakeGateway } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const CALL = { deadline: 5_000, priority: 'request' } as const;
const COMMISSION = { execId: 'e.1', commission: 1, currency: 'USD', realizedPnl: -3.5 };
const EXECUTION: Execution = {
  execId: 'e.1',
  orderId: 7,
  clientId: 100,
  permId: 777,
  account: 'DU1234567',
  contract: AAPL,
  side: 'BOT',
  price: 190.5,
  quantity: 10,
  time: '20270115 09:31:00 US/Eastern',
  exchange: 'NASDAQ',
  orderRef: 'key-1',
};

function setUp() {
  const clock = new ManualClock();
  const gateway = new FakeGateway();
  const ignore = () => {};
  const listener = {
    tcpConnected: ignore,
    hello: ignore,
    accounts: ignore,
    nextOrderId: ignore,
    notice: ignore,
  };
  const trading = {
    orderStatus: ignore,
    orderError: ignore,
    execution: ignore,
    commission: ignore,
    closed: ignore,
  };
  const client = gateway.connect({ host: '', port: 0, clientId: 100 }, { ...listener, ...trading });
  return { clock, client, executions: new Executions(clock) };
}

test('a commission that is still on its way is waited for', async () => {
  const { clock, client, executions } = setUp();
  executions.take(EXECUTION);
  const answer = executions.refresh(client, CALL, 500);
  await clock.advance(499);
  executions.takeCommission(COMMISSION);
  expect(await answer).toEqual([{ execution: EXECUTION, commission: COMMISSION }]);
  expect(clock.pending).toBe(0);
});

test('one that does not come is not waited for for long', async () => {
  const { clock, client, executions } = setUp();
  executions.take(EXECUTION);
  const answer = executions.refresh(client, CALL, 500);
  await clock.advance(500);
  expect(await answer).toEqual([{ execution: EXECUTION }]);
});

test('what is told again is not counted again', () => {
  const { executions } = setUp();
  expect([executions.take(EXECUTION), executions.take({ ...EXECUTION })]).toEqual([true, false]);
  expect(executions.list).toHaveLength(1);
});

test('its line names no account', () => {
  const { text } = describeExecution(EXECUTION, new ManualClock());
  expect(text).toBe('execution of order 7: BOT 10 AAPL at 190.5');
});
