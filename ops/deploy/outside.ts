import { diagnose } from '../checks/diagnose.ts';
import { pingCheck } from '../checks/ping.ts';
import { tcpCheck } from '../checks/tcp.ts';
import { OpsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import { deployedActions, type Target } from '../target.ts';
import { edgeOfTarget } from '../target-edge.ts';
import type { VerbContext } from '../verb.ts';

/** Whether the stack is reached from this machine, as its clients reach it; undefined where it cannot be told. */
export interface Outside {
  readonly reached: boolean | undefined;
  readonly words: string;
}

/** Looks at a stack from outside; undefined for one that is not published. */
export async function lookFromOutside(
  target: Target,
  host: Remote,
  context: VerbContext,
): Promise<Outside | undefined> {
  if (!target.services.includes('caddy')) return undefined;
  try {
    const edge = await edgeOfTarget(target, context);
    const actions = deployedActions(target, host, context);
    const checks = [tcpCheck(edge, actions), pingCheck(edge, actions)];
    const { healthy, state } = await diagnose(checks, { stack: target.stack, now: () => new Date() });
    if (healthy) return { reached: true, words: `from outside: ${edge.url.origin} answers` };
    return { reached: false, words: `from outside: ${state.message} ${state.hint}` };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return { reached: undefined, words: `not looked at from outside: ${error.message}` };
  }
}
