import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Execution } from '../../compose/bridge/src/client/types.ts';
import type { ExecutionQuery } from '../../compose/bridge/src/session/all-executions.ts';
import { openExecutions } from '../../compose/bridge/src/session/open-executions.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2027, 0, 15);

let dataDir: string;
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'executions-'));
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close().catch(() => {});
  await rm(dataDir, { recursive: true, force: true });
});

async function open({ clock = new ManualClock(), pastBytes = 1e9, follow = true } = {}) {
  const told: string[] = [];
  const parts = await openExecutions({
    clock,
    timings: DEFAULT_TIMINGS,
    masterClientId: 100,
    dataDir,
    pastBytes,
    onEvent: ({ text }) => void told.push(text),
  });
  opened.push(parts.executionKeeping);
  const { executions, allExecutions, executionKeeping } = parts;
  if (follow)
    executions.follow({ client: { executions: async () => [], clientId: 100 }, wallClockOffset: 0 });
  const page = async (query: Partial<ExecutionQuery> = {}) => {
    const { executions, earlier } = await allExecutions.page({ limit: 1_000, ...query });
    return { ids: executions.map(({ execution }) => execution.execId), earlier, executions };
  };
  return { clock, executions, page, told, keeping: executionKeeping };
}

/** One a minute, every tenth of another symbol. */
function execution(n: number, more: Partial<Execution> = {}): Execution {
  const at = new Date(MIDNIGHT + n * 60_000).toISOString();
  return {
    execId: `e.${n}`,
    orderId: n,
    clientId: 100,
    permId: n,
    account: 'DU1',
    contract: n % 10 === 0 ? { ...AAPL, symbol: 'MSFT', conId: 272093 } : AAPL,
    side: 'BOT',
    price: 190,
    quantity: 1,
    time: `${at.slice(0, 10).replaceAll('-', '')}-${at.slice(11, 19)}`,
    exchange: 'NASDAQ',
    orderRef: `key-${n}`,
    ...more,
  };
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const ids = (from: number, to: number) => range(from, to).map((n) => `e.${n}`);

/** 400 executions with their commissions, which left memory, and a last one. */
async function traded(options: { pastBytes?: number } = {}) {
  const desk = await open(options);
  for (const n of range(0, 400)) {
    desk.executions.take(execution(n));
    desk.executions.takeCommission({ execId: `e.${n}`, commission: 1, currency: 'USD' });
  }
  const before = await desk.page();
  await desk.clock.advance(0);
  desk.executions.unfollow();
  await desk.clock.advance(3 * DAY);
  desk.executions.take(execution(3 * 1_440));
  await desk.keeping.tidy();
  return { ...desk, before };
}

test('executions of past days leave memory, and are told as before', async () => {
  const { executions, page, before, keeping, clock } = await traded();
  expect(executions.list).toHaveLength(1);
  const after = await page();
  expect(after.executions.slice(0, -1)).toEqual(before.executions);
  expect(after.earlier).toBeNull();
  const completeSince = executions.completeSince;
  await keeping.close();
  const again = await open({ clock, follow: false });
  expect((await again.page()).executions).toEqual(after.executions);
  expect([again.executions.completeSince, again.executions.list.length]).toEqual([completeSince, 1]);
});

test('they are narrowed by time and symbol', async () => {
  const { page } = await traded();
  const at = (n: number) => MIDNIGHT + n * 60_000;
  expect((await page({ since: at(10), until: at(20) })).ids).toEqual(ids(10, 20));
  expect((await page({ since: at(398) })).ids).toEqual(['e.398', 'e.399', 'e.4320']);
  expect((await page({ symbol: 'MSFT', until: at(30) })).ids).toEqual(['e.0', 'e.10', 'e.20']);
  expect((await page({ symbol: 'IBM' })).ids).toEqual([]);
});

test('of many the latest, and what was earlier by its until: none twice, none missing', async () => {
  const { page } = await traded();
  const found: string[] = [];
  let pages = 0;
  for (let until: number | null | undefined; until !== null; pages++) {
    const { ids, earlier }: { ids: string[]; earlier: number | null } = await page({
      limit: 64,
      ...(until !== undefined && { until }),
    });
    expect(ids.length).toBeLessThanOrEqual(64);
    found.unshift(...ids);
    until = earlier;
  }
  expect(found).toEqual([...ids(0, 400), 'e.4320']);
  expect(pages).toBe(7);
});

test('of one moment all are told or none', async () => {
  const { executions, page } = await open();
  for (const n of range(0, 10)) executions.take(execution(n, { time: execution(n < 4 ? 1 : 2).time }));
  const first = await page({ limit: 3 });
  expect(first.ids).toEqual(ids(4, 10));
  expect(await page({ limit: 3, until: first.earlier ?? 0 })).toMatchObject({
    ids: ids(0, 4),
    earlier: null,
  });
});

test('what is told again after it left memory is not taken again', async () => {
  const { executions, page, clock } = await traded();
  expect(executions.take(execution(5))).toBe(false);
  await clock.advance(0);
  await page();
  expect(executions.list).toHaveLength(1);
});

test('what was deleted for the limit is told, and is not called complete', async () => {
  const { executions, told, keeping, clock, page } = await traded();
  const beforeThat = executions.completeSince;
  await keeping.close();
  const again = await open({ clock, pastBytes: 1 });
  await clock.advance(0);
  again.executions.unfollow();
  for (const n of range(12_000, 15_000)) again.executions.take(execution(n));
  await clock.advance(13 * DAY);
  again.executions.take(execution(40_000));
  await again.keeping.tidy();
  expect(told).toEqual([]);
  expect(again.told.at(-1)).toMatch(
    /^the oldest executions until 2027-01-\d\dT.* were deleted to keep within/,
  );
  expect(again.executions.completeSince).toBeGreaterThan(beforeThat ?? 0);
  expect((await page()).ids.length).toBeGreaterThan(0);
});

test('a long look is cut into steps, each of which tells where the next goes on', async () => {
  const { executions, page, clock, keeping } = await open();
  executions.unfollow();
  const text = 'x'.repeat(4_000);
  for (const n of range(0, 4_000)) executions.take(execution(n, { orderRef: text }));
  executions.take(execution(20_000));
  await clock.advance(15 * DAY);
  await keeping.tidy();
  const steps: string[][] = [];
  for (let until: number | null | undefined; until !== null; ) {
    const step: { ids: string[]; earlier: number | null } = await page({
      limit: 10_000,
      ...(until !== undefined && { until }),
    });
    steps.unshift(step.ids);
    until = step.earlier;
  }
  expect(steps.length).toBeGreaterThan(1);
  expect(steps.flat()).toEqual([...ids(0, 4_000), 'e.20000']);
});
