import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** There, back, and once more for an answer that was itself an answer. */
const ROUND_TRIPS = 4;

/**
 * A way to wait until all that was written between two ends in this process has been read, answered and read again:
 * what is sent later on another connection of this process arrives later, so its echo comes back last.
 */
export async function echo(): Promise<{ settle(): Promise<void> }> {
  const server = createServer((socket) => void socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.setNoDelay(true);
  await once(client, 'connect');
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return {
    async settle() {
      for (let i = 0; i < ROUND_TRIPS; i += 1) {
        client.write('.');
        await once(client, 'data');
      }
    },
  };
}
