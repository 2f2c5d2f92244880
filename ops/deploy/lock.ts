import { hostname } from 'node:os';
import { z } from 'zod';
import { quote } from '../commands/command.ts';
import { LOCK_HELD, lockGive, lockOwner, lockTake, processThere } from '../commands/host-lock.ts';
import { opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { VerbContext } from '../verb.ts';
import type { Site } from './site.ts';

/** Who holds a lock, what for, since when and until when (ISO 8601): after that anybody may take it. */
export interface Holder {
  readonly owner: string;
  readonly verb: string;
  readonly since: string;
  readonly expires: string;
  /** The process that took it over ssh: on its own machine one can see whether it is still there. */
  readonly client: { readonly host: string; readonly pid: number };
}

/** As it is read: an apply on the host names its own process, and a lock of another version still has an owner. */
const FOUND = z.object({
  owner: z.string().catch('unknown'),
  verb: z.string().catch('an unknown verb'),
  since: z.string().catch('an unknown time'),
  expires: z.iso.datetime().optional().catch(undefined),
  client: z.object({ host: z.string(), pid: z.int() }).optional().catch(undefined),
  pid: z.int().optional().catch(undefined),
  boot: z.string().optional().catch(undefined),
});

type Found = z.output<typeof FOUND>;

/** How a lock is taken: who is told why one was that nobody holds any more, and whose lock a person broke by name. */
export interface Taking {
  readonly say?: (line: string) => void;
  readonly breaks?: string;
}

/** As the command line says. */
export function takingOf({ out, options }: Pick<VerbContext, 'out' | 'options'>): Taking {
  const { breakLock: owner } = options;
  return { say: out.note, ...(owner !== undefined && { breaks: String(owner) }) };
}

/**
 * Does the work with the lock of a site, and gives it back however that ends. A lock that nobody holds any more is
 * taken, as is one of the owner named. Throws lock-held, lock-other, or as the work does.
 */
export async function locked<T>(
  site: Site,
  holder: Holder,
  work: () => Promise<T>,
  { say = () => {}, breaks }: Taking = {},
): Promise<T> {
  const { host, folder } = site;
  const owner = JSON.stringify(holder);
  if (breaks !== undefined) await breakLock(site, breaks);
  await take(site, owner, say);
  const result = await work().catch(async (error: unknown) => {
    // What went wrong says more than a lock that cannot be given back, mostly for the same reason.
    await host.run(lockGive(folder, owner)).catch(() => {});
    throw error;
  });
  await host.run(lockGive(folder, owner));
  return result;
}

async function take({ host, folder }: Site, owner: string, say: (line: string) => void): Promise<void> {
  const first = await host.run(lockTake(folder, owner));
  if (first.exit !== LOCK_HELD) return;
  const found = foundIn(first.stdout);
  const reason = await staleReason(found, host);
  if (reason === undefined) throw heldBy(found, host.where);
  say(`the lock of ${found.owner} (${found.verb}, since ${found.since}) is taken: ${reason}`);
  await host.run(lockGive(folder, first.stdout.trim()));
  const second = await host.run(lockTake(folder, owner));
  if (second.exit === LOCK_HELD) throw heldBy(foundIn(second.stdout), host.where);
}

/** Why nobody holds this lock any more; undefined where somebody may. */
async function staleReason({ expires, client, pid, boot }: Found, host: Remote): Promise<string | undefined> {
  if (expires !== undefined && Date.parse(expires) < Date.now()) return `it ended at ${expires}`;
  if (client !== undefined && client.host === hostname() && !runsHere(client.pid))
    return `its run on this machine (process ${client.pid}) is gone`;
  if (pid === undefined || boot === undefined) return undefined;
  const { exit } = await host.run(processThere(pid, boot));
  return exit === 1 ? `its process ${pid} on the host is gone` : undefined;
}

/** Signal 0 asks, and ends nothing; a process of another user may not be asked, and is there. */
function runsHere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock away from the owner named, if there is one. Throws lock-other when it is somebody else's. */
async function breakLock({ host, folder }: Site, owner: string): Promise<void> {
  const { stdout } = await host.run(lockOwner(folder));
  if (stdout.trim() === '') return;
  const holder = foundIn(stdout);
  if (holder.owner !== owner) throw opsError('lock-other', owner, holder.owner);
  await host.run(lockGive(folder, stdout.trim()));
}

/** The error for a lock that somebody holds, from what the lock says. */
export function lockHeld(text: string, where: string) {
  return heldBy(foundIn(text), where);
}

function heldBy({ owner, verb, since, expires = 'it ends' }: Found, where: string) {
  return opsError('lock-held', where, owner, verb, since, expires, quote(owner));
}

function foundIn(text: string): Found {
  try {
    return FOUND.parse(JSON.parse(text));
  } catch {
    return FOUND.parse({});
  }
}
