import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { ContractWish } from '../../session/contracts.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { contractsAnswer, contractsQuery } from '../schemas/contracts.ts';

const route = createRoute({
  method: 'get',
  path: '/contracts',
  summary: 'The contracts that fit a symbol',
  description: 'An option may be named loosely, down to a symbol and a month: all that fit are listed.',
  security: NEEDS_KEY,
  request: { query: contractsQuery },
  responses: {
    200: {
      description: 'A row for each contract',
      content: { 'application/json': { schema: contractsAnswer } },
    },
    ...problems('request-invalid', 'contract-unknown', ...GATEWAY_PROBLEMS),
  },
});

export function addContracts(app: OpenAPIHono<AppEnv>, { session, data, timings }: AppDeps): void {
  app.openapi(route, async (c) => {
    const { client } = session.require('read');
    const call = { deadline: timings.request, priority: 'request' } as const;
    const found = await data.contracts.find(client, c.req.valid('query') as ContractWish, call);
    const contracts = found.map((details) => ({
      ...details,
      validExchanges: [...details.validExchanges],
    }));
    return c.json({ contracts }, 200);
  });
}
