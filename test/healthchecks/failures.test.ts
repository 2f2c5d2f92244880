import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answers, encodeFrame, frame } from '../../tws/index.ts';
import { freePort } from '../support/port.ts';
import { diagnose } from './support/diagnose.ts';
import { gateway } from './support/gateway.ts';
import { ManualClock } from './support/manual-clock.ts';
import { peer } from './support/peer.ts';

// Each row of what failure looks like on the wire (docs/faults.md), one test each.

test('refused: nothing listens', async () => {
  const verdict = await diagnose(await freePort());
  expect(verdict).toMatchObject({ healthy: false, failedStage: 'connect', cause: 'refused' });
  expect(verdict.evidence).toEqual([
    expect.stringMatching(/ECONNREFUSED .* into connect, 0 bytes received$/),
  ]);
});

test('dns: the name stands for nothing', async () => {
  const verdict = await diagnose(1, { host: 'no-such-host.invalid' });
  expect(verdict).toMatchObject({ failedStage: 'connect', cause: 'dns' });
});

test('accepted, then closed without a word', async () => {
  const { port } = await peer(({ socket }) => socket.end());
  const verdict = await diagnose(port);
  expect(verdict).toMatchObject({ stage: 'hello', failedStage: 'hello', cause: 'closed-before-hello' });
  expect(verdict.hint).toMatch(/trusted IPs.*localhost only.*socat/);
});

test('accepted, then reset: the same cause, told apart in the evidence', async () => {
  const { port } = await peer(({ socket }) => socket.once('data', () => socket.resetAndDestroy()));
  const verdict = await diagnose(port);
  expect(verdict.cause).toBe('closed-before-hello');
  expect(verdict.evidence).toEqual([expect.stringContaining('ECONNRESET')]);
});

test('accepted, and mute', async () => {
  const clock = new ManualClock();
  const { port } = await peer(({ socket }) => socket.once('data', () => clock.expire()));
  const verdict = await diagnose(port, {}, clock);
  expect(verdict).toMatchObject({ failedStage: 'hello', cause: 'silent-before-hello' });
  expect(verdict.hint).toContain('AcceptIncomingConnectionAction');
  expect(verdict.evidence).toEqual(['the 3000 ms given to hello passed, 0 bytes received']);
});

test('hello, then closed', async () => {
  const { port } = await gateway({
    on: (_, { socket }) => {
      socket.end();
      return true;
    },
  });
  const verdict = await diagnose(port);
  expect(verdict).toMatchObject({ failedStage: 'session', cause: 'closed-after-hello' });
  expect(verdict.gateway.serverVersion).toBe(200);
});

test('hello and accounts, then closed: a session was there', async () => {
  const { port } = await gateway({
    on(_, talk) {
      talk.send(answers.managedAccounts, { accountsList: 'DU1234567' });
      talk.socket.end();
      return true;
    },
  });
  expect(await diagnose(port)).toMatchObject({ failedStage: 'session', cause: 'connection-closed' });
});

test('hello, then silence', async () => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on(_, talk) {
      talk.whenRead(() => clock.expire());
      return true;
    },
  });
  expect((await diagnose(port, {}, clock)).cause).toBe('silent-after-hello');
});

test('accounts, and no nextValidId', async () => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on(_, talk) {
      talk.send(answers.managedAccounts, { accountsList: 'DU1234567' });
      talk.whenRead(() => clock.expire());
      return true;
    },
  });
  const verdict = await diagnose(port, {}, clock);
  expect(verdict).toMatchObject({ failedStage: 'session', cause: 'no-next-valid-id' });
  expect(verdict.hint).toContain('Enable ActiveX and Socket Clients');
});

test.each([
  ['never sent', undefined, 'The gateway never sent its accounts.'],
  ['empty', '', 'The gateway never sent its accounts: the list it sent is empty.'],
])('nextValidId, and the accounts %s', async (_name, accountsList, message) => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on(_, talk) {
      if (accountsList !== undefined) talk.send(answers.managedAccounts, { accountsList });
      talk.send(answers.nextValidId, { orderId: 1 });
      talk.whenRead(() => clock.expire());
      return true;
    },
  });
  expect(await diagnose(port, {}, clock)).toMatchObject({ cause: 'no-managed-accounts', message });
});

test('error 326: the client id is in use', async () => {
  const { port } = await gateway({
    on(_, talk) {
      talk.error(-1, 326, 'Unable to connect as the client id is already in use.');
      talk.socket.end();
      return true;
    },
  });
  const verdict = await diagnose(port);
  expect(verdict).toMatchObject({
    failedStage: 'session',
    cause: 'client-id-in-use',
    message: 'Another connection uses this client id: id 5.',
  });
  expect(verdict.evidence[1]).toMatch(/^notice 326: Unable to connect/);
});

test('notice 1300: the port was changed', async () => {
  const { port } = await gateway({
    on(_, talk) {
      talk.error(-1, 1300, 'TWS socket port has been reset to 4007.');
      return true;
    },
  });
  expect(await diagnose(port)).toMatchObject({
    cause: 'port-changed',
    message: expect.stringContaining('4007'),
  });
});

test('the session stands and nothing is answered', async () => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on({ type }, talk) {
      if (type === 'reqAccountSummary') talk.whenRead(() => clock.expire());
      return type !== 'startApi';
    },
  });
  expect(await diagnose(port, {}, clock)).toMatchObject({ failedStage: 'account', cause: 'hung' });
});

test.each([
  ['reqAccountSummary', 'account summary'],
  ['reqCurrentTime', 'current time'],
])('one request is never answered: %s', async (unanswered, name) => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on({ type }, talk) {
      // Both are on the way when the second is seen: it is answered first, then time runs out.
      if (type === 'reqAccountSummary') setImmediate(() => talk.whenRead(() => clock.expire()));
      return type === unanswered;
    },
  });
  expect(await diagnose(port, {}, clock)).toMatchObject({
    failedStage: 'account',
    cause: 'request-unanswered',
    message: `The gateway is alive, but a request was never answered: ${name}.`,
  });
});

test('a request is refused: the code gives the hint', async () => {
  const { port } = await gateway({
    on(request, talk) {
      if (request.type !== 'reqAccountSummary') return false;
      talk.error(request.reqId, 322, 'Maximum number of account summary requests exceeded');
      return true;
    },
  });
  expect(await diagnose(port)).toMatchObject({
    cause: 'request-refused',
    message: 'The gateway refused a request: error 322, Maximum number of account summary requests exceeded.',
    hint: 'Use a new request id and ask again.',
  });
});

test.each([1100, 2110])('notice %i: the gateway is cut off from IBKR', async (code) => {
  const { port } = await gateway({
    on({ type }, talk) {
      if (type === 'reqCurrentTime') talk.error(-1, code, 'Connectivity between IB and TWS has been lost.');
      return false;
    },
  });
  expect(await diagnose(port)).toMatchObject({ cause: 'connection-to-ibkr-lost', failedStage: 'account' });
});

test.each([1101, 1102])('notice %i: cut off, and connected again', async (code) => {
  const { port } = await gateway({
    on({ type }, talk) {
      if (type === 'reqCurrentTime') {
        talk.error(-1, 1100, 'Connectivity between IB and TWS has been lost.');
        talk.error(-1, code, 'Connectivity between IB and TWS has been restored.');
      }
      return false;
    },
  });
  expect((await diagnose(port)).healthy).toBe(true);
});

test('closed in the middle of the session', async () => {
  const { port } = await gateway({
    on({ type }, { socket }) {
      if (type !== 'reqCurrentTime') return false;
      socket.end();
      return true;
    },
  });
  expect(await diagnose(port)).toMatchObject({ failedStage: 'account', cause: 'connection-closed' });
});

test('a version below the protocol the probe speaks', async () => {
  const { port } = await gateway({ version: 76 });
  const verdict = await diagnose(port);
  expect(verdict.cause).toBe('unsupported-version');
  expect(verdict.message).toMatch(/it answered 76, the probe speaks 157 to 200\.$/);
});

test('an HTTP server', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const verdict = await diagnose((server.address() as AddressInfo).port);
  expect(verdict.cause).toBe('not-a-gateway');
  expect(verdict.message).toContain('an HTTP server, it began with "HTTP/1.1 400 Bad Request"');
});

test.each([
  ['an SSH server', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a VNC server', 'RFB 003.008\n'],
  ['a TLS server', '\x15\x03\x03\x00\x02\x02\x46'],
  ['something else', '\x00\x00\x00\x04what'],
])('%s', async (name, greeting) => {
  const { port } = await peer(({ socket }) => socket.write(greeting, 'latin1'));
  const verdict = await diagnose(port);
  expect(verdict.cause).toBe('not-a-gateway');
  expect(verdict.message).toContain(name);
});

test('garbage in the middle of the session', async () => {
  const { port } = await gateway({
    on({ type }, line) {
      if (type !== 'reqCurrentTime') return false;
      line.write(frame('49\x001\x00soon\x00'));
      return true;
    },
  });
  const verdict = await diagnose(port);
  expect(verdict).toMatchObject({ failedStage: 'account', cause: 'garbled' });
  expect(verdict.evidence.at(-1)).toContain('expected a whole number, got "soon"');
});

test.each([
  ['silence follows', false],
  ['the end follows', true],
])('a message is cut off, and %s', async (_name, ends) => {
  const clock = new ManualClock();
  const { port } = await gateway({
    on(_, line) {
      line.write(encodeFrame(answers.managedAccounts, { accountsList: 'DU1234567' }, 200).subarray(0, 9));
      line.whenRead(() => (ends ? line.socket.end() : clock.expire()));
      return true;
    },
  });
  expect(await diagnose(port, {}, clock)).toMatchObject({
    failedStage: 'session',
    cause: 'frame-cut-off',
    message: 'Part of a message came, and the rest did not: 9 bytes of it came.',
  });
});

test('a slow line delivers byte by byte and is healthy', async () => {
  const { port } = await gateway({
    hello(line) {
      const bytes = [...frame('200\x0020260406 10:00:00 EST\x00')];
      const drip = () => {
        const byte = bytes.shift();
        if (byte === undefined) return;
        line.write(Buffer.of(byte));
        line.whenRead(drip);
      };
      drip();
    },
  });
  expect(await diagnose(port, { level: 'hello' })).toMatchObject({ healthy: true });
});
