import { startupMarker, unitLog } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';
import { jsonLines } from './json-lines.ts';

/** The last step the startup script notes when all of it went well. */
const LAST_STEP = 'done';

/** The unit of Google's guest agent that runs an instance's startup script. */
const STARTUP_UNIT = 'google-startup-scripts.service';

/** One line of the marker. */
interface Step {
  readonly step?: unknown;
  readonly at?: unknown;
  readonly ok?: unknown;
  readonly detail?: unknown;
}

/** The machine's startup script came to its end. */
export function startupCheck(remote: Remote, actions: Actions): Check {
  return {
    name: 'startup',
    title: 'startup',
    plan: () => [remote.line(startupMarker())],
    run: async () => judge(jsonLines((await remote.run(startupMarker())).stdout), remote, actions),
  };
}

function judge(steps: readonly Step[], remote: Remote, actions: Actions): Outcome {
  const last = lastOfScript(steps);
  if (last === undefined) {
    const found = finding('startup-unfinished', remote.line(unitLog(STARTUP_UNIT, 50)));
    return { kind: 'beneath', summary: 'no step of it has been noted', finding: found };
  }
  const summary = `${last.step}, ${last.at}`;
  const evidence = last.detail ? [String(last.detail)] : [];
  if (last.ok === false) {
    const found = finding('startup-failed', remote.line(unitLog(STARTUP_UNIT, 50)));
    return { kind: 'failed', summary, evidence, finding: found };
  }
  if (last.step === LAST_STEP) return { kind: 'passed', summary };
  // The stack may be up already: what comes after it is told by the checks behind this one.
  const found = finding('startup-unfinished', actions.verb('diagnostics'));
  return { kind: 'beneath', summary, evidence, finding: found };
}

/** The unit that fetches the secrets notes its own step when it has them, which may be long after the script's end. */
function lastOfScript(steps: readonly Step[]): Step | undefined {
  const last = steps.at(-1);
  const secretsCame = last?.step === 'secrets' && last.ok === true;
  return secretsCame ? (steps.findLast(({ step }) => step !== 'secrets') ?? last) : last;
}
