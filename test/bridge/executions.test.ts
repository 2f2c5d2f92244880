import { expect, test } from 'vitest';
import { sessionLost } from '../../compose/bridge/src/client/requests.ts';
import type { Execution } from '../../compose/bridge/src/client/types.ts';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import { ExecutionBook } from '../../compose/bridge/src/session/execution-book.ts';
import { describeExecution } from '../../compose/bridge/src/session/execution-parts.ts';
import type { ExecutionRecord } from '../../compose/bridge/src/session/execution-records.ts';
import { Executions } from '../../compose/bridge/src/session/executions.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2027, 0, 15);
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
const AT = Date.UTC(2027, 0, 15, 14, 31);
const NEVER = () => new Promise<never>(() => {});

function setUp({ clock = new ManualClock(), lines = [] as ExecutionRecord[] } = {}) {
  const options = { clock, timings: DEFAULT_TIMINGS, masterClientId: 100 };
  const told: string[] = [];
  const book = new ExecutionBook();
  const executions = new Executions({
    ...options,
    book,
    past: { mayHave: () => false, find: async () => undefined },
    keep: (line) => lines.push(line),
    onTrouble: (error) => told.push(error.message),
  });
  for (const line of [...lines]) book.restore(line);
  const follow = (answer: () => Promise<Execution[]> = async () => [], clientId = 100) =>
    executions.follow({ client: { executions: answer, clientId }, wallClockOffset: 0 });
  return { clock, executions, lines, follow, told };
}

test('a commission that is still on its way is waited for', async () => {
  const { clock, executions, follow } = setUp();
  follow();
  executions.take(EXECUTION);
  const answer = executions.refresh();
  await clock.advance(499);
  executions.takeCommission(COMMISSION);
  await answer;
  expect(executions.list).toEqual([{ execution: EXECUTION, at: AT, commission: COMMISSION }]);
});

test('one that does not come is not waited for for long, and not twice', async () => {
  const { clock, executions, follow } = setUp();
  follow();
  executions.take(EXECUTION);
  const answer = executions.refresh();
  await clock.advance(500);
  await answer;
  await executions.refresh();
  expect(executions.list).toEqual([{ execution: EXECUTION, at: AT }]);
});

test('what is told again is not counted again, nor kept again', () => {
  const { executions, lines } = setUp();
  expect([executions.take(EXECUTION), executions.take({ ...EXECUTION })]).toEqual([true, false]);
  executions.takeCommission(COMMISSION);
  executions.takeCommission(COMMISSION);
  expect(executions.list).toHaveLength(1);
  expect(lines.map(({ type }) => type)).toEqual(['execution', 'commission']);
});

test('what was kept is there after a restart', () => {
  const before = setUp();
  before.executions.take(EXECUTION);
  before.executions.takeCommission(COMMISSION);
  const after = setUp({ lines: before.lines });
  expect(after.executions.list).toEqual([{ execution: EXECUTION, at: AT, commission: COMMISSION }]);
});

test('a question that hangs is waited for once and for a bounded time; then nobody waits', async () => {
  const { clock, executions, follow } = setUp();
  follow(() => {
    const late = Promise.withResolvers<Execution[]>();
    clock.after(5_000, () => late.reject(timeout()));
    return late.promise;
  });
  const first = expect(executions.refresh()).rejects.toMatchObject({ code: 'gateway-timeout' });
  await clock.advance(2_000);
  await first;
  await clock.advance(3_000);
  await expect(executions.refresh()).rejects.toMatchObject({ code: 'gateway-timeout' });
  follow();
  await executions.refresh();
});

test('without a connection it says so at once', async () => {
  const { executions } = setUp();
  await expect(executions.refresh()).rejects.toMatchObject({ code: 'gateway-not-ready' });
});

test('all who ask meanwhile share one question', async () => {
  let asked = 0;
  const { executions, follow } = setUp();
  follow(async () => {
    asked += 1;
    return [];
  });
  await Promise.all([executions.refresh(), executions.refresh()]);
  expect(asked).toBe(1);
});

test('the master client knows all since its gateway’s midnight, and more with every day it goes on', async () => {
  const { clock, executions, follow, lines } = setUp();
  expect(executions.completeSince).toBeUndefined();
  follow();
  await clock.advance(0);
  expect(executions.completeSince).toBe(MIDNIGHT);
  await clock.advance(48 * HOUR);
  expect(executions.completeSince).toBe(MIDNIGHT);
  const restarted = setUp({ clock, lines });
  restarted.follow();
  await clock.advance(0);
  expect(restarted.executions.completeSince).toBe(MIDNIGHT);
});

test('a midnight that nobody saw is a gap: the count begins anew', async () => {
  const { clock, executions, follow } = setUp();
  follow();
  await clock.advance(0);
  executions.unfollow();
  await clock.advance(24 * HOUR);
  follow();
  await clock.advance(0);
  expect(executions.completeSince).toBe(MIDNIGHT + 24 * HOUR);
});

test('any other client is told of its own executions alone, and so knows nothing complete', async () => {
  const { clock, executions, follow } = setUp();
  follow(async () => [], 101);
  await clock.advance(0);
  expect(executions.completeSince).toBeUndefined();
});

test('a question nobody answers proves nothing', async () => {
  const { clock, executions, follow } = setUp();
  follow(NEVER);
  await clock.advance(10_000);
  expect(executions.completeSince).toBeUndefined();
});

test('its line names no account', () => {
  const { text } = describeExecution(EXECUTION, new ManualClock());
  expect(text).toBe('execution of order 7: BOT 10 AAPL at 190.5');
});

function timeout() {
  return Object.assign(new Error('executions were not answered'), { code: 'gateway-timeout' });
}

test('a question of its own that is not answered is told once, and is known until one is answered', async () => {
  const { clock, executions, follow, told } = setUp();
  const refused = new BridgeError('gateway-error', 'no executions today');
  let answer: () => Promise<Execution[]> = () => Promise.reject(refused);
  follow(() => answer());
  await clock.advance(2 * DEFAULT_TIMINGS.executionsInterval);
  expect(told).toEqual(['no executions today']);
  expect(executions.lastFailure).toEqual({ at: clock.now(), error: refused });
  answer = async () => [];
  await clock.advance(DEFAULT_TIMINGS.executionsInterval);
  expect(executions.lastFailure).toBeUndefined();
  answer = () => Promise.reject(sessionLost('executions'));
  await clock.advance(DEFAULT_TIMINGS.executionsInterval);
  expect([told.length, executions.lastFailure?.error.code]).toEqual([1, 'session-lost']);
});
