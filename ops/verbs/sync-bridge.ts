import { buildRelease, type Release } from '../../compose/release.ts';
import { folderThere } from '../commands/host-release.ts';
import { currentId } from '../deploy/history.ts';
import { locked, takingOf } from '../deploy/lock.ts';
import { SYNC_LOCK_SECONDS, send, sentWords } from '../deploy/perform.ts';
import { rehearsal } from '../deploy/rehearsal.ts';
import { releaseFolder } from '../deploy/site.ts';
import { step } from '../deploy/step.ts';
import { syncRelease } from '../deploy/sync.ts';
import { holderOf } from '../runbook/holder.ts';
import { interruption } from '../runbook/interruption.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** Makes the release of the checkout and sends what of it is not on the host yet. Nothing is restarted. */
export function syncBridge(context: VerbContext): Promise<number> {
  const { out, options, stack } = context;
  return atPlace(context, async (place) => {
    const release = await buildRelease(place.target.config, { stack });
    if (options.plan) return plan(place, release, context);
    if (options.dryRun) return rehearse(place, release, context);
    const { site } = place;
    const sent = await sentUnderLock(place, release, context);
    if (options.json) out.line(JSON.stringify({ stack, release: release.id, sent }));
    else out.line(`${release.id} is on ${site.host.where}; ${sentWords(sent)}`);
    return 0;
  });
}

/** How a run leaves the host that is ended while it sends. */
const LEFT = 'nothing was restarted; what was sent is gone on with the next time';

async function sentUnderLock({ site }: Place, release: Release, context: VerbContext): Promise<number> {
  const stop = interruption(context);
  const holder = holderOf('sync-bridge', SYNC_LOCK_SECONDS, context);
  const like = await currentId(site);
  const sending = () =>
    step(`sending ${release.id}`, () => send(site, release, like), context).catch((error: unknown) => {
      // A terminal's Ctrl-C ends rsync, too: then that is what happened.
      stop.goOn(site.host.where, LEFT);
      throw error;
    });
  return locked(site, holder, sending, takingOf(context)).finally(stop.ignore);
}

async function plan({ site }: Place, { id }: Release, { out, options, stack }: VerbContext): Promise<number> {
  const there = (await site.host.run(folderThere(releaseFolder(site, id)))).exit === 0;
  const says = there ? `${id} is on ${site.host.where} already` : `send ${id} to ${site.host.where}`;
  const costs = ['nothing: no service is restarted'];
  if (options.json) out.line(JSON.stringify({ stack, release: id, says: [says], costs }));
  else for (const line of [says, ...costs.map((cost) => `costs: ${cost}`)]) out.line(line);
  return 0;
}

async function rehearse(place: Place, release: Release, context: VerbContext): Promise<number> {
  const { out, stack } = context;
  const site = { ...place.site, host: rehearsal(place.site, place.target, release.id, out) };
  const written = async () => {
    out.line(`npm run release -- --stack ${stack} --out out`);
    return `out/${release.id}`;
  };
  const like = await currentId(site);
  const holder = holderOf('sync-bridge', SYNC_LOCK_SECONDS, context);
  await locked(site, holder, () => syncRelease(site, release.id, written, like), takingOf(context));
  return 0;
}
