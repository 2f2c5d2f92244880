import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Release, writeRelease } from '../../compose/release.ts';
import { opsError } from '../errors.ts';
import { holderOf } from '../runbook/holder.ts';
import { type Interruption, interruption } from '../runbook/interruption.ts';
import type { Run } from './deploy.ts';
import { intentFor } from './intent.ts';
import { type Holder, locked, takingOf } from './lock.ts';
import type { Outcome } from './outcome.ts';
import type { Site } from './site.ts';
import { step } from './step.ts';
import { syncRelease } from './sync.ts';
import { applyWatched, concluded } from './watched.ts';

/** Seconds the lock is taken for: a release sent over a slow line. From the apply on it is the host's own. */
export const SYNC_LOCK_SECONDS = 900;

/** Sends the release, has the host apply it, and looks from outside. Returns the exit status. Throws apply-failed. */
export async function perform(run: Run): Promise<number> {
  const { order, place, context } = run;
  const stop = interruption(context);
  const holder = holderOf(order.name, SYNC_LOCK_SECONDS, context);
  try {
    const work = () => sendAndApply(run, holder, stop);
    const outcome = await locked(place.site, holder, work, takingOf(context));
    return await concluded(place, outcome, context);
  } finally {
    stop.ignore();
  }
}

async function sendAndApply(run: Run, holder: Holder, stop: Interruption): Promise<Outcome> {
  const { order, place, release, wish, intent, context } = run;
  await unchanged(run);
  const sending = () => send(place.site, release, intent.before);
  const goOn = () => stop.goOn(place.site.host.where, 'no service was touched');
  await step(`sending ${release.id}`, sending, context, sentWords).catch((error: unknown) => {
    // A terminal's Ctrl-C ends rsync, too: then that is what happened.
    goOn();
    throw error;
  });
  goOn();
  return applyWatched(place, release.id, { only: order.only, gateway: wish.when }, holder, stop, context);
}

/** Writes a release into a folder of its own and sends it, but for what release `like` has. Returns the bytes sent. */
export async function send(site: Site, release: Release, like: string | undefined): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  try {
    return await syncRelease(site, release.id, () => writeRelease(release, folder), like);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function sentWords(bytes: number): string {
  return bytes === 0 ? 'it is there already: nothing sent' : `${bytes.toLocaleString('en')} bytes sent`;
}

/** Between the plan and the lock somebody else may have deployed: what was said would not be what is done. */
async function unchanged({ place: { site, target }, release, wish, intent }: Run): Promise<void> {
  const now = await intentFor(site, target, release, wish);
  if (!isDeepStrictEqual(now, intent)) throw opsError('plan-changed', site.host.where);
}
