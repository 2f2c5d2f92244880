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

export function verdictWords(seen: Seen): string {
  if (seen === undefined) return 'none';
  return seen.healthy ? 'healthy' : `${seen.stage}: ${seen.cause}`;
}
