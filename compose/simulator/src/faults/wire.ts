import { z } from 'zod';
import { hashOf } from '../random.ts';
import { type Connection, MAX_WAITING } from '../server/connection.ts';
import { fault } from './fault.ts';

/** What can go wrong with the bytes themselves. */
export const wire = [
  fault({
    name: 'half-open',
    does: 'Sessions that exist stay open, and nothing is read or sent on them any more; new connections work. Clearing it drops them.',
    parameters: z.object({ clientId: z.number().int().optional() }),
    start({ sessions }, { clientId }) {
      const dead = new Set(
        sessions
          .all()
          .filter((session) => clientId === undefined || session.clientId === clientId)
          .map(({ connection }) => connection),
      );
      for (const connection of dead) connection.deaf = true;
      return {
        write: (connection) => (dead.has(connection) ? 'stop' : 'pass'),
        cleared() {
          for (const connection of dead) connection.drop();
        },
      };
    },
  }),
  fault({
    name: 'garbage',
    does: 'Random bytes, `bytes` (64) of them, come instead of the next message (once, if `times` says nothing else).',
    parameters: z.object({ bytes: z.number().int().min(1).max(65_536).default(64) }),
    times: 1,
    start: ({ seed }, { bytes }) => ({
      write(connection) {
        const noise = Array.from({ length: bytes }, (_, i) => hashOf(seed, connection.number, i) & 0xff);
        connection.writeNow(Buffer.from(noise));
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'cut-off-frame',
    does: 'The next message stops in its middle and the connection is closed (once, if `times` says nothing else).',
    parameters: z.object({}),
    times: 1,
    start: () => ({
      write(connection, bytes) {
        connection.writeNow(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        connection.close();
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'slow-network',
    does: 'Everything that is sent arrives `delayMs` (1000) later.',
    parameters: z.object({ delayMs: z.number().int().min(1).max(600_000).default(1_000) }),
    start(_world, { delayMs }) {
      const held = new WeakMap<Connection, number>();
      return {
        write(connection, bytes) {
          const size = (held.get(connection) ?? 0) + bytes.length;
          held.set(connection, size);
          if (size > MAX_WAITING) connection.drop();
          connection.scope.after(delayMs, () => {
            held.set(connection, (held.get(connection) ?? 0) - bytes.length);
            connection.writeNow(bytes);
          });
          return 'stop';
        },
      };
    },
  }),
];
