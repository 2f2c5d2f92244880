import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../deps.ts';

const route = createRoute({
  method: 'get',
  path: '/ping',
  summary: 'Is the bridge itself up? Needs no key and no gateway.',
  responses: {
    200: {
      description: 'It is',
      content: { 'application/json': { schema: z.object({ ok: z.literal(true) }) } },
    },
  },
});

export function addPing(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, (c) => c.json({ ok: true as const }, 200));
}
