import type { Actions, Check, Outcome } from './check.ts';
import { type Answer, type Edge, get, getLine, jsonOf } from './edge.ts';
import { FINDINGS, finding } from './findings.ts';

/** A request that needs an API key and the gateway: the whole way there and back. */
export function executionsCheck(edge: Edge, actions: Actions, apiKey: string | undefined): Check {
  return {
    name: 'executions',
    title: '/executions',
    plan: () => [
      apiKey === undefined
        ? '# without --api-key-file /executions is left out'
        : getLine(edge, '/executions', ' with X-API-KEY'),
    ],
    run: async () => {
      if (apiKey === undefined) return { kind: 'skipped', summary: 'no --api-key-file was given' };
      const answer = await get(edge, '/executions', { 'x-api-key': apiKey }).catch((error: Error) => error);
      return answer instanceof Error ? silent(answer, actions) : judge(answer, actions);
    },
  };
}

function judge(answer: Answer, actions: Actions): Outcome {
  const body = jsonOf(answer) ?? {};
  if (answer.status === 200 && body.fresh === false) return stale(body.stale, actions);
  if (answer.status === 200 && Array.isArray(body.executions)) {
    return { kind: 'passed', summary: `${body.executions.length} of the day` };
  }
  const summary = `status ${answer.status}${typeof body.code === 'string' ? `, ${body.code}` : ''}`;
  if (answer.status === 401 || answer.status === 403) {
    return { kind: 'beneath', summary, finding: finding('key-refused', actions.withKey) };
  }
  return { kind: 'beneath', summary, finding: problemOf(body, actions) };
}

/** The bridge answers with what it knew when the gateway does not answer, and says why. */
function stale(why: unknown, actions: Actions): Outcome {
  const { code, detail, hint } = { ...(why as Record<string, unknown> | null) };
  const summary = `not fresh${typeof code === 'string' ? `, ${code}` : ''}`;
  return { kind: 'beneath', summary, finding: problemOf({ code, hint, title: detail }, actions) };
}

/** problem+json of the bridge carries code and hint; they are told as they are. */
function problemOf({ code, title, hint }: Readonly<Record<string, unknown>>, actions: Actions) {
  if (typeof code !== 'string' || typeof hint !== 'string')
    return finding('bridge-down', actions.logs('bridge'));
  const message = typeof title === 'string' ? `${title}.` : FINDINGS['session-not-ready'].message;
  return { code, message, hint, action: actions.probe };
}

function silent({ message }: Error, actions: Actions): Outcome {
  return { kind: 'beneath', summary: message, finding: finding('bridge-silent', actions.logs('bridge')) };
}
