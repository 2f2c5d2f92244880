import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import { maskAccounts } from '../../../../tws/accounts.ts';
import { BridgeError } from '../errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { FailedAttempts } from './failed-attempts.ts';
import type { Scope } from './keys.ts';

/** Bytes. The largest sensible body, an order, has a few hundred. */
const LARGEST_BODY = 16_384;

/** Asked every few seconds by load balancers, health checks and Prometheus. */
const FREQUENT_PATHS: ReadonlySet<string> = new Set(['/ping', '/health', '/metrics']);

/** Answered without a key: to who only wants to know whether it is up, and to browsers, which send none. */
const OPEN_PATHS: ReadonlySet<string> = new Set([...FREQUENT_PATHS, '/docs']);

/** Whoever calls chooses method and path: what is no route of ours must not make new series. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

/** What a browser must not do with an answer; a page of our own says otherwise where it has to. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Names the request, and writes its one line to the log. Neither query, headers nor body are in it. */
export function trace({ log, clock, metrics }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = randomUUID();
    const started = clock.monotonic();
    c.set('requestId', requestId);
    await next();
    c.header('X-Request-Id', requestId);
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
    const ms = Math.round(clock.monotonic() - started);
    const { method } = c.req;
    const path = maskAccounts(c.req.path);
    const isKnown = METHODS.has(method) && routePath(c, -1) !== '/*';
    metrics.answered(
      isKnown ? method : 'other',
      isKnown ? routePath(c, -1) : 'other',
      c.res.status,
      ms / 1_000,
    );
    const line = { requestId, method, path, status: c.res.status, ms, key: c.get('apiKey')?.name };
    log[FREQUENT_PATHS.has(path) ? 'debug' : 'info'](line, 'request');
  };
}

/**
 * During shutdown: refuses new requests on connections that are still open, and ends each connection with its
 * answer, for an idle one would hold the shutdown up until its keep-alive ends.
 */
export function refuseWhenClosing({ isClosing }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (isClosing()) throw new BridgeError('shutting-down', 'no new work is taken', { retryAfterSeconds: 5 });
    await next();
    if (isClosing()) c.header('Connection', 'close');
  };
}

/** Wants a key on everything but OPEN_PATHS: scope read to look, scope trade to change anything. */
export function requireKey({ findKey, addressOf, clock, log }: AppDeps): MiddlewareHandler<AppEnv> {
  const attempts = new FailedAttempts(clock);
  return async (c, next) => {
    if (OPEN_PATHS.has(c.req.path)) return next();
    const sent = c.req.header('X-API-KEY');
    if (!sent) throw new BridgeError('api-key-missing', 'there is no X-API-KEY header');
    const address = addressOf(c);
    attempts.require(address);
    const key = findKey(sent);
    if (!key) {
      if (attempts.failed(address))
        log.warn({ address }, 'too many wrong API keys: not listened to any more');
      throw new BridgeError('api-key-unknown', 'the X-API-KEY header fits no key');
    }
    const scope: Scope = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'trade';
    if (!key.scopes.includes(scope))
      throw new BridgeError('scope-missing', `key ${key.name} lacks scope ${scope}`);
    c.set('apiKey', key);
    return next();
  };
}

/** GET and HEAD have none that is read: to ask for it would make the server build a whole Request object first. */
export const limitBody: MiddlewareHandler<AppEnv> = (c, next) =>
  c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limit(c, next);

const limit: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: LARGEST_BODY,
  onError: () => {
    throw new BridgeError('body-too-large', `more than ${LARGEST_BODY} bytes`);
  },
});
