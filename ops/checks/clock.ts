import { hostTime, syncClock } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** Seconds the two clocks may differ: more than any answer takes, less than a certificate or a 2FA forgives. */
const MOST_SECONDS = 20;

/** The host's clock goes as this machine's does. */
export function clockCheck(remote: Remote, now: () => Date): Check {
  return {
    name: 'clock',
    title: 'clock',
    plan: () => [remote.line(hostTime())],
    run: async () => {
      const before = now().getTime() / 1000;
      const there = Number((await remote.run(hostTime())).stdout.trim());
      return judge(there - before, now().getTime() / 1000 - before, remote);
    },
  };
}

/** The host looked at its clock some time between question and answer, and tells whole seconds. */
function judge(ahead: number, took: number, remote: Remote): Outcome {
  const off = ahead < 0 ? Math.min(0, ahead + 1) : Math.max(0, ahead - took);
  const seconds = Math.round(Math.abs(off));
  const summary = seconds === 0 ? 'as here' : `${seconds} s ${off < 0 ? 'behind' : 'ahead of'} this machine`;
  if (Math.abs(off) <= MOST_SECONDS) return { kind: 'passed', summary };
  return { kind: 'beneath', summary, finding: finding('clock-off', remote.line(syncClock())) };
}
