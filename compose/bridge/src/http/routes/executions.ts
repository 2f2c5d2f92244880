import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { ReportedExecution } from '../../session/executions.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { executionsAnswer } from '../schemas/executions.ts';

const route = createRoute({
  method: 'get',
  path: '/executions',
  summary: "The day's executions with their commissions",
  security: NEEDS_KEY,
  responses: {
    200: {
      description: 'What the gateway tells now, and what it told since the bridge started',
      content: { 'application/json': { schema: executionsAnswer } },
    },
    ...problems(...GATEWAY_PROBLEMS),
  },
});

export function addExecutions(app: OpenAPIHono<AppEnv>, { session, executions, timings }: AppDeps): void {
  app.openapi(route, async (c) => {
    const { client } = session.require('read');
    const call = { deadline: timings.request, priority: 'request' } as const;
    const all = await executions.refresh(client, call, timings.commission);
    return c.json({ executions: all.map(answerOf) }, 200);
  });
}

function answerOf({
  execution,
  commission,
}: ReportedExecution): z.infer<typeof executionsAnswer>['executions'][0] {
  return {
    ...execution,
    commission: commission?.commission ?? null,
    commissionCurrency: commission?.currency ?? null,
    realizedPnl: commission?.realizedPnl ?? null,
  };
}
