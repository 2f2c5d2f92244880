import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

/** Bytes: the longest sensible message, fifty symbols, has some hundred. */
const LARGEST_MESSAGE = 4_096;
/** Milliseconds a client gets to answer the close of its WebSocket. */
const CLOSE_DEADLINE = 1_000;

/** The types of ws lag behind by closeTimeout. */
const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: LARGEST_MESSAGE,
  closeTimeout: CLOSE_DEADLINE,
};

/** What a route may do with a request that wants to become a WebSocket. */
export class Upgrade {
  accepted: ((socket: WebSocket) => void) | undefined;
}

/** As hono calls the routes; here with the connection and what asks for the upgrade. */
export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

export type Upgrader = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** Takes upgrades through the routes, so that keys, limits, log and metrics are those of every request. */
export function upgrader(fetch: Fetch): Upgrader {
  const server = new WebSocketServer(OPTIONS);
  return async (request, socket, head) => {
    // A client that goes away meanwhile breaks its socket; without a listener that would end the process.
    const ignore = () => {};
    socket.on('error', ignore);
    const upgrade = new Upgrade();
    const response = await answer(fetch, request, upgrade);
    const { accepted } = upgrade;
    if (!accepted) {
      await refuse(socket, response);
      return;
    }
    socket.off('error', ignore);
    server.handleUpgrade(request, socket, head, accepted);
  };
}

async function answer(fetch: Fetch, incoming: IncomingMessage, upgrade: Upgrade): Promise<Response> {
  try {
    const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
    return await fetch(new Request(url, { headers }), { incoming, upgrade });
  } catch {
    // A Host or an address no URL can be made of.
    return new Response(null, { status: 400 });
  }
}

/** Said by the connection itself. */
const OWN: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding']);

async function refuse(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    ...[...response.headers].filter(([name]) => !OWN.has(name)).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}
