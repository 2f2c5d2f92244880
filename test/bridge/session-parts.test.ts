import { expect, test } from 'vitest';
import type { SessionCause } from '../../compose/bridge/src/catalogue.ts';
import type { Stage } from '../../compose/bridge/src/client/types.ts';
import { Backoff } from '../../compose/bridge/src/session/backoff.ts';
import { causeOf } from '../../compose/bridge/src/session/causes.ts';
import { ClientIds, roleOf } from '../../compose/bridge/src/session/client-ids.ts';
import { Farms } from '../../compose/bridge/src/session/farms.ts';
import { Hysteresis } from '../../compose/bridge/src/session/hysteresis.ts';
import { isNightly, nightlyCause } from '../../compose/bridge/src/session/nightly.ts';
import { DIALLING, isIbkrLinkLost, obstacle, stateOf } from '../../compose/bridge/src/session/state.ts';
import { maskAccount, maskAccounts } from '../../tws/accounts.ts';
import { ManualClock } from './support/manual-clock.ts';

const LOGGED_IN = { ...DIALLING, phase: 'greeted', loggedIn: true } as const;

test.each([
  ['connecting', DIALLING],
  ['authenticating', { ...DIALLING, phase: 'greeted' }],
  ['ready', LOGGED_IN],
  ['degraded', { ...LOGGED_IN, ibkrLinkLost: true }],
  ['degraded', { ...LOGGED_IN, farmBroken: true }],
  ['degraded', { ...LOGGED_IN, heartbeatsMissed: 1 }],
  ['down', { ...LOGGED_IN, phase: 'ended' }],
] as const)('the state is %s', (state, facts) => {
  expect(stateOf(facts)).toBe(state);
});

test('a broken farm stops nothing; a lost link and a missed heartbeat stop orders', () => {
  expect(obstacle({ ...LOGGED_IN, farmBroken: true }, 'trade')).toBeUndefined();
  expect(obstacle({ ...LOGGED_IN, ibkrLinkLost: true }, 'trade')).toBe('ibkr-link-lost');
  expect(obstacle({ ...LOGGED_IN, heartbeatsMissed: 1 }, 'trade')).toBe('heartbeat-missed');
  expect(obstacle({ ...LOGGED_IN, ibkrLinkLost: true, heartbeatsMissed: 1 }, 'read')).toBeUndefined();
});

test('farms named in 1102 are as it says, whatever was said before', () => {
  const farms = new Farms();
  farms.take({ code: 2103, message: 'Market data farm connection is broken:usfarm.nj' }, 'noon');
  const restored = 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.';
  const all = `${restored} All data farms are connected: usfarm.nj; ushmds; secdefnj.`;
  expect(farms.take({ code: 1102, message: all }, 'one')).toBe(true);
  expect(farms.list).toEqual([
    { name: 'usfarm.nj', kind: 'market', state: 'ok', since: 'one' },
    { name: 'ushmds', kind: 'history', state: 'ok', since: 'one' },
    { name: 'secdefnj', kind: 'definition', state: 'ok', since: 'one' },
  ]);
  const some = `${restored} The following farms are connected: usfarm.nj. The following farms are not connected: ushmds.`;
  farms.take({ code: 1102, message: some }, 'two');
  expect(farms.list).toMatchObject([{ state: 'ok', since: 'one' }, { state: 'broken', since: 'two' }, {}]);
});

test.each([
  [1, 'manual'],
  [100, 'production'],
  [299, 'development'],
  [900, 'tests'],
  [300, undefined],
])('client id %i is kept for %s', (clientId, role) => {
  expect(roleOf(clientId)).toBe(role);
});

test('a session that is over gives its id up for the one of the configuration', () => {
  const ids = new ClientIds(100);
  ids.refused();
  expect(ids.refused()).toEqual({ clientId: 101, moved: true });
  ids.released();
  expect(ids.current).toBe(100);
});

test.each([
  ['2027-01-15T04:44:00Z', false],
  ['2027-01-15T04:45:00Z', true],
  ['2027-01-15T05:44:00Z', true],
  ['2027-01-15T05:45:00Z', false],
  ['2027-07-15T03:45:00Z', true],
  ['2027-07-15T04:45:00Z', false],
])('%s is in the nightly window: %s', (time, inside) => {
  expect(isNightly(Date.parse(time))).toBe(inside);
});

test.each<[string, SessionCause | undefined, string | undefined, string, SessionCause | undefined]>([
  ['began in the window', 'ibkr-link-lost', '05:00', '05:30', 'nightly-reset'],
  ['the gateway restarts in it', 'gateway-refused', '05:00', '05:01', 'nightly-reset'],
  ['outlasts the window', 'ibkr-link-lost', '05:00', '05:45', 'ibkr-link-lost'],
  ['began before it', 'gateway-refused', '04:30', '05:00', 'gateway-refused'],
  ['never was well', 'gateway-refused', undefined, '05:00', 'gateway-refused'],
  ['cannot be of the reset', 'client-id-in-use', '05:00', '05:01', 'client-id-in-use'],
  ['nothing is wrong', undefined, '05:00', '05:01', undefined],
])('trouble that %s', (_, cause, since, now, expected) => {
  const at = (time: string) => Date.parse(`2027-01-15T${time}:00Z`);
  expect(nightlyCause(cause, since === undefined ? undefined : at(since), at(now))).toBe(expected);
});

test('what flaps counts as nothing, either way', async () => {
  const clock = new ManualClock();
  const heard: boolean[] = [];
  const trouble = new Hysteresis(clock, 10_000, (value) => heard.push(value));
  for (const value of [true, false, true, false]) {
    trouble.take(value);
    await clock.advance(9_000);
  }
  expect(heard).toEqual([]);
  trouble.take(true);
  await clock.advance(5_000);
  trouble.take(true);
  await clock.advance(5_000);
  expect(heard).toEqual([true]);
  trouble.take(false);
  await clock.advance(9_999);
  trouble.take(true);
  trouble.take(false);
  await clock.advance(10_000);
  expect(heard).toEqual([true, false]);
  expect(clock.pending).toBe(0);
});

test.each([
  [1100, false, true],
  [2110, false, true],
  [1101, true, false],
  [1102, true, false],
  [2104, true, false],
  [2103, true, true],
  [399, false, false],
])('after notice %i the link to IBKR, lost: %s, is lost: %s', (code, before, after) => {
  expect(isIbkrLinkLost(code, before)).toBe(after);
});

test.each<[string, Stage, { code: number; message: string } | undefined, boolean]>([
  ['gateway-refused', 'dialling', { code: 502, message: 'connect ECONNREFUSED 127.0.0.1:4002' }, false],
  ['gateway-refused', 'dialling', { code: 502, message: '' }, false],
  ['gateway-name-unknown', 'dialling', { code: 502, message: 'getaddrinfo ENOTFOUND gateway' }, false],
  ['gateway-unreachable', 'dialling', { code: 502, message: 'connect EHOSTUNREACH 10.0.0.9:4002' }, false],
  ['closed-before-hello', 'tcp', undefined, false],
  ['closed-after-hello', 'hello', undefined, false],
  ['gateway-closed', 'hello', { code: 502, message: 'read ECONNRESET' }, true],
  ['version-unsupported', 'hello', { code: 506, message: 'Unsupported Version 226' }, false],
  ['wire-garbled', 'hello', { code: 508, message: 'cannot decode' }, true],
])('%s, closed at %s with %j', (cause, stage, fault, wasReady) => {
  expect(causeOf({ stage, ...(fault && { fault }) }, wasReady)).toBe(cause);
});

test('the backoff doubles from half a second to ten, shortened by a third at most, for ever', () => {
  const longest = new Backoff(500, 10_000, () => 0);
  expect(Array.from({ length: 7 }, () => longest.next())).toEqual([
    750, 1500, 3000, 6000, 10_000, 10_000, 10_000,
  ]);
  const shortest = new Backoff(500, 10_000, () => 1);
  expect(Array.from({ length: 6 }, () => shortest.next())).toEqual([500, 1000, 2000, 4000, 6667, 6667]);
  for (let attempt = 0; attempt < 5_000; attempt++) shortest.next();
  expect(shortest.next()).toBe(6667);
  shortest.reset();
  expect(shortest.next()).toBe(500);
});

test('a client id is tried twice, then the next of its range', () => {
  const ids = new ClientIds(198);
  expect(ids.refused()).toEqual({ clientId: 198, moved: false });
  expect(ids.refused()).toEqual({ clientId: 199, moved: true });
  expect(ids.refused()).toEqual({ clientId: 199, moved: false });
  expect(ids.refused()).toEqual({ clientId: 100, moved: true });
});

test('an id that was accepted in between starts anew', () => {
  const ids = new ClientIds(100);
  ids.refused();
  ids.accepted();
  expect(ids.refused().moved).toBe(false);
});

test('client id 0 has no range to move in', () => {
  const ids = new ClientIds(0);
  expect([ids.refused(), ids.refused(), ids.refused()].map(({ clientId }) => clientId)).toEqual([0, 0, 0]);
});

test('farms are kept by name, with when their state began', () => {
  const farms = new Farms();
  farms.take({ code: 2104, message: 'Market data farm connection is OK:usfarm' }, 'noon');
  farms.take({ code: 2104, message: 'Market data farm connection is OK:usfarm' }, 'later');
  farms.take({ code: 2103, message: 'Market data farm connection is broken:usfarm.nj' }, 'noon');
  farms.take(
    {
      code: 2107,
      message: 'HMDS data farm connection is inactive but should be available upon demand.ushmds',
    },
    'noon',
  );
  expect(farms.take({ code: 1102, message: 'restored' }, 'noon')).toBe(false);
  expect(farms.broken).toBe(true);
  expect(farms.list).toEqual([
    { name: 'usfarm', kind: 'market', state: 'ok', since: 'noon' },
    { name: 'usfarm.nj', kind: 'market', state: 'broken', since: 'noon' },
    { name: 'ushmds', kind: 'history', state: 'inactive', since: 'noon' },
  ]);
});

test.each([
  ['DU1234789', 'DU…789'],
  ['U7654321', 'U…321'],
  ['', '…'],
])('account %s is shown as %s', (account, masked) => {
  expect(maskAccount(account)).toBe(masked);
});

test('account numbers are masked wherever they stand, and nothing else is', () => {
  const text = 'rejected for DU1234789 and (U7654321): AMZN  260116C00200000, 20260116, price 12345678, UAL';
  expect(maskAccounts(text)).toBe(
    'rejected for DU…789 and (U…321): AMZN  260116C00200000, 20260116, price 12345678, UAL',
  );
});
