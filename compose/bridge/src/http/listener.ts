import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import type { AppDeps } from './deps.ts';
import { gateOf } from './gate.ts';
import { createOrderDoor } from './order-door.ts';
import { upgrader } from './ws/upgrade.ts';

/** Takes requests as node:http hands them over. */
export interface Listener {
  request(request: IncomingMessage, response: ServerResponse): unknown;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): unknown;
}

/** The whole REST API behind node:http. */
export function createListener(deps: AppDeps): Listener {
  const gate = gateOf(deps);
  const { fetch } = createApp(deps, gate);
  const door = createOrderDoor(deps, gate);
  const withEnv = (request: Request, env: object) => fetch(request, env);
  const framework = getRequestListener(withEnv);
  return {
    request: (request, response) => door(request, response) || framework(request, response),
    upgrade: upgrader(withEnv),
  };
}
