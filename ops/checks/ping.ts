import type { Actions, Check, Outcome } from './check.ts';
import { type Answer, type Edge, get, getLine, jsonOf } from './edge.ts';
import { finding } from './findings.ts';

/** What Caddy answers while nothing behind it does. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

/** What a bridge that does not even answer this would not answer either. */
const BLOCKS = ['health', 'health-connect', 'executions'];

/** The bridge's process answers, through whatever stands before it. */
export function pingCheck(edge: Edge, actions: Actions): Check {
  return {
    name: 'ping',
    title: '/ping',
    plan: () => [getLine(edge, '/ping')],
    run: async () => {
      try {
        return judge(await get(edge, '/ping'), actions);
      } catch (error) {
        return unanswered(error as NodeJS.ErrnoException, actions);
      }
    },
  };
}

function judge(answer: Answer, actions: Actions): Outcome {
  if (answer.status === 200 && jsonOf(answer)?.ok === true)
    return { kind: 'passed', summary: 'the bridge answers' };
  const summary = `status ${answer.status}`;
  // The host can still be looked at: what is wrong is behind the edge.
  if (GATEWAY_STATUSES.has(answer.status)) {
    const found = finding('bridge-down', actions.logs('bridge'));
    return { kind: 'beneath', summary, finding: found, blocks: BLOCKS };
  }
  const evidence = [answer.body.slice(0, 80).replaceAll(/\s+/g, ' ')];
  return { kind: 'failed', summary, evidence, finding: finding('not-gatehouse', actions.address) };
}

function unanswered({ code, message }: NodeJS.ErrnoException, actions: Actions): Outcome {
  const silent = code === 'ETIMEDOUT';
  const found = finding(silent ? 'bridge-silent' : 'not-gatehouse', actions.logs('bridge'));
  return silent
    ? { kind: 'beneath', summary: message, finding: found, blocks: BLOCKS }
    : { kind: 'failed', summary: message, finding: found };
}
