import type { Check } from '../checks/check.ts';
import { diagnose } from '../checks/diagnose.ts';
import { conclusion, row } from '../checks/report.ts';
import type { VerbContext } from '../verb.ts';

/** Plans, or runs and prints, the checks of a stack. Returns the exit status: 0 healthy, 1 not. */
export async function runDiagnosis(
  checks: readonly Check[],
  { stack, options, out }: VerbContext,
): Promise<0 | 1> {
  if (options.dryRun) {
    for (const line of checks.flatMap((check) => check.plan())) out.line(line);
    return 0;
  }
  const width = Math.max(...checks.map(({ title }) => title.length));
  const table = options.json ? undefined : out;
  const diagnosis = await diagnose(checks, {
    stack,
    now: () => new Date(),
    onReport: (report) => table?.line(row(report, width, out)),
  });
  if (options.json) out.line(JSON.stringify(diagnosis));
  for (const line of table ? conclusion(diagnosis, out) : []) out.line(line);
  return diagnosis.healthy ? 0 : 1;
}
