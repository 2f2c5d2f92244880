import { randomUUID } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import { maskAccounts } from '../../../../tws/accounts.ts';
import { BridgeError } from '../errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { HEADERS, REQUEST_ID } from './headers.ts';
import type { Scope } from './keys.ts';
import { shuttingDown } from './stream-wish.ts';

/** Bytes. The largest sensible body, an order, has a few hundred. */
const LARGEST_BODY = 16_384;

/** Asked every few seconds by load balancers, health checks and Prometheus. */
const FREQUENT_PATHS: ReadonlySet<string> = new Set(['/ping', '/health', '/metrics']);

/** Answered without a key: to who only wants to know whether it is up, and to browsers, which send none. */
const OPEN_PATHS: ReadonlySet<string> = new Set([...FREQUENT_PATHS, '/docs']);

/** Whoever calls chooses method and path: what is no route of ours must not make new series. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

const FIXED = Object.entries(HEADERS);

/** Names the request, and writes its one line to the log. Neither query, headers nor body are in it. */
export function trace({ log, clock, metrics }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = randomUUID();
    const started = clock.monotonic();
    c.set('requestId', requestId);
    setHeaders(c, requestId);
    await next();
    const ms = clock.monotonic() - started;
    const { method } = c.req;
    const status = c.get('upgraded') ? 101 : c.res.status;
    const route = METHODS.has(method) ? routePath(c, -1) : '/*';
    const [counted, under] = route === '/*' ? ['other', 'other'] : [method, route];
    metrics.requests.of(counted, under).count(status, ms / 1_000);
    const path = maskAccounts(c.req.path);
    const line = { requestId, method, path, status, ms: Math.round(ms), key: c.get('apiKey')?.name };
    log[FREQUENT_PATHS.has(path) ? 'debug' : 'info'](line, 'request');
  };
}

/**
 * Before the answer is made: to add to one that is there makes a second Response of it. On node's own response where
 * there is one: otherwise a Headers object is made of them, and taken apart again, for every answer.
 */
function setHeaders(c: Context<AppEnv>, requestId: string): void {
  const { outgoing } = c.env ?? {};
  const set = outgoing ? (name: string, value: string) => outgoing.setHeader(name, value) : c.header;
  for (const [name, value] of FIXED) set(name, value);
  set(REQUEST_ID, requestId);
}

/**
 * During shutdown nothing new is begun, but who only looks is answered for as long as a connection stands; each
 * connection ends with its answer, for an idle one would hold the shutdown up until its keep-alive ends.
 */
export function refuseWhenClosing({ isClosing }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!isClosing()) {
      await next();
      if (isClosing()) c.header('Connection', 'close');
      return;
    }
    c.header('Connection', 'close');
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') throw shuttingDown();
    await next();
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

/**
 * GET and HEAD have none that is read, and one whose length is told is judged by that, for the server cuts it there:
 * to look at a body makes the server build a whole Request object first.
 */
export const limitBody: MiddlewareHandler<AppEnv> = (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const length = c.req.header('Content-Length');
  if (length === undefined || c.req.header('Transfer-Encoding') !== undefined) return limit(c, next);
  if (Number(length) > LARGEST_BODY) throw tooLarge();
  return next();
};

const limit: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: LARGEST_BODY,
  onError: () => {
    throw tooLarge();
  },
});

function tooLarge(): BridgeError {
  return new BridgeError('body-too-large', `more than ${LARGEST_BODY} bytes`);
}
