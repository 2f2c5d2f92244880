import { expect, test } from 'vitest';
import { CATALOGUE } from '../../compose/bridge/src/catalogue.ts';
import { BridgeError, isFailure, isKnownFailure } from '../../compose/bridge/src/errors.ts';

test.each(Object.entries(CATALOGUE))('%s has a title and a hint, and a status of an error', (code, entry) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(entry.title).not.toBe('');
  expect(entry.hint).toMatch(/[.]$/);
  expect(entry.status).toBeGreaterThanOrEqual(400);
  expect(entry.status).toBeLessThan(600);
});

test('the hint is the most precise that is known', () => {
  const ib = { code: 200, message: 'No security definition' };
  expect(new BridgeError('gateway-error', '').hint).toBe(CATALOGUE['gateway-error'].hint);
  expect(new BridgeError('gateway-error', '', { ib }).hint).toMatch(/exchange, currency/);
  expect(new BridgeError('gateway-error', '', { ib, hint: 'Do this.' }).hint).toBe('Do this.');
});

test.each([
  [201, true, true],
  [399, false, false],
  [2104, false, false],
  [2169, false, false],
  [12_345, true, false],
])('code %i is a failure: %s, and known to be one: %s', (code, failure, known) => {
  expect([isFailure(code), isKnownFailure(code)]).toEqual([failure, known]);
});
