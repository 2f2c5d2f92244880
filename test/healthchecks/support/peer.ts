import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { watchClients } from './watch-clients.ts';

/** One accepted connection, as a script sees it. */
export interface Line {
  readonly socket: Socket;
  /** Writes, and counts what was written. */
  write(bytes: Buffer | string): void;
  /** Calls back once the probe has read everything that was written: the moment to let its time run out. */
  whenRead(callback: () => void): void;
}

/** A server on a port of its own that does one thing to each connection. */
export interface Peer {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Resolves when every connection accepted so far is closed at this end too. */
  allClosed(): Promise<void>;
}

export interface PeerOptions {
  /** Keeps its end open when the probe closes its own, as a hung gateway does. */
  readonly allowHalfOpen?: boolean;
}

/** Starts a peer for the length of the test. */
export async function peer(script: (line: Line) => void, options: PeerOptions = {}): Promise<Peer> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: options.allowHalfOpen ?? false }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.setNoDelay();
    // Without a reader the end of the connection would never be seen.
    socket.resume();
    script(line(socket, reads));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reads = watchReads(port);
  onTestFinished(() => stop(server, sockets));
  return {
    port,
    get accepted() {
      return sockets.length;
    },
    async allClosed() {
      await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
    },
  };
}

interface Reads {
  count: number;
  onRead: () => void;
}

/** Counts the bytes that this process's own client to `port` has read, after the client's own listeners ran. */
function watchReads(port: number): Reads {
  const reads: Reads = { count: 0, onRead: () => {} };
  watchClients(port, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      reads.count += chunk.length;
      reads.onRead();
    });
  });
  return reads;
}

function line(socket: Socket, reads: Reads): Line {
  let written = 0;
  return {
    socket,
    write(bytes) {
      written += bytes.length;
      socket.write(bytes);
    },
    whenRead(callback) {
      const check = () => {
        if (reads.count < written) return;
        reads.onRead = () => {};
        setImmediate(callback);
      };
      reads.onRead = check;
      check();
    },
  };
}

function stop(server: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
