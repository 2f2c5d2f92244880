import { buildRelease, type Release } from '../../compose/release.ts';
import { currentId } from '../deploy/history.ts';
import { locked, takingOf } from '../deploy/lock.ts';
import { SYNC_LOCK_SECONDS, send, sentWords } from '../deploy/perform.ts';
import { rehearsal } from '../deploy/rehearsal.ts';
import { step } from '../deploy/step.ts';
import { syncRelease } from '../deploy/sync.ts';
import { holderOf } from '../runbook/holder.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** Makes the release of the checkout and sends what of it is not on the host yet. Nothing is restarted. */
export function syncBridge(context: VerbContext): Promise<number> {
  const { out, options, stack } = context;
  return atPlace(context, async (place) => {
    const release = await buildRelease(place.target.config, { stack });
    if (options.dryRun) return rehearse(place, release, context);
    const { site } = place;
    const holder = holderOf('sync-bridge', SYNC_LOCK_SECONDS, context);
    const like = await currentId(site);
    const sending = () => step(`sending ${release.id}`, () => send(site, release, like), context);
    const sent = await locked(site, holder, sending, takingOf(context));
    if (options.json) out.line(JSON.stringify({ stack, release: release.id, sent }));
    else out.line(`${release.id} is on ${site.host.where}; ${sentWords(sent)}`);
    return 0;
  });
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
