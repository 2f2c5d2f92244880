import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { chainAnswer, chainQuery } from '../schemas/chain.ts';

const route = createRoute({
  method: 'get',
  path: '/options/chain',
  summary: "The expirations and strikes of a stock's options",
  security: NEEDS_KEY,
  request: { query: chainQuery },
  responses: {
    200: {
      description: 'A row for each exchange and trading class',
      content: { 'application/json': { schema: chainAnswer } },
    },
    ...problems('request-invalid', 'contract-unknown', 'contract-ambiguous', ...GATEWAY_PROBLEMS),
  },
});

export function addChain(app: OpenAPIHono<AppEnv>, { session, data, timings }: AppDeps): void {
  app.openapi(route, async (c) => {
    const { client } = session.require('read');
    const query = { ...c.req.valid('query'), secType: 'STK' } as const;
    const call = { deadline: timings.request, priority: 'request' } as const;
    const { underlying, rows } = await data.chains.get(client, query, call);
    const chains = rows.map(({ underlyingConId: _, expirations, strikes, ...row }) => ({
      ...row,
      expirations: [...expirations],
      strikes: [...strikes],
    }));
    return c.json({ symbol: underlying.symbol, underlyingConId: underlying.conId, chains }, 200);
  });
}
