import { expect, test } from 'vitest';
import { PacingBudget } from '../../compose/bridge/src/client/pacing.ts';
import { isRequestId, Requests } from '../../compose/bridge/src/client/requests.ts';
import { ManualClock } from './support/manual-clock.ts';

const CALL = { deadline: 5_000, priority: 'request' } as const;

function setUp() {
  const clock = new ManualClock();
  const pacing = new PacingBudget(clock);
  return { clock, pacing, requests: new Requests(clock, pacing) };
}

test('collects its rows and no one else’s', async () => {
  const { requests } = setUp();
  const ids: number[] = [];
  const first = requests.open('first', CALL, (id) => ids.push(id));
  const second = requests.open('second', CALL, (id) => ids.push(id));
  requests.row(ids[1] as number, 'b');
  requests.row(ids[0] as number, 'a');
  requests.end(ids[0] as number);
  requests.end(ids[1] as number);
  expect(await Promise.all([first, second])).toEqual([['a'], ['b']]);
});

test('ids are never used again, not even by the next connection, and are no order ids', () => {
  const { clock, pacing, requests } = setUp();
  const ids: number[] = [];
  requests.open('one', CALL, (id) => ids.push(id)).catch(() => {});
  new Requests(clock, pacing).open('two', CALL, (id) => ids.push(id)).catch(() => {});
  expect(new Set(ids).size).toBe(2);
  expect(ids.every(isRequestId)).toBe(true);
  expect(isRequestId(12_345)).toBe(false);
});

test('one that is never answered fails at its own deadline and holds up no other', async () => {
  const { clock, requests } = setUp();
  const stuck = requests.open('executions', CALL, () => {});
  const answered = requests.open('contract details', CALL, (id) => requests.end(id));
  expect(await answered).toEqual([]);
  const outcome = expect(stuck).rejects.toMatchObject({ code: 'gateway-timeout' });
  await clock.advance(5_000);
  await outcome;
  expect(clock.pending).toBe(0);
});

test('one that never got its turn says so, and does not go out later', async () => {
  const { clock, requests, pacing } = setUp();
  for (let index = 0; index < 48; index++) pacing.enqueue('order', 10_000, () => {});
  let sent = false;
  const waiting = requests.open('details', CALL, () => {
    sent = true;
  });
  for (let index = 0; index < 500; index++) pacing.enqueue('order', 100_000, () => {});
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'pacing-exhausted' });
  await clock.advance(60_000);
  await outcome;
  expect(sent).toBe(false);
});

test('one that cannot be encoded fails alone', async () => {
  const { clock, requests, pacing } = setUp();
  for (let index = 0; index < 48; index++) pacing.enqueue('request', 10_000, () => {});
  const broken = requests.open('broken', CALL, () => {
    throw new TypeError('not a contract');
  });
  const sound = requests.open('sound', CALL, (id) => requests.end(id));
  const outcome = expect(broken).rejects.toMatchObject({ code: 'internal-error' });
  await clock.advance(2_000);
  await outcome;
  expect(await sound).toEqual([]);
});

test('carries what the gateway said', async () => {
  const { requests } = setUp();
  const refused = requests.open('contract details', CALL, (id) => {
    requests.refuse(id, { code: 200, message: 'No security definition has been found' });
  });
  await expect(refused).rejects.toMatchObject({ code: 'gateway-error', details: { ib: { code: 200 } } });
});

test('teardown fails what is under way and what follows, and leaves no timer', async () => {
  const { clock, requests } = setUp();
  const underWay = requests.open('executions', CALL, () => {});
  requests.close();
  await expect(underWay).rejects.toMatchObject({ code: 'session-lost' });
  await expect(requests.open('more', CALL, () => {})).rejects.toMatchObject({ code: 'session-lost' });
  expect(clock.pending).toBe(0);
});

test('what would go on without it is told to be over, in its turn; what was never sent is not', async () => {
  const { clock, requests, pacing } = setUp();
  const told: string[] = [];
  const withdrawal = (when: 'always' | 'late', name: string) => ({ when, send: () => void told.push(name) });
  await requests.open('pnl', CALL, (id) => requests.end(id), withdrawal('always', 'answered'));
  await requests.open('bars', CALL, (id) => requests.end(id), withdrawal('late', 'answered in time'));
  const late = requests.open('bars', CALL, () => {}, withdrawal('late', 'late'));
  const refused = requests.open(
    'pnl',
    CALL,
    (id) => requests.refuse(id, { code: 321, message: 'no' }),
    withdrawal('always', 'refused'),
  );
  await expect(refused).rejects.toMatchObject({ code: 'gateway-error' });
  expect(told).toEqual(['answered']);
  const outcome = expect(late).rejects.toMatchObject({ code: 'gateway-timeout' });
  await clock.advance(5_000);
  await outcome;
  expect(told).toEqual(['answered', 'late']);
  for (let index = 0; index < 48; index++) pacing.enqueue('order', 10_000, () => {});
  const waiting = requests.open('pnl', { ...CALL, deadline: 1_050 }, () => {}, withdrawal('late', 'unsent'));
  for (let index = 0; index < 480; index++) pacing.enqueue('order', 100_000, () => {});
  const unsent = expect(waiting).rejects.toMatchObject({ code: 'pacing-exhausted' });
  await clock.advance(60_000);
  await unsent;
  expect(told).toEqual(['answered', 'late']);
});
