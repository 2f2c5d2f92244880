import { expect, test } from 'vitest';
import type { IbMessage } from '../../compose/bridge/src/errors.ts';
import { Farms } from '../../compose/bridge/src/session/farms.ts';
import type { Link } from '../../compose/bridge/src/session/link.ts';
import { SessionRecord } from '../../compose/bridge/src/session/record.ts';
import { Snapshots } from '../../compose/bridge/src/session/snapshot.ts';
import { ManualClock } from './support/manual-clock.ts';

const FARM_OK: IbMessage = { code: 2104, message: 'Market data farm connection is OK:usfarm' };
const FARM_BROKEN: IbMessage = { code: 2103, message: 'Market data farm connection is broken:usfarm' };

function setUp() {
  const clock = new ManualClock();
  const record = new SessionRecord(clock);
  const farms = new Farms();
  const snapshots = new Snapshots();
  const link = { serverVersion: 193, accounts: ['DU1234567'], farms };
  const standing = { state: 'ready', since: 'a moment', cause: undefined, wellUntil: undefined } as const;
  const of = (overrides: object = {}) =>
    snapshots.of({
      ...{ standing, now: clock.now(), isNightly: () => true, failedBefore: false, clientId: 100 },
      ...{ readOnly: false, link: link as unknown as Link, history: record.history, ...overrides },
    });
  return { clock, record, farms, link, standing, of };
}

test('a session of which nothing is different is the same object', () => {
  const { clock, farms, of } = setUp();
  farms.take(FARM_OK, 'then');
  const first = of();
  farms.take(FARM_OK, 'later');
  clock.advance(60_000);
  expect(of()).toBe(first);
});

test.each<[string, (parts: ReturnType<typeof setUp>) => unknown]>([
  ['a heartbeat', ({ record }) => record.heartbeat()],
  ['a missed heartbeat', ({ record }) => record.heartbeat(new Error('late'))],
  ['a failure', ({ record }) => record.notice({ code: 321, message: 'no' })],
  ['a disconnect', ({ record }) => record.disconnected('why')],
  ['an attempt', ({ record }) => record.attempt(false)],
  ['an attempt that failed', ({ record }) => record.failed('why')],
  ['a farm', ({ farms }) => void farms.take(FARM_BROKEN, 'then')],
  ['the accounts', ({ link }) => ({ link: { ...link, accounts: ['DU7654321'] } })],
  ['the server version', ({ link }) => ({ link: { ...link, serverVersion: 176 } })],
  ['the connection', () => ({ link: undefined })],
  ['the client id', () => ({ clientId: 101 })],
  ['the read-only switch', () => ({ readOnly: true })],
  ['the state', ({ standing }) => ({ standing: { ...standing, state: 'down' } })],
  ['the cause', ({ standing }) => ({ standing: { ...standing, cause: 'heartbeat-missed' } })],
  ['when it began', ({ standing }) => ({ standing: { ...standing, since: 'another' } })],
  [
    'the hour',
    ({ clock, standing }) => ({ standing: { ...standing, cause: 'gateway-closed', wellUntil: clock.now() } }),
  ],
])('what changes %s changes what is said', (_, change) => {
  const parts = setUp();
  const first = parts.of();
  const overrides = (change(parts) ?? {}) as object;
  const second = parts.of(overrides);
  expect(second).not.toEqual(first);
  expect(parts.of(overrides)).toBe(second);
});

test('a failed attempt before makes busy down', () => {
  const { standing, of } = setUp();
  const connecting = { standing: { ...standing, state: 'connecting' } };
  expect(of(connecting).status).toBe('busy');
  expect(of({ ...connecting, failedBefore: true }).status).toBe('down');
});
