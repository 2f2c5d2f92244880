import { systemClock } from '../clock.ts';
import type { VerbContext } from '../verb.ts';
import type { Interruption } from './interruption.ts';
import type { Runbook, Tools } from './runbook.ts';

/** A step that was done. */
export interface Stepped {
  readonly title: string;
  readonly seconds: number;
  readonly came?: string;
}

const UNTOUCHED = 'nothing was done';

/** Does the steps one after the other, and tells each with its time. Throws what a step threw, or interrupted. */
export async function stepped(
  { steps }: Runbook,
  tools: Tools,
  { out, clock = systemClock }: VerbContext,
  stop: Interruption,
): Promise<Stepped[]> {
  const done: Stepped[] = [];
  let left = UNTOUCHED;
  for (const { title, run, left: after } of steps) {
    stop.goOn(tools.site.host.where, left);
    left = after ?? left;
    out.progress(`- ${title}`);
    const start = clock.now().getTime();
    const came = await run(tools).catch((error: unknown) => {
      // A wait that was ended knows nothing of what was done before it.
      stop.goOn(tools.site.host.where, left);
      throw error;
    });
    const seconds = Math.round((clock.now().getTime() - start) / 100) / 10;
    out.progress(`  ${seconds} s${came === undefined ? '' : `: ${came}`}`);
    done.push({ title, seconds, ...(came !== undefined && { came }) });
  }
  return done;
}
