import { type ApplyOrder, hostApply } from '../commands/host-apply.ts';
import { LOCK_HELD } from '../commands/host-lock.ts';
import { lastLines, OpsError, opsError } from '../errors.ts';
import { lockHeld } from './lock.ts';
import { type Outcome, outcomeIn, served } from './outcome.ts';
import type { Site } from './site.ts';

/**
 * Has the host put a release into force that lies there, and tells its steps as they come. Returns what came of it,
 * good or bad. Throws lock-held; apply-unseen when the connection ends first: the host sees it through all the same.
 */
export async function applyRelease(
  { host, folder }: Site,
  id: string,
  order: ApplyOrder,
  say: (step: string) => void,
): Promise<Outcome> {
  const apply = hostApply(folder, id, order);
  const { exit, stdout, stderr } = await host.run(apply, say).catch((error: unknown) => {
    const cut = error instanceof OpsError && error.code.startsWith('ssh-');
    throw cut ? opsError('apply-unseen', id, host.where, error.message) : error;
  });
  if (exit === LOCK_HELD) throw lockHeld(stdout, host.where);
  const outcome = outcomeIn(stdout);
  if (outcome) return outcome;
  throw opsError('command-failed', host.line(apply), host.where, 'gave no outcome', lastLines(stderr));
}

/** The error of an apply that did not bring what was asked for; undefined where it did. */
export function applyError(outcome: Outcome, where: string): OpsError | undefined {
  if (served(outcome)) return undefined;
  const { release, why, verdict, before } = outcome;
  const still =
    outcome.outcome === 'went-back' ? `what ran before serves again (${verdict.after})` : 'it ended there';
  const { message, hint } = why ?? {
    message: 'it did not say why',
    hint: `read the audit of ${before ?? release}`,
  };
  return opsError('apply-failed', release, where, still, message, hint);
}
