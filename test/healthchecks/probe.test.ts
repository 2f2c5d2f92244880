import { expect, test } from 'vitest';
import { LEVELS } from '../../healthchecks/verdict.ts';
import { answers } from '../../tws/index.ts';
import { diagnose } from './support/diagnose.ts';
import { gateway } from './support/gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { peer } from './support/peer.ts';
import { watchClients } from './support/watch-clients.ts';

test.each(LEVELS)('a gateway that works is healthy at level %s', async (level) => {
  const { port } = await gateway();
  const verdict = await diagnose(port, { level });
  expect(verdict).toMatchObject({ healthy: true, cause: 'ok', level, clientId: 5 });
  expect(verdict.failedStage).toBeUndefined();
  expect(verdict.at).toBe('2026-04-06T14:00:00.000Z');
});

test('each level takes the stages it asks for, and times them', async () => {
  const { port } = await gateway();
  expect((await diagnose(port, { level: 'connect' })).timingsMs).toEqual({ connect: 0 });
  expect((await diagnose(port, { level: 'orders' })).timingsMs).toEqual({
    connect: 0,
    hello: 0,
    session: 0,
    account: 0,
    orders: 0,
  });
});

test('accounts are masked wherever they come', async () => {
  const { port } = await gateway({
    accounts: 'DU1234567,U7654321,',
    on({ type }, talk) {
      if (type === 'startApi') talk.error(-1, 2106, 'HMDS for DU1234567 is OK');
      return false;
    },
  });
  const verdict = await diagnose(port);
  expect(verdict.gateway.accounts).toEqual(['DU…567', 'U…321']);
  expect(JSON.stringify(verdict)).not.toMatch(/1234567|7654321/);
});

test('both halves of the session are needed, in whichever order', async () => {
  const { port } = await gateway({
    on({ type }, talk) {
      if (type !== 'startApi') return false;
      talk.send(answers.nextValidId, { orderId: 1 });
      talk.send(answers.managedAccounts, { accountsList: 'DU1234567' });
      return true;
    },
  });
  expect((await diagnose(port, { level: 'session' })).healthy).toBe(true);
});

test('notices that come with the last answer are in the evidence', async () => {
  const { port } = await gateway({
    on({ type }, talk) {
      if (type !== 'startApi') return false;
      talk.socket.cork();
      setImmediate(() => talk.socket.uncork());
      return false;
    },
  });
  const { evidence } = await diagnose(port, { level: 'session' });
  expect(evidence).toContain('notice 2104: Market data farm connection is OK:usfarm');
});

test('the connection is closed at both ends when the probe returns', async () => {
  const server = await gateway();
  await diagnose(server.port);
  await server.allClosed();
  expect(server.accepted).toBe(1);
});

test('the gateway sees an orderly end, not a reset, though it was still talking', async () => {
  const ended = Promise.withResolvers<string>();
  const { port } = await gateway({
    on({ type }, talk) {
      if (type !== 'cancelAccountSummary') return false;
      talk.socket.once('end', () => ended.resolve('end'));
      talk.socket.once('error', (error) => ended.resolve(error.message));
      for (let i = 0; i < 100; i += 1) talk.error(-1, 2104, 'Market data farm connection is OK:usfarm');
      return true;
    },
  });
  await diagnose(port);
  expect(await ended.promise).toBe('end');
});

test('a gateway that never closes its end is given up after the grace', async () => {
  const clock = new ManualClock();
  const { port } = await peer(
    ({ socket }) => {
      socket.resume();
      socket.once('end', () => clock.expire());
    },
    { allowHalfOpen: true },
  );
  expect((await diagnose(port, { level: 'connect' }, clock)).healthy).toBe(true);
  expect(clock.monotonic()).toBe(500);
});

test('a deadline that passes while the answer is already there changes nothing', async () => {
  const clock = new ManualClock();
  const { port } = await gateway();
  watchClients(port, (socket) => void socket.once('data', () => clock.expire()));
  expect((await diagnose(port, {}, clock)).healthy).toBe(true);
});

test('a probe that is stopped says so, and closes', async () => {
  const stop = new AbortController();
  const server = await peer(({ socket }) => socket.once('data', () => stop.abort()));
  const verdict = await diagnose(server.port, { signal: stop.signal });
  expect(verdict).toMatchObject({ healthy: false, cause: 'aborted', failedStage: 'hello' });
  await server.allClosed();
});

test('a probe stopped before it began says so', async () => {
  const verdict = await diagnose(1, { signal: AbortSignal.abort() });
  expect(verdict).toMatchObject({ cause: 'aborted', failedStage: 'connect' });
});

test('a gateway that never stops talking cannot make the verdict grow', async () => {
  const { port } = await gateway({
    on({ type }, talk) {
      if (type === 'startApi') {
        for (let i = 0; i < 1000; i += 1) talk.error(-1, 2104, 'x'.repeat(1000));
      }
      return false;
    },
  });
  const { evidence } = await diagnose(port);
  expect(evidence).toHaveLength(41);
  expect(evidence.at(-1)).toMatch(/^and \d+ more lines$/);
  expect(Math.max(...evidence.map((line) => line.length))).toBeLessThan(300);
});

test('server versions at both ends of the range are spoken', async () => {
  for (const version of [157, 200]) {
    const { port } = await gateway({ version });
    expect(await diagnose(port, { level: 'all' })).toMatchObject({
      healthy: true,
      gateway: { serverVersion: version },
    });
  }
});
