import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { Listener } from './listener.ts';
import type { QuickPages } from './quick-pages.ts';
import { standInFront } from './socket-front.ts';

/** Milliseconds a client may take to send its request: slow ones must not pile up. */
const REQUEST_DEADLINE = 15_000;

/**
 * Milliseconds an idle connection stays open. Longer than the two minutes for which Caddy keeps one for its next
 * request: closed first at this end, it would cost that request, and an order is not retried by a proxy.
 */
const KEEP_ALIVE = 150_000;

/** Milliseconds between looks for connections that became idle, while closing. */
const SWEEP = 50;

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Accepts nothing more, lets what is in flight end for `grace` milliseconds, then cuts it. */
  close(grace: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly clock: Clock;
  readonly listener: Listener;
  /** Answered on the socket, in front of the listener. */
  readonly pages: QuickPages;
}

/** @throws BridgeError `port-taken` or `port-refused`. */
export async function listen({ host, port, clock, listener, pages }: ListenOptions): Promise<HttpServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_DEADLINE,
      headersTimeout: REQUEST_DEADLINE,
      keepAliveTimeout: KEEP_ALIVE,
      shouldUpgradeCallback: wantsWebSocket,
    },
    (request, response) => void listener.request(request, response),
  );
  server.on('upgrade', (request, socket, head) => listener.upgrade(request, socket, head));
  const closeFront = standInFront(server, { pages, clock, keepAlive: KEEP_ALIVE });
  await bound(server, host, port);
  const chosen = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    port: chosen,
    close(grace) {
      closeFront();
      return closed(server, clock, grace);
    },
  };
}

/** Any other upgrade, such as curl's offer of HTTP/2, is passed over: the request is answered as it is. */
function wantsWebSocket({ url = '', headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && /^\/ws(?:\?|$)/.test(url);
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function startError(error: NodeJS.ErrnoException, host: string, port: number): BridgeError {
  if (error.code === 'EADDRINUSE') {
    return new BridgeError('port-taken', `something listens on ${host}:${port} already`, { cause: error });
  }
  return new BridgeError('port-refused', `cannot listen on ${host}:${port}: ${error.message}`, {
    cause: error,
  });
}

function closed(server: Server, clock: Clock, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(grace, () => server.closeAllConnections());
    let stop = () => {};
    // A connection that becomes idle only now would hold the end up until its client lets it go.
    const sweep = () => {
      server.closeIdleConnections();
      stop = clock.after(SWEEP, sweep);
    };
    server.close(() => {
      cancel();
      stop();
      resolve();
    });
    sweep();
  });
}
