import { randomUUID } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { Admission } from './admission.ts';
import type { AddressReader } from './client-address.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { HEADERS, REQUEST_ID } from './headers.ts';
import type { RequestLog } from './request-log.ts';
import { shuttingDown } from './stream-wish.ts';

/** Bytes. The largest sensible body, an order, has a few hundred. */
export const LARGEST_BODY = 16_384;

const FIXED = Object.entries(HEADERS);

/** Names the request, and tells of it when it was answered. */
export function trace(clock: Clock, answered: RequestLog): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = randomUUID();
    const started = clock.monotonic();
    c.set('requestId', requestId);
    setHeaders(c, requestId);
    await next();
    const { method, path } = c.req;
    answered({
      ...{ requestId, method, path, route: routePath(c, -1) },
      status: c.get('upgraded') ? 101 : c.res.status,
      ms: clock.monotonic() - started,
      key: c.get('apiKey')?.name,
    });
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

/** Lets nobody past who may not do what they ask for. */
export function requireKey(admit: Admission, addressOf: AddressReader): MiddlewareHandler<AppEnv> {
  return (c, next) => {
    const { method, path } = c.req;
    const address = () => addressOf(c.env?.incoming?.socket?.remoteAddress, c.req.header('X-Forwarded-For'));
    const key = admit({ method, path, key: c.req.header('X-API-KEY'), address });
    if (key) c.set('apiKey', key);
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
