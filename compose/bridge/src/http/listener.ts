import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import type { AppDeps } from './deps.ts';
import { upgrader } from './ws/upgrade.ts';

/** Takes requests as node:http hands them over. */
export interface Listener {
  request(request: IncomingMessage, response: ServerResponse): unknown;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): unknown;
}

/** The whole REST API behind node:http. */
export function createListener(deps: AppDeps): Listener {
  const { fetch } = createApp(deps);
  const withEnv = (request: Request, env: object) => fetch(request, env);
  return { request: getRequestListener(withEnv), upgrade: upgrader(withEnv) };
}
