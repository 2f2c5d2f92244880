import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { SessionSnapshot } from '../../session/snapshot.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { type Health, healthAnswer } from '../schemas/health.ts';

const route = createRoute({
  method: 'get',
  path: '/health',
  summary: 'How the session with the gateway is, from memory: never waits for it. Needs no key.',
  description: 'Always 200: that it answers says the bridge is up, status says the rest.',
  responses: {
    200: { description: 'The status', content: { 'application/json': { schema: healthAnswer } } },
  },
});

export function addHealth(app: OpenAPIHono<AppEnv>, { session, about }: AppDeps): void {
  app.openapi(route, (c) => c.json(healthOf(session.snapshot(), about), 200));
}

function healthOf(session: SessionSnapshot, about: AppDeps['about']): Health {
  return { ...session, ...about, accounts: [...session.accounts], farms: [...session.farms] };
}
