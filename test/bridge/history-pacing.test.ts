import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type HistoryLog, historyLogFile } from '../../compose/bridge/src/client/history-log.ts';
import { HistoryBudget } from '../../compose/bridge/src/client/history-pacing.ts';
import type { HistoryQuery } from '../../compose/bridge/src/client/history-types.ts';
import { PacingBudget } from '../../compose/bridge/src/client/pacing.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const HOUR = 3_600_000;

function query(conId: number, end: number, what: HistoryQuery['what'] = 'TRADES'): HistoryQuery {
  const contract = { ...AAPL, conId };
  return { contract, end: `${end}`, duration: '1 D', barSize: '1 min', what, useRth: true };
}

interface Sent extends HistoryQuery {
  readonly at: number;
}

function setUp(log?: HistoryLog, clock = new ManualClock()) {
  const messages = new PacingBudget(clock);
  const budget = new HistoryBudget(clock, messages, log);
  const sent: Sent[] = [];
  const enqueue = (one: HistoryQuery, deadline = 10 * HOUR) =>
    budget.of(one).enqueue('request', deadline, () => sent.push({ ...one, at: clock.monotonic() }));
  return { clock, messages, budget, sent, enqueue };
}

/** As IBKR counts: whatever breaks a rule, in words. */
function violations(sent: readonly Sent[]): string[] {
  return sent.flatMap((one, index) => {
    const before = sent.slice(0, index);
    const within = (ms: number) => before.filter(({ at }) => at > one.at - ms);
    const weight = (each: Sent) => (each.what === 'BID_ASK' ? 2 : 1);
    const isSame = (other: Sent) => JSON.stringify({ ...other, at: 0 }) === JSON.stringify({ ...one, at: 0 });
    const ofContract = within(2_000).filter(({ contract }) => contract.conId === one.contract.conId);
    return [
      ...(within(600_000).reduce((sum, each) => sum + weight(each), weight(one)) > 60 ? ['ten minutes'] : []),
      ...(within(15_000).some(isSame) ? ['identical'] : []),
      ...(ofContract.length >= 5 ? ['burst'] : []),
    ];
  });
}

test('goes at once while every rule allows it, that of all messages too', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 70; index++) enqueue(query(index, 1));
  expect(sent).toHaveLength(24);
  await clock.advance(22 * 24);
  expect(sent).toHaveLength(48);
  await clock.advance(2_000);
  expect(sent).toHaveLength(58);
});

test('a burst at one contract is spread, and others pass it', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 12; index++) enqueue(query(1, index));
  enqueue(query(2, 1));
  expect(sent.map(({ contract }) => contract.conId)).toEqual([1, 1, 1, 1, 1, 2]);
  await clock.advance(10_000);
  expect(sent).toHaveLength(13);
  expect(violations(sent)).toEqual([]);
});

test('the same question waits, and BID_ASK counts double', async () => {
  const { clock, sent, enqueue } = setUp();
  enqueue(query(1, 1));
  enqueue(query(1, 1));
  await clock.advance(15_000);
  expect(sent).toHaveLength(1);
  await clock.advance(1_000);
  expect(sent).toHaveLength(2);
  for (let index = 0; index < 40; index++) enqueue(query(100 + index, 1, 'BID_ASK'));
  await clock.advance(2_000);
  expect(sent).toHaveLength(2 + 28);
});

test('however they come, no rule is broken and none is lost', async () => {
  const one = fc.record({ wait: fc.nat(3_000), conId: fc.nat(3), end: fc.nat(4), double: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 90 }), async (all) => {
      const { clock, messages, sent, enqueue } = setUp();
      for (const { wait, conId, end, double } of all) {
        await clock.advance(wait);
        // The message budget is short now and then, as in a burst of orders.
        if (end === 0) for (let index = 0; index < 48; index++) messages.enqueue('order', HOUR, () => {});
        enqueue(query(conId, end, double ? 'BID_ASK' : 'TRADES'));
      }
      await clock.advance(2 * HOUR);
      expect(sent).toHaveLength(all.length);
      expect(violations(sent)).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('what would wait past its deadline is refused at once, with the seconds to wait', async () => {
  const { clock, budget, sent, enqueue } = setUp();
  for (let index = 0; index < 58; index++) enqueue(query(index, 1));
  expect(() => enqueue(query(1000, 1), 60_000)).toThrow(/601000 ms/);
  expect(budget.waitFor([query(1000, 1)])).toBe(601_000);
  expect(() => enqueue(query(1000, 1), 700_000)).not.toThrow();
  await clock.advance(601_000);
  expect(sent).toHaveLength(59);
});

test('a withdrawn one is never sent and holds up no other', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 5; index++) enqueue(query(1, index));
  const withdraw = enqueue(query(1, 5));
  enqueue(query(1, 6));
  withdraw();
  await clock.advance(5_000);
  expect(sent.map(({ end }) => end)).toEqual(['0', '1', '2', '3', '4', '6']);
});

test('many at once are foreseen', () => {
  const { budget } = setUp();
  const all = Array.from({ length: 11 }, (_, index) => query(1, index));
  expect(budget.waitFor(all)).toBe(4_500);
});

test('one that is withdrawn while it waits for the budget of all messages makes room for the next', async () => {
  const { clock, messages, sent, enqueue } = setUp();
  for (let index = 0; index < 48; index++) messages.enqueue('order', HOUR, () => {});
  const withdraw = enqueue(query(1, 1));
  enqueue(query(2, 2));
  withdraw();
  await clock.advance(2_000);
  expect(sent.map(({ end }) => end)).toEqual(['2']);
});

async function logFile() {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const troubles: Error[] = [];
  const open = () => historyLogFile(folder, (error) => troubles.push(error));
  return { open, troubles, path: join(folder, 'history-sent.json') };
}

test('a bridge that is started again goes on counting where the last one was, as IBKR does', async () => {
  const { open, troubles } = await logFile();
  const before = setUp(open());
  for (let one = 0; one < 58; one += 1) before.enqueue(query(one, one));
  await before.clock.advance(60_000);
  expect(before.sent).toHaveLength(58);
  // Another process: its monotonic clock began anew.
  const moved = new ManualClock();
  const clock = Object.assign(moved, { now: () => before.clock.now() + moved.monotonic() });
  const after = setUp(open(), clock);
  expect(() => after.enqueue(query(99, 99), 60_000)).toThrow('could go out in');
  after.enqueue(query(99, 99));
  await clock.advance(10 * 60_000);
  expect(after.sent).toHaveLength(1);
  const wallClock = [
    ...before.sent.map((sent) => ({ ...sent, at: sent.at - before.clock.monotonic() })),
    ...after.sent,
  ];
  expect(violations(wallClock)).toEqual([]);
  expect(troubles).toEqual([]);
});

test('a file that cannot be read is told, and nothing is counted', async () => {
  const { open, troubles, path } = await logFile();
  await writeFile(path, '[{"at":"yesterday"}]');
  const { enqueue, sent } = setUp(open());
  enqueue(query(1, 1));
  expect([sent.length, troubles.length]).toEqual([1, 1]);
  expect(open().load()).toHaveLength(1);
});
