import { oomKills } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** The kernel killed nothing for its memory within the last hour. */
export function oomCheck(remote: Remote, actions: Actions): Check {
  return {
    name: 'oom',
    title: 'OOM kills',
    plan: () => [remote.line(oomKills())],
    run: async () => judge((await remote.run(oomKills())).stdout, actions),
  };
}

function judge(text: string, actions: Actions): Outcome {
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1] ?? '0';
  const killed = text.split('\n').filter((line) => line.startsWith('Killed process'));
  const summary = `${killed.length} in the last hour, ${count} since the machine started`;
  if (killed.length === 0) return { kind: 'passed', summary };
  return {
    kind: 'beneath',
    summary,
    evidence: killed,
    finding: finding('oom-killed', actions.verb('budget')),
  };
}
