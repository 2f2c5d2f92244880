import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { ReportedExecution } from '../../session/executions.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { NEEDS_KEY, problems } from '../openapi.ts';
import {
  type ExecutionsAnswer,
  type ExecutionsQuery,
  executionsAnswer,
  executionsQuery,
} from '../schemas/executions.ts';

const route = createRoute({
  method: 'get',
  path: '/executions',
  summary: 'Executions with their commissions, as far back as the bridge has seen them',
  description:
    'The gateway is asked for the day and waited for a bounded time. When it cannot be asked or does not answer, what was seen before is the answer, and stale says why.',
  security: NEEDS_KEY,
  request: { query: executionsQuery },
  responses: {
    200: {
      description: 'The executions, in the order they were told',
      content: { 'application/json': { schema: executionsAnswer } },
    },
    ...problems('request-invalid'),
  },
});

export function addExecutions(app: OpenAPIHono<AppEnv>, { session, executions }: AppDeps): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const stale = await ask(session, executions);
    const { completeSince } = executions;
    const answer: ExecutionsAnswer = {
      completeSince: completeSince === undefined ? null : new Date(completeSince).toISOString(),
      fresh: stale === null,
      stale,
      lastError: failureOf(executions.lastFailure),
      executions: executions.list.filter((each) => fits(each, query)).map(answerOf),
    };
    return c.json(answer, 200);
  });
}

/** @returns null when the gateway answered, or why it did not. */
async function ask(
  session: AppDeps['session'],
  executions: AppDeps['executions'],
): Promise<ExecutionsAnswer['stale']> {
  try {
    session.require('read');
    await executions.refresh();
    return null;
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    return { code: error.code, detail: error.message, hint: error.hint };
  }
}

function failureOf(failure: AppDeps['executions']['lastFailure']): ExecutionsAnswer['lastError'] {
  if (!failure) return null;
  const { at, error } = failure;
  return { at: new Date(at).toISOString(), code: error.code, detail: error.message, hint: error.hint };
}

/** One whose time cannot be read is in no span of time, and in every answer without one. */
function fits({ at, execution }: ReportedExecution, { since, until, symbol }: ExecutionsQuery): boolean {
  return (
    (since === undefined || (at !== null && at >= since)) &&
    (until === undefined || (at !== null && at < until)) &&
    (symbol === undefined || execution.contract.symbol === symbol)
  );
}

function answerOf({ execution, at, commission }: ReportedExecution): ExecutionsAnswer['executions'][0] {
  return {
    ...execution,
    at: at === null ? null : new Date(at).toISOString(),
    commission: commission?.commission ?? null,
    commissionCurrency: commission?.currency ?? null,
    realizedPnl: commission?.realizedPnl ?? null,
  };
}
