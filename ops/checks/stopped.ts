import { fileIfThere } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';
import { objectIn } from './json-lines.ts';

/** Nobody stopped the stack or lent its IBKR session: the markers `stopped` and `lent` of its folder on the host. */
export function stoppedCheck(remote: Remote, site: string, actions: Actions): Check {
  const [stopped, lent] = [fileIfThere(`${site}/stopped`), fileIfThere(`${site}/lent`)];
  return {
    name: 'stopped',
    title: 'stopped by hand',
    plan: () => [remote.line(lent), remote.line(stopped)],
    run: async () => {
      const [byLending, byStopping] = [await remote.run(lent), await remote.run(stopped)];
      if (byLending.exit === 0) return judgeLent(objectIn(byLending.stdout), actions);
      if (byStopping.exit === 0) return judgeStopped(objectIn(byStopping.stdout), actions);
      return { kind: 'passed', summary: 'by nobody' };
    },
  };
}

type Marker = Readonly<Record<string, unknown>> | undefined;

function judgeLent(marker: Marker, actions: Actions): Outcome {
  const until = marker?.until ?? 'somebody takes it back';
  const summary = `lent ${byWhom(marker)} until ${until}`;
  return { kind: 'failed', summary, finding: finding('gateway-lent', actions.verb('start')) };
}

function judgeStopped(marker: Marker, actions: Actions): Outcome {
  const summary = `stopped ${byWhom(marker)}`;
  if (marker?.what === 'reset-login')
    return { kind: 'failed', summary, finding: finding('login-resetting', actions.verb('diagnostics')) };
  return { kind: 'failed', summary, finding: finding('stack-stopped', actions.verb('start')) };
}

/** A marker made by hand may be empty: it counts all the same. */
function byWhom(marker: Marker): string {
  return `by ${marker?.by ?? 'somebody'} since ${marker?.since ?? 'an unknown time'}`;
}
