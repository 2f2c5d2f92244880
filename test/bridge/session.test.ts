import { expect, test } from 'vitest';
import type { FakeGateway } from './support/fake-gateway.ts';
import { watchedSession } from './support/session.ts';

const NEVER = () => new Promise<number>(() => {});
const FAILING = () => Promise.reject(new Error('the current time was not answered within 5000 ms'));

test('goes through connecting and authenticating to ready', () => {
  const { gateway, session } = watchedSession();
  expect(session.snapshot()).toMatchObject({ state: 'connecting', status: 'busy', connected: false });
  gateway.last.say.tcpConnected();
  gateway.last.say.hello(193, 'now');
  expect(session.snapshot()).toMatchObject({ state: 'authenticating', status: 'busy', serverVersion: 193 });
  gateway.last.say.accounts(['DU1234567']);
  expect(session.snapshot().state).toBe('authenticating');
  gateway.last.say.nextOrderId(1);
  expect(session.snapshot()).toMatchObject({
    state: 'ready',
    status: 'ok',
    connected: true,
    cause: null,
    accounts: ['DU…567'],
  });
});

test('nextValidId alone is not ready, in whichever order they come', () => {
  const { gateway, session } = watchedSession();
  gateway.last.say.tcpConnected();
  gateway.last.say.hello(193, 'now');
  gateway.last.say.nextOrderId(1);
  expect(session.snapshot().state).toBe('authenticating');
  gateway.last.say.accounts(['DU1234567']);
  expect(session.snapshot().state).toBe('ready');
});

test.each([
  ['gateway-unreachable', 5_000, () => {}],
  ['no-hello', 10_000, (gateway: FakeGateway) => gateway.last.say.tcpConnected()],
  [
    'no-managed-accounts',
    10_000,
    (gateway: FakeGateway) => {
      gateway.last.say.tcpConnected();
      gateway.last.say.hello(193, 'now');
    },
  ],
  [
    'no-next-valid-id',
    10_000,
    (gateway: FakeGateway) => {
      gateway.last.say.tcpConnected();
      gateway.last.say.hello(193, 'now');
      gateway.last.say.accounts(['DU1234567']);
    },
  ],
] as const)(
  '%s: silence is given up after %i ms, and the connection torn down',
  async (cause, deadline, until) => {
    const { clock, gateway, session } = watchedSession();
    until(gateway);
    await clock.advance(deadline - 1);
    expect(gateway.last.closed).toBe(false);
    await clock.advance(1);
    expect(gateway.last.closed).toBe(true);
    expect(session.snapshot()).toMatchObject({ state: 'down', status: 'down', cause, reconnectFailures: 1 });
    expect(session.snapshot().hint).not.toBe('');
  },
);

test('two unanswered heartbeats end a half-open connection', async () => {
  const { clock, gateway, session } = watchedSession();
  const client = gateway.last;
  client.logIn();
  await clock.advance(0);
  expect(session.snapshot().lastHeartbeatAt).not.toBeNull();
  client.currentTimeAnswer = FAILING;
  await clock.advance(9_999);
  expect(session.snapshot().state).toBe('ready');
  await clock.advance(1);
  expect(client.closed).toBe(true);
  expect(session.snapshot()).toMatchObject({
    cause: 'heartbeat-missed',
    heartbeatFailures: 2,
    connected: false,
  });
});

test('one unanswered heartbeat degrades, and stops orders but not reads', async () => {
  const { clock, gateway, session } = watchedSession();
  const client = gateway.last;
  let asked = 0;
  client.currentTimeAnswer = () => (++asked === 1 ? FAILING() : NEVER());
  client.logIn();
  await clock.advance(0);
  expect(session.snapshot()).toMatchObject({
    state: 'degraded',
    status: 'degraded',
    cause: 'heartbeat-missed',
  });
  expect(() => session.require('trade')).toThrow(/stopped answering/);
  expect(session.require('read').client).toBe(client);
});

test('a heartbeat that is answered again makes it ready again', async () => {
  const { clock, gateway, session } = watchedSession();
  const client = gateway.last;
  let asked = 0;
  client.currentTimeAnswer = () => (++asked === 1 ? FAILING() : Promise.resolve(1));
  client.logIn();
  await clock.advance(0);
  expect(session.snapshot()).toMatchObject({ state: 'ready', heartbeatFailures: 1 });
});

test('1100 degrades and refuses orders until 1102', () => {
  const { gateway, session } = watchedSession();
  gateway.last.logIn();
  gateway.last.say.notice({ code: 1100, message: 'Connectivity has been lost' });
  expect(session.snapshot()).toMatchObject({
    state: 'degraded',
    cause: 'ibkr-link-lost',
    lastIbErrorCode: 1100,
  });
  expect(() => session.require('trade')).toThrow(/lost its connection to IBKR/);
  gateway.last.say.notice({ code: 1102, message: 'restored' });
  expect(session.snapshot()).toMatchObject({ state: 'ready', lastIbErrorCode: 1100 });
  expect(session.require('trade').client).toBe(gateway.last);
});

test('a broken farm degrades, names the farm, and tears nothing down', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.logIn();
  gateway.last.say.notice({ code: 2103, message: 'Market data farm connection is broken:usfarm' });
  expect(session.snapshot().farms).toMatchObject([{ name: 'usfarm', state: 'broken' }]);
  await clock.advance(10_000);
  expect(session.snapshot()).toMatchObject({ state: 'degraded', cause: 'farm-broken' });
  expect(session.require('trade').client.clientId).toBe(100);
  gateway.last.say.notice({ code: 2104, message: 'Market data farm connection is OK:usfarm' });
  await clock.advance(10_000);
  expect(session.snapshot().state).toBe('ready');
  expect(gateway.clients).toHaveLength(1);
});

test('a changed port is named as the reason when the connection drops', () => {
  const { gateway, session } = watchedSession();
  gateway.last.logIn();
  gateway.last.say.notice({ code: 1300, message: 'socket port changed to 4010' });
  gateway.last.end({ stage: 'hello' });
  expect(session.snapshot().cause).toBe('gateway-port-changed');
});

test('a read-only refusal is remembered', () => {
  const { gateway, session } = watchedSession();
  gateway.last.logIn();
  gateway.last.say.notice({ code: 321, message: 'API interface is currently in Read-Only mode' });
  expect(session.snapshot().readOnly).toBe(true);
});

test('what needs the gateway is told at once why it cannot have it', () => {
  const { gateway, session } = watchedSession();
  gateway.last.end({ stage: 'tcp' });
  expect(() => session.require('read')).toThrow(
    expect.objectContaining({
      code: 'gateway-not-ready',
      hint: expect.stringContaining('trusted IP'),
      details: expect.objectContaining({ extra: { cause: 'closed-before-hello' } }),
    }),
  );
});

test('order ids go up from the gateway’s, and from the journal’s where that is higher', () => {
  const { gateway, session } = watchedSession();
  gateway.last.logIn(['DU1234567'], 7);
  const link = session.require('trade');
  expect([link.takeOrderId(1), link.takeOrderId(1), link.takeOrderId(40), link.takeOrderId(1)]).toEqual([
    7, 8, 40, 41,
  ]);
});

test('stopping disconnects, and leaves nothing running', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.logIn();
  await clock.advance(0);
  session.stop();
  expect(gateway.last.closed).toBe(true);
  await clock.advance(100_000);
  expect(gateway.clients).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('stopping in the middle of a login leaves nothing running either', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.say.tcpConnected();
  gateway.last.say.hello(193, 'now');
  session.stop();
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});

test('a heartbeat answered after its connection ended changes nothing', async () => {
  const { clock, gateway, session } = watchedSession();
  const answer = Promise.withResolvers<number>();
  gateway.last.currentTimeAnswer = () => answer.promise;
  gateway.last.logIn();
  gateway.last.end({ stage: 'hello' });
  answer.resolve(1);
  await clock.advance(0);
  expect(session.snapshot()).toMatchObject({ state: 'down', lastHeartbeatAt: null });
});

test('no account number is in an event or in the snapshot', () => {
  const { gateway, session, events } = watchedSession();
  gateway.last.logIn(['DU1234567', 'U7654321']);
  gateway.last.say.notice({ code: 321, message: 'Error validating request for DU1234567' });
  gateway.last.end({ stage: 'hello', fault: { code: 502, message: 'account U7654321 logged out' } });
  expect(`${JSON.stringify(events)} ${JSON.stringify(session.snapshot())}`).not.toMatch(/1234567|7654321/);
});

test('in the nightly window a lost link is the reset, and after it what it is', async () => {
  const { clock, gateway, session, events } = watchedSession();
  gateway.last.logIn();
  await clock.advance(Date.UTC(2027, 0, 16, 5) - clock.now());
  gateway.last.say.notice({ code: 1100, message: 'Connectivity has been lost' });
  expect(session.snapshot()).toMatchObject({ status: 'degraded', cause: 'nightly-reset' });
  expect(events.at(-1)?.hint).toMatch(/Nothing to do/);
  gateway.last.end({ stage: 'hello' });
  expect(session.snapshot()).toMatchObject({ status: 'degraded', state: 'down', cause: 'nightly-reset' });
  while (clock.now() < Date.UTC(2027, 0, 16, 5, 45)) {
    await clock.advance(60_000);
    if (!gateway.last.closed) gateway.last.end({ stage: 'dialling' });
  }
  expect(session.snapshot()).toMatchObject({ status: 'down', cause: 'gateway-unreachable' });
});
