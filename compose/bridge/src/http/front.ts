import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppDeps } from './deps.ts';
import { HEADERS, REQUEST_ID } from './headers.ts';
import { healthOf } from './health-view.ts';
import type { Series } from './metrics/tally.ts';

/** Answers a request if it is one it knows. @returns whether it did */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

type FrontDeps = Pick<AppDeps, 'session' | 'about' | 'metrics' | 'clock' | 'log' | 'isClosing'>;

interface Page {
  readonly path: string;
  readonly series: Series;
  body(): string;
}

const FIXED: readonly string[] = Object.entries(HEADERS).flat();

/**
 * GET /ping and GET /health without anything else in the address, byte for byte as their routes answer, but without
 * the framework: they are asked all day long, and must be answered while everything else is busy.
 */
export function createFront({ session, about, metrics, clock, log, isClosing }: FrontDeps): Front {
  const page = (path: string, body: () => string): Page => {
    return { path, series: metrics.requests.of('GET', path), body };
  };
  const health = once(() => JSON.stringify(healthOf(session.snapshot(), about)));
  const pages = new Map([
    ['/ping', page('/ping', () => '{"ok":true}')],
    ['/health', page('/health', health)],
  ]);
  return (request, response) => {
    const found = request.method === 'GET' ? pages.get(request.url ?? '') : undefined;
    if (!found) return false;
    const started = clock.monotonic();
    const requestId = randomUUID();
    send(response, found.body(), requestId, isClosing());
    const ms = clock.monotonic() - started;
    found.series.count(200, ms / 1_000);
    if (log.isLevelEnabled('debug')) {
      const line = { requestId, method: 'GET', path: found.path, status: 200, ms: Math.round(ms) };
      log.debug(line, 'request');
    }
    return true;
  };
}

function send(response: ServerResponse, body: string, requestId: string, isLast: boolean): void {
  const own = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))];
  const last = isLast ? ['connection', 'close'] : [];
  response.writeHead(200, [...FIXED, REQUEST_ID, requestId, ...own, ...last]);
  response.end(body);
}

/** Works a value out once for all who ask in the same turn of the event loop. */
function once(make: () => string): () => string {
  let made: string | undefined;
  const forget = () => {
    made = undefined;
  };
  return () => {
    if (made === undefined) {
      made = make();
      setImmediate(forget);
    }
    return made;
  };
}
