import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { ReportedExecution } from '../../session/execution-book.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { NEEDS_KEY, problems } from '../openapi.ts';
import { type ExecutionsAnswer, executionsAnswer, executionsQuery } from '../schemas/executions.ts';

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
    ...problems('request-invalid', 'journal-failed'),
  },
});

export function addExecutions(app: OpenAPIHono<AppEnv>, deps: AppDeps): void {
  const { session, executions, allExecutions } = deps;
  app.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const stale = await ask(session, executions);
    const { completeSince } = executions;
    const page = await allExecutions.page(query);
    const answer: ExecutionsAnswer = {
      completeSince: timeOf(completeSince ?? null),
      fresh: stale === null,
      stale,
      lastError: failureOf(executions.lastFailure),
      earlier: timeOf(page.earlier),
      executions: page.executions.map(answerOf),
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

function timeOf(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

function answerOf({ execution, at, commission }: ReportedExecution): ExecutionsAnswer['executions'][0] {
  return {
    ...execution,
    at: timeOf(at),
    commission: commission?.commission ?? null,
    commissionCurrency: commission?.currency ?? null,
    realizedPnl: commission?.realizedPnl ?? null,
  };
}
