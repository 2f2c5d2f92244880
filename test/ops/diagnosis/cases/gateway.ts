import { CAUSES } from '../../../../healthchecks/causes.ts';
import type { Way } from '../way.ts';

const LOG = 'docker compose -p gatehouse logs --timestamps --tail 100 gateway';
const RESTART = 'npx gatehouse --prod-restart-gateway';
const AGAIN = 'npx gatehouse --prod-diagnostics';

const fault = (broken: string, name: string, state: string, action: string, settings = {}): Way => ({
  broken: `${broken} (simulator: ${name})`,
  by: { kind: 'gateway', fault: { name, ...settings } },
  state,
  action,
});

/** Sockets of the gateway's forwarder (4004, 0FA4 in hex) in one state, as /proc/net/tcp lists them. */
const sockets = (count: number, state: string) =>
  Array.from(
    { length: count },
    (_, n) =>
      `  ${n}: 0500A8C0:0FA4 0600A8C0:${(40_000 + n).toString(16).toUpperCase()} ${state} 00000000:00000000`,
  ).join('\n');

export const gatewayWays: readonly Way[] = [
  {
    broken: 'socat in front of the gateway has died',
    by: { kind: 'host', answers: { '/dev/tcp/': '4004 closed\n4002 open\n' } },
    state: 'forwarder-down',
    action: RESTART,
  },
  {
    broken: 'socat runs, and the gateway behind it does not listen',
    by: { kind: 'host', answers: { '/dev/tcp/': '4004 open\n4002 closed\n' } },
    state: 'api-port-closed',
    action: LOG,
  },
  fault('nothing listens on the API port', 'refuse', 'refused', LOG),
  fault('connections are closed at once', 'accept-then-close', 'closed-before-hello', LOG),
  fault('connections are taken and never answered', 'mute', 'silent-before-hello', LOG),
  fault('nothing after the hello', 'mute-after-hello', 'silent-after-hello', RESTART),
  fault('closed after the hello', 'close-after-hello', 'closed-after-hello', LOG),
  fault('something else listens there', 'garbage', 'not-a-gateway', LOG, { times: 1000 }),
  fault('the client id is taken', 'client-id-in-use', 'client-id-in-use', LOG),
  fault('the API is half enabled', 'no-next-valid-id', 'no-next-valid-id', LOG),
  fault('no request is answered', 'request-never-answers', 'hung', RESTART),
  fault('IBKR cannot be reached', 'connection-lost', 'connection-to-ibkr-lost', AGAIN),
  {
    // Recorded: with the market closed no tick is due, and a farm that is away is no fault.
    broken: 'a market data farm is broken while the market is open',
    by: {
      kind: 'host',
      answers: {
        'probe.mjs': {
          exit: 1,
          stdout: JSON.stringify({
            healthy: false,
            level: 'data',
            stage: 'data',
            cause: 'farm-broken',
            message: CAUSES['farm-broken'].message,
            hint: CAUSES['farm-broken'].hint,
            evidence: ['notice 2103: Market data farm connection is broken:usfarm'],
            timingsMs: { connect: 1, data: 9990 },
          }),
        },
      },
    },
    state: 'farm-broken',
    action: AGAIN,
  },
  fault('a second session has the market data', 'competing-session', 'competing-session', AGAIN),
  fault('market data is not subscribed', 'no-subscription', 'not-subscribed', AGAIN),
  {
    broken: 'the gateway does not let go of clients that went',
    by: { kind: 'host', answers: { '/proc/net/tcp': sockets(9, '08') } },
    state: 'sockets-half-closed',
    action: RESTART,
  },
  {
    broken: 'all 32 clients of the gateway are taken',
    by: { kind: 'host', answers: { '/proc/net/tcp': sockets(32, '01') } },
    state: 'clients-full',
    action: LOG,
  },
];
