import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { ContractWish } from '../../session/contracts.ts';
import { quoteOf } from '../../session/quotes.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { viewOf } from '../quote-view.ts';
import { quoteAnswer, quoteQuery } from '../schemas/quote.ts';

const route = createRoute({
  method: 'get',
  path: '/quote',
  summary: 'The prices of a contract now; of an option its greeks too',
  description:
    'Collected from a subscription, which is kept for a few seconds: who asks again is answered from memory.',
  security: NEEDS_KEY,
  request: { query: quoteQuery },
  responses: {
    200: {
      description: 'What came within two seconds of the first value',
      content: { 'application/json': { schema: quoteAnswer } },
    },
    ...problems(
      'request-invalid',
      'contract-unknown',
      'contract-ambiguous',
      'market-data-refused',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

export function addQuote(app: OpenAPIHono<AppEnv>, deps: AppDeps): void {
  const { session, data, timings, clock } = deps;
  app.openapi(route, async (c) => {
    const { client } = session.require('read');
    const call = { deadline: timings.request, priority: 'request' } as const;
    const contract = await data.contracts.qualify(client, c.req.valid('query') as ContractWish, call);
    const quote = await quoteOf(contract, { feeds: data.feeds, timings, clock });
    return c.json({ contract, ...viewOf(quote) }, 200);
  });
}
