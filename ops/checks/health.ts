import type { Actions, Check, Outcome } from './check.ts';
import { type Edge, get, getLine, jsonOf } from './edge.ts';
import { FINDINGS, finding } from './findings.ts';

export interface HealthOptions {
  readonly connect: boolean;
  /** The id the bridge is configured to take; with another one it works, and another program has the first. */
  readonly clientId?: number;
}

/**
 * The bridge's session with the gateway, as /health tells it. `connect` asks the bridge to try the gateway once
 * before it answers; without it the answer comes from memory.
 */
export function healthCheck(edge: Edge, actions: Actions, { connect, clientId }: HealthOptions): Check {
  const path = `/health?connect=${connect}`;
  return {
    name: connect ? 'health-connect' : 'health',
    title: path,
    plan: () => [getLine(edge, path)],
    run: async () => {
      const answer = await get(edge, path).catch((error: Error) => error);
      if (answer instanceof Error) {
        return {
          kind: 'beneath',
          summary: answer.message,
          finding: finding('bridge-silent', actions.logs('bridge')),
        };
      }
      const health = jsonOf(answer);
      if (typeof health?.status === 'string') return judge(health, actions, clientId);
      const summary = `status ${answer.status}, and no health`;
      return { kind: 'failed', summary, finding: finding('not-gatehouse', actions.logs('bridge')) };
    },
  };
}

/** The bridge passes on the cause of its session and what to do about it; both are told as they are. */
function judge(
  health: Readonly<Record<string, unknown>>,
  actions: Actions,
  wanted: number | undefined,
): Outcome {
  const { status, state, since, cause, hint, accounts, serverVersion, clientId } = health;
  const evidence = [`session ${state} since ${since}, client id ${clientId}`];
  if (status === 'ok') {
    const count = Array.isArray(accounts) ? accounts.length : 0;
    const summary = `session ready, server version ${serverVersion}, ${count} account${count === 1 ? '' : 's'}${other(clientId, wanted)}`;
    return { kind: 'passed', summary, evidence };
  }
  const { message, hint: general } = FINDINGS['session-not-ready'];
  const told = {
    code: typeof cause === 'string' ? cause : 'session-not-ready',
    message,
    hint: typeof hint === 'string' ? hint : general,
    action: actions.probe,
  };
  return {
    kind: 'beneath',
    summary: `${status}: session ${state}, ${cause ?? 'no cause yet'}`,
    evidence,
    finding: told,
  };
}

function other(clientId: unknown, wanted: number | undefined): string {
  if (wanted === undefined || typeof clientId !== 'number' || clientId === wanted) return '';
  return `, client id ${clientId} in place of ${wanted}, which is taken`;
}
