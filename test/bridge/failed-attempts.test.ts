import { expect, test } from 'vitest';
import { FailedAttempts } from '../../compose/bridge/src/http/failed-attempts.ts';
import { ManualClock } from './support/manual-clock.ts';

function failing(address: string, times: number) {
  const clock = new ManualClock();
  const attempts = new FailedAttempts(clock);
  const last = Array.from({ length: times }, () => attempts.failed(address)).at(-1);
  return { clock, attempts, last };
}

test('ten wrong keys within a minute, and the address is not listened to until the first is a minute old', async () => {
  const { clock, attempts, last } = failing('192.0.2.1', 10);
  expect(last).toBe(true);
  await clock.advance(20_000);
  expect(() => attempts.require('192.0.2.1')).toThrow(
    expect.objectContaining({
      code: 'too-many-attempts',
      details: { retryAfterSeconds: 40 },
    }),
  );
  await clock.advance(40_000);
  attempts.require('192.0.2.1');
});

test('nine are forgiven, and another address is another', () => {
  const { attempts } = failing('192.0.2.1', 9);
  attempts.require('192.0.2.1');
  expect(attempts.failed('192.0.2.1')).toBe(true);
  attempts.require('192.0.2.2');
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:0:0:9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::1', '2001:db8:0:0:5::', true],
])('%s and %s are of one network: %s', (one, other, same) => {
  const { attempts } = failing(one, 10);
  if (same) expect(() => attempts.require(other)).toThrow();
  else attempts.require(other);
});
