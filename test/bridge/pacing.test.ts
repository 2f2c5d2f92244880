import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacingBudget } from '../../compose/bridge/src/client/pacing.ts';
import type { Priority } from '../../compose/bridge/src/client/types.ts';
import { BridgeError } from '../../compose/bridge/src/errors.ts';
import { ManualClock } from './support/manual-clock.ts';

const FOREVER = 1_000_000;

function setUp() {
  const clock = new ManualClock();
  const pacing = new PacingBudget(clock);
  const sent: { name: string; at: number }[] = [];
  const enqueue = (name: string, priority: Priority = 'request', deadline = FOREVER) =>
    pacing.enqueue(priority, deadline, () => sent.push({ name, at: clock.monotonic() }));
  return { clock, pacing, sent, enqueue };
}

test('half of a second’s budget goes out at once, the rest evenly', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 60; index++) enqueue(`${index}`);
  expect(sent).toHaveLength(24);
  await clock.advance(22 * 24);
  expect(sent).toHaveLength(48);
  await clock.advance(2_000);
  expect(sent).toHaveLength(60);
});

test('a stall of 90 ms on the way makes no second of a burst of 500 have more than IBKR’s 50', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 500; index++) enqueue(`${index}`);
  await clock.advance(12_000);
  expect(sent).toHaveLength(500);
  // What arrives within a second of the gateway, where the first of it was held up, was sent within that much more.
  expect(busiest(sent, 1_000 + 90)).toBeLessThanOrEqual(50);
});

test('a burst of 500 never has more than 48 in any second, and loses none', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 500; index++) enqueue(`${index}`);
  await clock.advance(12_000);
  expect(sent.map(({ name }) => name)).toEqual(Array.from({ length: 500 }, (_, index) => `${index}`));
  expect(busiest(sent, 1_000)).toBe(48);
});

test('however messages come, no second has more than 48', async () => {
  const arrivals = fc.array(fc.record({ wait: fc.nat(1_500), messages: fc.nat(80) }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(arrivals, async (bursts) => {
      const { clock, sent, enqueue } = setUp();
      for (const { wait, messages } of bursts) {
        await clock.advance(wait);
        for (let index = 0; index < messages; index++) enqueue('m');
      }
      await clock.advance(30_000);
      expect(sent).toHaveLength(bursts.reduce((sum, { messages }) => sum + messages, 0));
      expect(busiest(sent, 1_000)).toBeLessThanOrEqual(48);
    }),
    { numRuns: 25 },
  );
});

test('orders overtake requests, and heartbeats both', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 24; index++) enqueue('filler');
  enqueue('request');
  enqueue('order', 'order');
  enqueue('heartbeat', 'heartbeat');
  await clock.advance(2_000);
  expect(sent.slice(24).map(({ name }) => name)).toEqual(['heartbeat', 'order', 'request']);
});

test('what would wait past its deadline is refused at once, with the seconds to wait', () => {
  const { enqueue } = setUp();
  for (let index = 0; index < 48 * 3; index++) enqueue('filler');
  const refused = catchError(() => enqueue('late', 'request', 2_000));
  expect(refused).toMatchObject({ code: 'pacing-exhausted', details: { retryAfterSeconds: 4 } });
  expect(() => enqueue('patient', 'request', 4_000)).not.toThrow();
  expect(() => enqueue('order', 'order', 1_100)).not.toThrow();
});

test('a withdrawn message is never sent and takes no one’s place', async () => {
  const { clock, sent, enqueue } = setUp();
  for (let index = 0; index < 48; index++) enqueue('filler');
  const withdraw = enqueue('withdrawn');
  enqueue('next');
  withdraw();
  await clock.advance(2_000);
  expect(sent.map(({ name }) => name).slice(48)).toEqual(['next']);
});

function busiest(sent: readonly { at: number }[], milliseconds: number): number {
  return Math.max(
    0,
    ...sent.map(({ at }) => sent.filter((other) => other.at >= at && other.at < at + milliseconds).length),
  );
}

function catchError(act: () => unknown): BridgeError {
  try {
    act();
  } catch (error) {
    if (error instanceof BridgeError) return error;
  }
  throw new Error('no BridgeError was thrown');
}
