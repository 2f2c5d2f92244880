import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Tunnel } from './commands/ssh.ts';

/** Passes connections of a port of this machine's loopback on to another place; what a tunnel is without a host. */
export async function forward(
  { local, host, port }: Tunnel,
  { signal, onUp }: { readonly signal: AbortSignal; readonly onUp: () => void },
): Promise<Error | undefined> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  try {
    server.listen(local, '127.0.0.1');
    await once(server, 'listening', { signal });
    onUp();
    await once(server, 'close', { signal });
    return undefined;
  } catch (error) {
    return signal.aborted ? undefined : (error as Error);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}
