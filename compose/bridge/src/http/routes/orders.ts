import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { viewOf } from '../order-view.ts';
import { orderAnswer, ordersAnswer } from '../schemas/order-answer.ts';

const params = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' }, description: "The journal's own id of the order" }),
});
const oneOrder = { 'application/json': { schema: orderAnswer } };

const listRoute = createRoute({
  method: 'get',
  path: '/orders',
  summary: "The bridge's own orders, the latest first, from its journal",
  description: 'Those that ended long ago come after all others, the last that ended first.',
  security: NEEDS_KEY,
  request: {
    query: z.object({
      status: z
        .enum(['open', 'all'])
        .default('open')
        .openapi({ description: 'open: those that are not known to be over' }),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
  },
  responses: {
    200: { description: 'The orders', content: { 'application/json': { schema: ordersAnswer } } },
    ...problems('request-invalid', 'journal-failed'),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: '/orders/{id}',
  summary: 'What became of one order',
  security: NEEDS_KEY,
  request: { params },
  responses: {
    200: { description: 'The order', content: oneOrder },
    ...problems('request-invalid', 'order-unknown', 'journal-failed'),
  },
});

const cancelRoute = createRoute({
  method: 'delete',
  path: '/orders/{id}',
  summary: 'Cancels an order',
  description:
    'Under the client id it was placed with. The answer comes with its end, or after two seconds with what is known then.',
  security: NEEDS_KEY,
  request: { params },
  responses: {
    200: { description: 'The cancel was sent; status says what came of it', content: oneOrder },
    ...problems(
      'request-invalid',
      'order-unknown',
      'order-ended',
      'order-of-another-session',
      'cancel-refused',
      'bridge-read-only',
      'journal-failed',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

export function addOrders(app: OpenAPIHono<AppEnv>, { orders }: AppDeps): void {
  app.openapi(listRoute, async (c) => {
    const { status, limit } = c.req.valid('query');
    return c.json({ orders: (await orders.all.list(status, limit)).map(viewOf) }, 200);
  });
  app.openapi(getRoute, async (c) => c.json(viewOf(await orders.all.require(c.req.valid('param').id)), 200));
  app.openapi(cancelRoute, async (c) =>
    c.json(viewOf(await orders.cancels.cancel(c.req.valid('param').id)), 200),
  );
}
