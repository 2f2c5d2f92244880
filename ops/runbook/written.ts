import { auditLine, currentRelease } from '../commands/host-release.ts';
import type { Holder } from '../deploy/lock.ts';
import type { Site } from '../deploy/site.ts';
import { type Seen, verdictWords } from '../deploy/verdict.ts';
import type { Runbook } from './runbook.ts';

/** How a run ended. */
export interface Ending {
  readonly outcome: 'done' | 'failed' | 'interrupted';
  readonly before: Seen;
  readonly after: Seen;
}

/** Writes the line of a run into the audit file of its site. */
export async function writeDown(
  site: Site,
  { services }: Runbook,
  holder: Holder,
  ending: Ending,
): Promise<void> {
  const { stdout } = await site.host.run(currentRelease(site.folder));
  const release = stdout.trim().split('/').at(-1) || null;
  const line = {
    at: holder.since,
    who: holder.owner,
    what: holder.verb,
    services,
    before: release,
    after: release,
    verdict: { before: verdictWords(ending.before), after: verdictWords(ending.after) },
    outcome: ending.outcome,
  };
  await site.host.run(auditLine(site.folder, JSON.stringify(line)));
}
