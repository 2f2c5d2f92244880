import type { ServicePlan } from '../../compose/plan.ts';
import type { Release } from '../../compose/release.ts';
import { auditLine, makeCurrent } from '../commands/host-release.ts';
import { OpsError, opsError } from '../errors.ts';
import type { Target } from '../target.ts';
import { makeImages } from './images.ts';
import type { Intent } from './intent.ts';
import type { Holder } from './lock.ts';
import type { Site } from './site.ts';
import { goBack, swap } from './swap.ts';
import { syncRelease } from './sync.ts';
import { look, lookAgainst, type Seen, verdictWords, worse } from './verdict.ts';

/** One change of a stack, with all it needs. */
export interface Change {
  readonly site: Site;
  readonly target: Target;
  readonly release: Release;
  readonly intent: Intent;
  readonly holder: Holder;
  /** Writes the release folder here and returns where. */
  readonly written: () => Promise<string>;
  /** Throws when the run is to end; called only between steps that leave the host consistent. */
  readonly goOn: () => void;
  readonly say: (step: string) => void;
}

/**
 * Sends the release, makes its images, and swaps what changed; judges by the probe, and goes back to what ran before
 * when a service does not come up or the verdict is worse. Returns the verdict after. Throws apply-failed.
 */
export async function apply(change: Change): Promise<Seen> {
  const { site, target, release, intent, say } = change;
  await prepare(change);
  const before = intent.running.length === 0 ? undefined : await look(site.host, target);
  say(`verdict before: ${verdictWords(before)}`);
  const failed = await swapAll(change);
  if (failed) return back(change, before, failed);
  const after = await lookAgainst(before, site.host, target);
  say(`verdict after: ${verdictWords(after)}`);
  const why = complaint(intent, before, after);
  if (why !== undefined) return back(change, before, { touched: intent.now, why });
  await site.host.run(makeCurrent(site.folder, release.id));
  await audit(change, { before, after }, 'applied');
  return after;
}

/** All that takes long and stops nothing. */
async function prepare({ site, release, intent, written, goOn, say }: Change): Promise<void> {
  say(`sending ${release.id}`);
  await syncRelease(site, release.id, written, intent.before);
  goOn();
  say('making images');
  const wanted = intent.now.filter(({ change }) => change !== 'removed');
  await makeImages(
    site,
    release,
    wanted.map(({ name }) => name),
  );
  goOn();
}

/** A gateway that starts anew logs in for minutes, or waits for a person: its verdict is told, not judged. */
function complaint({ now }: Intent, before: Seen, after: Seen): string | undefined {
  if (now.some(({ name }) => name === 'gateway') || !worse(before, after)) return undefined;
  return `the probe came to ${verdictWords(after)}, and before to ${verdictWords(before)}`;
}

interface Failure {
  readonly touched: readonly ServicePlan[];
  readonly why: string;
}

async function swapAll({ site, release, intent, say }: Change): Promise<Failure | undefined> {
  for (const [index, service] of intent.now.entries()) {
    say(`${service.name}: ${service.change === 'removed' ? 'stopping' : 'starting'}`);
    const was = intent.running.find((one) => one.service === service.name);
    try {
      await swap(site, release.id, service, was);
    } catch (error) {
      if (!(error instanceof OpsError)) throw error;
      return { touched: intent.now.slice(0, index + 1), why: error.message };
    }
  }
  return undefined;
}

async function back(change: Change, before: Seen, { touched, why }: Failure): Promise<never> {
  const { site, target, release, intent, say } = change;
  const { where } = site.host;
  const first = intent.running.length === 0;
  if (first) {
    await audit(change, { before, after: undefined }, 'failed');
    throw opsError('apply-failed', release.id, where, 'nothing ran before it to go back to', why);
  }
  say(`going back to ${intent.before ?? 'what ran before'}`);
  try {
    await goBack(site, target.project, touched, intent.running);
  } catch (error) {
    // A connection that is gone takes the audit line with it; what went wrong before that is what is told.
    await audit(change, { before, after: undefined }, 'failed').catch(() => {});
    const how = `going back failed, too: ${error instanceof Error ? error.message : error}`;
    throw opsError('apply-failed', release.id, where, how, why);
  }
  await audit(change, { before, after: await look(site.host, target) }, 'went-back');
  const gateway = touched.some(({ name }) => name === 'gateway');
  const but = gateway ? ', but for the gateway, which never goes back by itself' : '';
  throw opsError('apply-failed', release.id, where, `what ran before it serves again${but}`, why);
}

async function audit(
  { site, release, intent, holder }: Change,
  verdict: { readonly before: Seen; readonly after: Seen },
  outcome: 'applied' | 'went-back' | 'failed',
): Promise<void> {
  const line = {
    at: holder.since,
    who: holder.owner,
    what: holder.verb,
    services: intent.now.map(({ name, change }) => `${name} ${change}`),
    before: intent.before ?? null,
    after: release.id,
    verdict: { before: verdictWords(verdict.before), after: verdictWords(verdict.after) },
    outcome,
  };
  await site.host.run(auditLine(site.folder, JSON.stringify(line)));
}
