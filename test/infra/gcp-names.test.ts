import { expect, test } from 'vitest';
import { regionOf } from '../../compose/config/free-tier.ts';
import { accountId } from '../../infra/gcp/host-account.ts';

test('names that follow from others', () => {
  expect(regionOf('us-west1-b')).toBe('us-west1');
  expect(regionOf('northamerica-northeast1-a')).toBe('northamerica-northeast1');
  expect(accountId('g')).toBe('g-host');
});

test('an account id keeps a name that fits, and tells long ones apart', () => {
  const fits = 'a-name-of-25-characters-x';
  expect(accountId(fits)).toBe(`${fits}-host`);
  const long = [
    'trading-desk-of-the-family-a',
    'trading-desk-of-the-family-b',
    'a-name-of-thirty-one-characters',
  ];
  const ids = long.map(accountId);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  expect(new Set(ids).size).toBe(long.length);
  expect(ids[0]).toMatch(/^trading-desk-of-th-[\da-f]{6}-host$/);
});
