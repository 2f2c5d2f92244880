import { STAGES_OF } from '../../healthchecks/verdict.ts';
import { type Prober, remoteProber } from '../checks/probe.ts';
import { OpsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import { probeCommand, type Target } from '../target.ts';

/** Of a probe run inside the stack; undefined where it could not be run, as before the first release. */
export type Seen = Awaited<ReturnType<Prober['run']>> | undefined;

/** Probes the gateway from the bridge's container. */
export async function look(host: Remote, target: Target): Promise<Seen> {
  if (!target.services.includes('bridge')) return undefined;
  try {
    return await remoteProber(host, probeCommand(target)).run();
  } catch (error) {
    if (error instanceof OpsError) return undefined;
    throw error;
  }
}

/** Looks once more where it got worse: the gateway may still hold the connection of the look before. */
export async function lookAgainst(before: Seen, host: Remote, target: Target): Promise<Seen> {
  const after = await look(host, target);
  return worse(before, after) ? look(host, target) : after;
}

/** Whether a probe came less far than the one before. A gateway that waits for its login may do so after, too. */
export function worse(before: Seen, after: Seen): boolean {
  return rank(after) < rank(before);
}

export function verdictWords(seen: Seen): string {
  if (seen === undefined) return 'none';
  return seen.healthy ? 'healthy' : `${seen.stage}: ${seen.cause}`;
}

function rank(seen: Seen): number {
  if (seen === undefined) return -1;
  return seen.healthy ? STAGES_OF.all.length : STAGES_OF.all.indexOf(seen.stage);
}
