import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { OrderRequest } from '../../session/order-parts.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { previewViewOf, viewOf } from '../order-view.ts';
import { idempotencyKey, orderRequest } from '../schemas/order.ts';
import { orderAnswer, previewAnswer } from '../schemas/order-answer.ts';

const route = createRoute({
  method: 'post',
  path: '/order',
  summary: 'Places an order',
  description:
    'The contract is qualified first. The answer comes with the first status worth telling, or after two seconds with what is known then. With whatIf nothing is placed.',
  security: NEEDS_KEY,
  request: {
    headers: z.object({ 'idempotency-key': idempotencyKey }),
    body: { required: true, content: { 'application/json': { schema: orderRequest } } },
  },
  responses: {
    200: {
      description: 'whatIf; or this key was used for this order before, and nothing was sent now',
      content: { 'application/json': { schema: z.union([orderAnswer, previewAnswer]) } },
    },
    201: { description: 'Sent', content: { 'application/json': { schema: orderAnswer } } },
    ...problems(
      'json-malformed',
      'body-not-json',
      'body-too-large',
      'request-invalid',
      'idempotency-key-reused',
      'symbol-not-allowed',
      'market-option-refused',
      'order-too-large',
      'notional-unknown',
      'day-limit-reached',
      'account-unknown',
      'account-needed',
      'trading-mode-mismatch',
      'live-trading-off',
      'bridge-read-only',
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
    const { orderRef, whatIf, ...body } = c.req.valid('json');
    const key = oneKey(c.req.valid('header')['idempotency-key'], orderRef);
    // The schemas say optional, which the OpenAPI generator understands; JSON has no undefined, so it is exact.
    const request = body as OrderRequest;
    if (whatIf) return c.json(previewViewOf(await orders.desk.preview(request)), 200);
    const { order, replayed } = await orders.desk.place(request, key);
    return replayed ? c.json(viewOf(order), 200) : c.json(viewOf(order), 201);
  });
}

/** @throws BridgeError `request-invalid` when header and body name two keys. */
function oneKey(header: string | undefined, orderRef: string | undefined): string | undefined {
  if (header === undefined || orderRef === undefined || header === orderRef) return header ?? orderRef;
  const rule = 'must be the Idempotency-Key when both are given';
  throw new BridgeError('request-invalid', `orderRef: ${rule}`, {
    extra: { errors: [{ path: 'orderRef', rule, received: orderRef }] },
  });
}
