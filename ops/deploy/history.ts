import { z } from 'zod';
import { auditTail, currentRelease, releasesThere } from '../commands/host-release.ts';
import type { Site } from './site.ts';

/** The audit line of an apply; lines of other verbs change no release and have no seconds. */
const APPLIED = z.object({
  at: z.string(),
  who: z.string(),
  what: z.string(),
  services: z.array(z.string()),
  before: z.string().nullable(),
  after: z.string(),
  gateway: z.string(),
  verdict: z.object({ before: z.string(), after: z.string() }),
  outcome: z.enum(['applied', 'went-back', 'failed']),
  seconds: z.number(),
  why: z.string().optional(),
});

export type Applied = z.output<typeof APPLIED>;

/** A release of a stack, and the last time it was to be put into force. */
export interface PastRelease {
  readonly id: string;
  readonly current: boolean;
  /** Whether its folder is still on the host, so that one can go back to it. */
  readonly here: boolean;
  /** Undefined for one that was sent and never applied. */
  readonly last: Applied | undefined;
}

export interface History {
  /** The latest first; those that were only sent come last. */
  readonly releases: readonly PastRelease[];
  readonly current: string | undefined;
  /** All applies, the oldest first. */
  readonly applied: readonly Applied[];
}

/** Reads which releases a stack had, and what became of each. Throws what the remote threw. */
export async function readHistory(site: Site): Promise<History> {
  const { host, folder } = site;
  const audit = await host.run(auditTail(folder));
  const there = await host.run(releasesThere(folder));
  const current = await currentId(site);
  const here = new Set(there.stdout.split('\n').filter(Boolean));
  const applied = audit.stdout.split('\n').flatMap(lineOf);
  const last = new Map(applied.map((line) => [line.after, line]));
  const tried = applied.map(({ after }) => after).toReversed();
  const ids = [...new Set([...tried, ...here])];
  const releases = ids.map((id) => ({ id, current: id === current, here: here.has(id), last: last.get(id) }));
  return { releases, current, applied };
}

/** The release that served before the current one: what a rollback without a name goes back to. */
export function releaseBefore({ applied, current }: History): string | undefined {
  const line = applied.findLast(
    ({ outcome, before, after }) => outcome === 'applied' && after === current && before !== after,
  );
  return line?.before ?? undefined;
}

/** Id of the release that was applied last; undefined before the first. */
export async function currentId({ host, folder }: Site): Promise<string | undefined> {
  const { stdout } = await host.run(currentRelease(folder));
  return stdout.trim().split('/').at(-1) || undefined;
}

/** Lines of other verbs, and those of versions to come, are passed over. */
function lineOf(text: string): Applied[] {
  try {
    return [APPLIED.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
