import { clean } from '../../healthchecks/evidence.ts';
import { dockerLogsSince, dockerState } from '../commands/docker.ts';

import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { type FindingCode, finding } from './findings.ts';
import { type Reading, readSigns } from './ibc-signs.ts';
import { jsonLines } from './json-lines.ts';

export interface IbcOptions {
  readonly container: string;
  /** Whether the configuration wants the API Read-Only. */
  readonly readOnly: boolean;
}

/** What the gateway's log says of its login since its last start: asked for by what the probe found. */
export function ibcCheck(remote: Remote, { container, readOnly }: IbcOptions, actions: Actions): Check {
  const state = dockerState(container);
  return {
    name: 'ibc',
    title: 'login signs',
    plan: () => [remote.line(state), remote.line(dockerLogsSince(container, 'START'))],
    run: async (before) => {
      const { stdout, stderr } = await remote.run(
        dockerLogsSince(container, startOf((await remote.run(state)).stdout)),
      );
      return judge(readSigns(`${stdout}\n${stderr}`), readOnly, before?.get('probe') === 'passed', actions);
    },
  };
}

/** An old login's words may still stand in the log of a container that was started again. */
function startOf(inspected: string): string {
  const { state } = jsonLines(inspected)[0] ?? {};
  return String((state as { StartedAt?: unknown } | undefined)?.StartedAt ?? '');
}

function judge(
  { means, line, readOnly }: Reading,
  wantsReadOnly: boolean,
  works: boolean,
  actions: Actions,
): Outcome {
  const summary = clean(line) || 'nothing of a login in the log';
  // A gateway that answers the API is logged in, whatever was said on the way there.
  if (means !== undefined && means !== 'in' && !works) {
    return { kind: 'beneath', summary, finding: finding(means, nextStep(means, line, actions)) };
  }
  if (readOnly === true && !wantsReadOnly) {
    const found = finding('read-only', actions.verb('restart-gateway'));
    return { kind: 'beneath', summary: 'the API was set to Read-Only', finding: found };
  }
  return { kind: 'passed', summary };
}

/** What only waiting ends is watched; what a person must mend is named. */
function nextStep(means: FindingCode, line: string, { verb }: Actions): string {
  const watch = verb('logs', 'gateway', '--follow');
  switch (means) {
    case 'credentials-missing':
      return verb('set-secret', /\/run\/secrets\/(\w+)/.exec(line)?.[1] ?? 'TWS_PASSWORD');
    case 'credentials-refused':
      return verb('set-secret', 'TWS_PASSWORD');
    case 'account-locked':
    case 'login-budget-spent':
      return verb('reset-login');
    case '2fa-missed':
    case 'username-unrecognized':
    case 'login-dialog-missing':
      return verb('restart-gateway', '--cold');
    case 'second-session':
      return verb('restart-gateway');
    case 'login-running':
    case '2fa-pending':
    case 'login-backoff':
    case 'cold-restart':
      return watch;
    default:
      return verb('logs', 'gateway');
  }
}
