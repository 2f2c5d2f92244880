import { systemClock } from '../clock.ts';
import type { Site } from '../deploy/site.ts';
import type { Seen } from '../deploy/verdict.ts';
import { opsError } from '../errors.ts';
import type { Result } from '../remote.ts';
import type { VerbContext } from '../verb.ts';
import type { Interruption } from './interruption.ts';
import type { Tools, Waiting } from './runbook.ts';

/** Milliseconds between one look and the next: each starts a program in a container of a small machine. */
const PACE_MS = 3000;

const MINUTE_MS = 60_000;

/** What a step works with on a real host. */
export function toolsFor(
  site: Site,
  before: Seen,
  lock: string,
  { clock = systemClock, out }: VerbContext,
  { signal, goOn }: Interruption,
): Tools {
  const { where } = site.host;

  async function until({ what, command, wanted, limitSeconds, words }: Waiting): Promise<Result> {
    const start = clock.now().getTime();
    for (;;) {
      const result = await site.host.run(command);
      if (wanted(result)) return result;
      if (clock.now().getTime() - start >= limitSeconds * 1000) {
        throw opsError('wait-over', what, where, limitSeconds, words?.(result) ?? '');
      }
      goOn(where, '');
      await clock.sleep(PACE_MS, signal);
    }
  }

  async function rest(seconds: number, why: string): Promise<void> {
    const end = clock.now().getTime() + seconds * 1000;
    for (let left = seconds * 1000; left > 0; left = end - clock.now().getTime()) {
      out.progress(`  ${why}: ${Math.ceil(left / MINUTE_MS)} min left`);
      await clock.sleep(Math.min(left, MINUTE_MS), signal);
      goOn(where, '');
    }
  }

  return { site, before, lock, until, rest };
}
