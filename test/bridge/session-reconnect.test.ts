import { expect, test } from 'vitest';
import { watchedSession } from './support/session.ts';

test('tries again for ever, backing off to ten seconds, and tells it once', async () => {
  const { clock, gateway, session, texts } = watchedSession();
  for (let attempt = 1; attempt <= 40; attempt++) {
    gateway.last.end({ stage: 'dialling', fault: { code: 502, message: 'connect ECONNREFUSED' } });
    const before = clock.monotonic();
    while (gateway.clients.length === attempt) await clock.advance(100);
    expect(clock.monotonic() - before).toBeLessThanOrEqual(10_000);
  }
  expect(session.snapshot()).toMatchObject({
    reconnectAttempts: 40,
    reconnectFailures: 40,
    cause: 'gateway-refused',
  });
  expect(texts()).toEqual(['session down: Nothing listens on the gateway port (connect ECONNREFUSED)']);
});

test('after a failed attempt the next one is not busy but down, with the cause', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.end({ stage: 'tcp' });
  await clock.advance(500);
  expect(session.snapshot()).toMatchObject({
    state: 'connecting',
    status: 'down',
    cause: 'closed-before-hello',
  });
});

test('a lost session is found again, and its reason kept', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.logIn();
  await clock.advance(60_000);
  gateway.last.end({ stage: 'hello', fault: { code: 502, message: 'read ECONNRESET' } });
  expect(session.snapshot()).toMatchObject({
    state: 'down',
    lastDisconnectReason: 'gateway-closed: read ECONNRESET',
  });
  await clock.advance(500);
  gateway.last.logIn();
  expect(session.snapshot()).toMatchObject({
    state: 'ready',
    cause: null,
    lastDisconnectReason: 'gateway-closed: read ECONNRESET',
    reconnectAttempts: 1,
    reconnectFailures: 0,
  });
});

test('a gateway that drops every session soon after login is not hammered', async () => {
  const { clock, gateway } = watchedSession();
  for (let round = 0; round < 8; round++) {
    gateway.last.logIn();
    gateway.last.end({ stage: 'hello' });
    await clock.advance(10_000);
  }
  gateway.last.logIn();
  gateway.last.end({ stage: 'hello' });
  const before = gateway.clients.length;
  await clock.advance(6_000);
  expect(gateway.clients).toHaveLength(before);
});

test('client id in use: waits for the stale session, then takes the next id', async () => {
  const { clock, gateway, session } = watchedSession();
  const refuse = () => {
    gateway.last.say.tcpConnected();
    gateway.last.say.hello(193, 'now');
    gateway.last.say.notice({ code: 326, message: 'client id is already in use' });
  };
  refuse();
  expect(session.snapshot()).toMatchObject({ cause: 'client-id-in-use', lastIbErrorCode: 326 });
  await clock.advance(1_999);
  expect(gateway.clients).toHaveLength(1);
  await clock.advance(1);
  expect(gateway.last.clientId).toBe(100);
  refuse();
  await clock.advance(2_000);
  expect(gateway.last.clientId).toBe(101);
  gateway.last.logIn();
  expect(session.snapshot()).toMatchObject({ state: 'ready', clientId: 101 });
});

test('a session that held makes the backoff begin anew', async () => {
  const { clock, gateway } = watchedSession();
  for (let failures = 0; failures < 6; failures++) {
    gateway.last.end({ stage: 'dialling' });
    while (gateway.last.closed) await clock.advance(100);
  }
  gateway.last.logIn();
  await clock.advance(10_000);
  gateway.last.end({ stage: 'hello' });
  await clock.advance(500);
  expect(gateway.last.closed).toBe(false);
});

test('stopping while it waits to reconnect ends the waiting', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.end({ stage: 'dialling' });
  session.stop();
  await clock.advance(100_000);
  expect(gateway.clients).toHaveLength(1);
});

test('asked to connect now it does not wait for its turn, and says what came of it', async () => {
  const { clock, gateway, session } = watchedSession();
  for (const _ of [1, 2, 3]) {
    gateway.last.end({ stage: 'dialling' });
    while (gateway.last.closed) await clock.advance(100);
  }
  gateway.last.end({ stage: 'dialling' });
  await clock.advance(500);
  expect(gateway.last.closed).toBe(true);
  const connecting = session.connectNow();
  expect(gateway.last.closed).toBe(false);
  gateway.last.logIn();
  expect(await connecting).toBe(false);
  expect(session.snapshot()).toMatchObject({ state: 'ready', status: 'ok' });
});

test('an attempt that is under way is not doubled, and one that takes too long is not waited for', async () => {
  const { clock, gateway, session } = watchedSession();
  expect(await session.connectNow()).toBe(true);
  gateway.last.end({ stage: 'dialling' });
  await clock.advance(500);
  const connecting = session.connectNow();
  gateway.last.say.tcpConnected();
  await clock.advance(5_000);
  expect(await connecting).toBe(true);
  expect(gateway.clients).toHaveLength(2);
});

test('who asks often does not hammer the gateway', async () => {
  const { clock, gateway, session } = watchedSession();
  gateway.last.end({ stage: 'dialling' });
  await clock.advance(499);
  expect(await session.connectNow()).toBe(false);
  expect(gateway.clients).toHaveLength(1);
});

test('a connection that stands is left alone, and a stopped session stays down', async () => {
  const { gateway, session } = watchedSession();
  gateway.last.logIn();
  expect(await session.connectNow()).toBe(false);
  session.stop();
  expect(await session.connectNow()).toBe(false);
  expect(gateway.clients).toHaveLength(1);
});

test('an id that stays taken is given up for the next of its range, which is said, and tried again later', async () => {
  const { clock, gateway, texts } = watchedSession();
  gateway.last.say.notice({ code: 326, message: 'client id is already in use' });
  await clock.advance(2_000);
  expect(gateway.last.clientId).toBe(100);
  gateway.last.say.notice({ code: 326, message: 'client id is already in use' });
  expect(texts()).toContain('client id 100 (production) is in use by another client: 101 is tried next');
  await clock.advance(2_000);
  gateway.last.logIn();
  expect(gateway.last.clientId).toBe(101);
  gateway.last.end({ stage: 'hello' });
  await clock.advance(2_000);
  expect(gateway.last.clientId).toBe(100);
});
