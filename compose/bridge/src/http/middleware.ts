import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { BridgeError } from '../errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import type { Scope } from './keys.ts';

/** Bytes. The largest sensible body, an order, has a few hundred. */
const LARGEST_BODY = 16_384;

/** Answered without a key: by load balancers and people who only want to know whether it is up. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/ping', '/health']);

/** Names the request, and writes its one line to the log. Neither query, headers nor body are in it. */
export function trace({ log, clock }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = randomUUID();
    const started = clock.monotonic();
    c.set('requestId', requestId);
    await next();
    c.header('X-Request-Id', requestId);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    const ms = Math.round(clock.monotonic() - started);
    const { method, path } = c.req;
    const line = { requestId, method, path, status: c.res.status, ms, key: c.get('apiKey')?.name };
    // Load balancers and health checks ask these every few seconds.
    log[OPEN_PATHS.has(path) ? 'debug' : 'info'](line, 'request');
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
export function requireKey({ findKey }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (OPEN_PATHS.has(c.req.path)) return next();
    const sent = c.req.header('X-API-KEY');
    if (!sent) throw new BridgeError('api-key-missing', 'there is no X-API-KEY header');
    const key = findKey(sent);
    if (!key) throw new BridgeError('api-key-unknown', 'the X-API-KEY header fits no key');
    const scope: Scope = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'trade';
    if (!key.scopes.includes(scope))
      throw new BridgeError('scope-missing', `key ${key.name} lacks scope ${scope}`);
    c.set('apiKey', key);
    return next();
  };
}

export const limitBody: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: LARGEST_BODY,
  onError: () => {
    throw new BridgeError('body-too-large', `more than ${LARGEST_BODY} bytes`);
  },
});
