import { z } from 'zod';
import { LOCK_HELD, lockGive, lockOwner, lockTake } from '../commands/host-lock.ts';
import { opsError } from '../errors.ts';
import type { Site } from './site.ts';

/** Who holds a lock, what for, and since when (ISO 8601). */
export interface Holder {
  readonly owner: string;
  readonly verb: string;
  readonly since: string;
}

const HOLDER = z.object({ owner: z.string(), verb: z.string(), since: z.string() });

/** Does the work with the lock of a site, and gives it back however that ends. Throws lock-held, or as the work does. */
export async function locked<T>(site: Site, holder: Holder, work: () => Promise<T>): Promise<T> {
  const { host, folder } = site;
  const owner = JSON.stringify(holder);
  const { exit, stdout } = await host.run(lockTake(folder, owner));
  if (exit === LOCK_HELD) throw heldBy(stdout, host.where);
  const result = await work().catch(async (error: unknown) => {
    // What went wrong says more than a lock that cannot be given back, mostly for the same reason.
    await host.run(lockGive(folder, owner)).catch(() => {});
    throw error;
  });
  await host.run(lockGive(folder, owner));
  return result;
}

/** Takes the lock away from the owner named, if there is one. Throws lock-other when it is somebody else's. */
export async function breakLock({ host, folder }: Site, owner: string): Promise<void> {
  const { stdout } = await host.run(lockOwner(folder));
  if (stdout.trim() === '') return;
  const holder = holderIn(stdout);
  if (holder.owner !== owner) throw opsError('lock-other', owner, holder.owner);
  await host.run(lockGive(folder, stdout.trim()));
}

function heldBy(text: string, where: string) {
  const { owner, verb, since } = holderIn(text);
  return opsError('lock-held', where, owner, verb, since);
}

/** A lock of a later version, or one made by hand, still has an owner to be named. */
function holderIn(text: string): Holder {
  const unknown = { owner: 'unknown', verb: 'an unknown verb', since: 'an unknown time' };
  try {
    return HOLDER.catch(unknown).parse(JSON.parse(text));
  } catch {
    return unknown;
  }
}
