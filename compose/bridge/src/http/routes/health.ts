import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from '../deps.ts';
import { healthOf } from '../health-view.ts';
import { problems } from '../openapi.ts';
import { healthAnswer } from '../schemas/health.ts';

const route = createRoute({
  method: 'get',
  path: '/health',
  summary: 'How the session with the gateway is, from memory. Needs no key.',
  description:
    'Always 200: that it answers says the bridge is up, status says the rest. With connect=true a session that is down tries to connect now and the answer waits a bounded time for what comes of it; status is busy while an attempt is under way.',
  request: {
    query: z.object({
      connect: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: 'true: try to connect now' }),
    }),
  },
  responses: {
    200: { description: 'The status', content: { 'application/json': { schema: healthAnswer } } },
    ...problems('request-invalid'),
  },
});

export function addHealth(app: OpenAPIHono<AppEnv>, { session, about }: AppDeps): void {
  app.openapi(route, async (c) => {
    const isBusy = c.req.valid('query').connect === 'true' && (await session.connectNow());
    const health = healthOf(session.snapshot(), about);
    return c.json(isBusy ? { ...health, status: 'busy' as const } : health, 200);
  });
}
