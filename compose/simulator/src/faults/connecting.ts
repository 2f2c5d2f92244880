import { z } from 'zod';
import { fault } from './fault.ts';

const none = z.object({});
const milliseconds = (usual: number) => z.number().int().min(0).max(3_600_000).default(usual);

/** What can go wrong before a client is logged in. */
export const connecting = [
  fault({
    name: 'refuse',
    does: 'Nothing listens on the API port: connections are refused. Sessions that exist go on.',
    parameters: none,
    start({ server }) {
      server.shut();
      return { cleared: () => server.reopen() };
    },
  }),
  fault({
    name: 'waiting-for-2fa',
    does: 'The gateway waits for its second factor: every session ends and connections are refused, until it is cleared.',
    parameters: none,
    start({ server }) {
      server.shut();
      server.dropAll();
      return { cleared: () => server.reopen() };
    },
  }),
  fault({
    name: 'accept-then-close',
    does: 'Connections are accepted and closed at once, with no byte sent: an untrusted IP, or a forwarder with no gateway behind it.',
    parameters: none,
    start: () => ({
      accepted(connection) {
        connection.drop();
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'mute',
    does: 'Connections are accepted and nothing is ever answered, not even the hello: the accept dialog waits, or the gateway hangs.',
    parameters: none,
    start: () => ({
      accepted(connection) {
        connection.deaf = true;
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'mute-after-hello',
    does: 'The hello is answered, and nothing after it.',
    parameters: none,
    start: () => ({
      hello(connection) {
        connection.sendHello();
        connection.deaf = true;
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'close-after-hello',
    does: 'The hello is answered and the connection closed `afterMs` later (500): the accept action is not `accept`.',
    parameters: z.object({ afterMs: milliseconds(500) }),
    start: (_world, { afterMs }) => ({
      hello(connection) {
        connection.sendHello();
        connection.deaf = true;
        connection.scope.after(afterMs, () => connection.close());
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'slow-login',
    does: 'Accounts and nextValidId come `delayMs` (5000) after the API was started.',
    parameters: z.object({ delayMs: milliseconds(5_000) }),
    start: ({ server }, { delayMs }) => ({
      start(connection, clientId) {
        connection.scope.after(delayMs, () => server.login(connection, clientId));
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'client-id-in-use',
    does: 'Whatever client id is given is in use: code 326, then the connection is closed.',
    parameters: none,
    start: ({ server }) => ({
      start(connection, clientId) {
        server.refuseClientId(connection, clientId);
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'no-next-valid-id',
    does: 'The hello and the accounts come, nextValidId never does: the API is not fully enabled.',
    parameters: none,
    start: () => ({ nextValidId: () => 'stop' }),
  }),
];
