import { memoryPressure } from '../commands/look.ts';
import { biggestProcesses } from '../commands/system.ts';
import type { Remote } from '../remote.ts';
import type { Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** Percent of the last minute in which every process waited for memory, from which a machine counts as thrashing. */
const THRASHING_PERCENT = 20;

/** The machine does not spend its time waiting for memory (pressure stall information of the kernel). */
export function pressureCheck(remote: Remote): Check {
  return {
    name: 'pressure',
    title: 'pressure',
    plan: () => [remote.line(memoryPressure())],
    run: async () => judge((await remote.run(memoryPressure())).stdout, remote),
  };
}

/** `full` is the share in which nothing at all went on; a shared core always shows some of the other. */
function judge(text: string, remote: Remote): Outcome {
  const full = /^full .*\bavg60=([\d.]+)/m.exec(text)?.[1];
  if (full === undefined) return { kind: 'skipped', summary: 'this kernel does not account for it' };
  const summary = `${full}% of the last minute spent waiting for memory`;
  if (Number(full) < THRASHING_PERCENT) return { kind: 'passed', summary };
  return { kind: 'beneath', summary, finding: finding('memory-pressure', remote.line(biggestProcesses())) };
}
