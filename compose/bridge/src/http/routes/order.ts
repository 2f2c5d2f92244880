import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BookedOrder } from '../../session/order-book.ts';
import type { OrderRequest } from '../../session/order-parts.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { idempotencyKey, orderAnswer, orderRequest } from '../schemas/order.ts';

const content = { 'application/json': { schema: orderAnswer } };

const route = createRoute({
  method: 'post',
  path: '/order',
  summary: 'Places an order',
  description:
    'The contract is qualified first. The answer comes with the first status worth telling, or after two seconds with what is known then.',
  security: NEEDS_KEY,
  request: {
    headers: z.object({ 'idempotency-key': idempotencyKey }),
    body: { required: true, content: { 'application/json': { schema: orderRequest } } },
  },
  responses: {
    200: { description: 'This key was used for this order before: nothing was sent now', content },
    201: { description: 'Sent', content },
    ...problems(
      'json-malformed',
      'body-not-json',
      'body-too-large',
      'request-invalid',
      'idempotency-key-reused',
      'market-option-refused',
      'account-unknown',
      'account-needed',
      'trading-mode-mismatch',
      'contract-unknown',
      'contract-ambiguous',
      'order-rejected',
      'journal-failed',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

export function addOrder(app: OpenAPIHono<AppEnv>, { orders }: AppDeps): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid('header')['idempotency-key'];
    // The schemas say optional, which the OpenAPI generator understands; JSON has no undefined, so it is exact.
    const { order, replayed } = await orders.place(c.req.valid('json') as OrderRequest, key);
    return c.json(answerOf(order), replayed ? 200 : 201);
  });
}

/** The wire says 0 for what is not known yet. */
function answerOf(order: BookedOrder): z.infer<typeof orderAnswer> {
  const { id, orderId, clientId, contract, ticket } = order.written;
  const { status, filled, remaining } = order;
  return {
    id,
    orderId,
    clientId,
    permId: order.permId || null,
    status,
    filled,
    remaining,
    averageFillPrice: order.averageFillPrice || null,
    orderRef: ticket.orderRef,
    contract,
    advice: order.advice ?? null,
  };
}
