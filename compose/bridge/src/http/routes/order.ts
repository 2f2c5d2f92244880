import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { OrderRequest } from '../../session/order-parts.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { previewViewOf, viewOf } from '../order-view.ts';
import { idempotencyKey, orderRequest } from '../schemas/order.ts';
import { type OrderAnswer, orderAnswer, type PreviewAnswer, previewAnswer } from '../schemas/order-answer.ts';
import { invalid } from '../validation.ts';

const orderHeaders = z.object({ 'idempotency-key': idempotencyKey });

const route = createRoute({
  method: 'post',
  path: '/order',
  summary: 'Places an order',
  description:
    'The contract is qualified first. The answer comes with the first status worth telling, or after two seconds with what is known then. With whatIf nothing is placed.',
  security: NEEDS_KEY,
  request: {
    headers: orderHeaders,
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
  const { body } = route.request;
  app.openAPIRegistry.registerPath(route);
  // The document has the header; to validate it as the framework does copies all of them, for the one that is wanted.
  app.openapi({ ...route, request: { body }, hide: true }, async (c) => {
    const { status, view } = await placeOrder(
      orders.desk,
      c.req.valid('json'),
      c.req.header('Idempotency-Key'),
    );
    return status === 200 ? c.json(view, 200) : c.json(view as OrderAnswer, 201);
  });
}

/**
 * Places the order a client asks for, or previews it.
 * @param header the Idempotency-Key, if one was sent
 * @throws BridgeError as the desk does, and `request-invalid` for a key that is none, or two.
 */
export async function placeOrder(
  desk: AppDeps['orders']['desk'],
  { orderRef, whatIf, ...asked }: z.output<typeof orderRequest>,
  header: string | undefined,
): Promise<{ readonly status: 200 | 201; readonly view: OrderAnswer | PreviewAnswer }> {
  const key = oneKey(keyOf(header), orderRef);
  // The schemas say optional, which the OpenAPI generator understands; JSON has no undefined, so it is exact.
  const request = asked as OrderRequest;
  if (whatIf) return { status: 200, view: previewViewOf(await desk.preview(request)) };
  const { order, replayed } = await desk.place(request, key);
  return { status: replayed ? 200 : 201, view: viewOf(order) };
}

/** @throws BridgeError `request-invalid` for what is no key. */
function keyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const sent = { 'idempotency-key': header };
  const { success, data, error } = orderHeaders.safeParse(sent);
  if (!success) throw invalid(error, sent);
  return data['idempotency-key'];
}

/** @throws BridgeError `request-invalid` when header and body name two keys. */
function oneKey(header: string | undefined, orderRef: string | undefined): string | undefined {
  if (header === undefined || orderRef === undefined || header === orderRef) return header ?? orderRef;
  const rule = 'must be the Idempotency-Key when both are given';
  throw new BridgeError('request-invalid', `orderRef: ${rule}`, {
    extra: { errors: [{ path: 'orderRef', rule, received: orderRef }] },
  });
}
