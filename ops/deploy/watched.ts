import { systemClock } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import type { ApplyOrder } from '../commands/host-apply.ts';
import { applyStop } from '../commands/host-lock.ts';
import type { Interruption } from '../runbook/interruption.ts';
import type { Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';
import { applyError, applyRelease } from './apply.ts';
import type { Holder } from './lock.ts';
import { type Outcome, outcomeWords } from './outcome.ts';
import { lookFromOutside } from './outside.ts';
import type { Site } from './site.ts';
import { step } from './step.ts';

/** Milliseconds until the host is asked to end once more. */
const ASK_AGAIN_MS = 500;

/** Has the host apply a release under the lock of this run, and tells its steps. Throws as applyRelease does. */
export function applyWatched(
  { site }: Place,
  id: string,
  order: Pick<ApplyOrder, 'only' | 'gateway'>,
  holder: Holder,
  stop: Interruption,
  context: VerbContext,
): Promise<Outcome> {
  const over = new AbortController();
  const stopping = applyStop(site.folder, holder.owner, id);
  const ask = () => void askToEnd(site, stopping, over.signal, context);
  if (stop.signal.aborted) ask();
  else stop.signal.addEventListener('abort', ask, { once: true });
  const told = { ...order, by: holder.owner, verb: holder.verb, underLock: JSON.stringify(holder) };
  const say = (line: string) => context.out.progress(`  ${line}`);
  const apply = () => applyRelease(site, id, told, say).finally(() => over.abort());
  return step(`applying ${id} on ${site.host.where}`, apply, context);
}

/**
 * A swap that has begun is seen through; before it the host's apply ends by itself. It can be asked once it has named
 * its process in the lock, some time after it was started: a Ctrl-C until then is not lost.
 */
async function askToEnd(
  { host }: Site,
  stopping: Command,
  over: AbortSignal,
  { clock = systemClock }: Pick<VerbContext, 'clock'>,
): Promise<void> {
  while (!over.aborted) {
    const { exit } = await host.run(stopping).catch(() => ({ exit: 1 }));
    if (exit === 0) return;
    await clock.sleep(ASK_AGAIN_MS, over);
  }
}

/** Looks from outside, and tells what came of an apply. Returns the exit status. Throws apply-failed. */
export async function concluded(
  { site: { host }, target }: Place,
  outcome: Outcome,
  context: VerbContext,
): Promise<number> {
  const { out, options, stack } = context;
  const error = applyError(outcome, host.where);
  const look = () => lookFromOutside(target, host, context);
  const outside = error || outcome.stopped ? undefined : await step('looking from outside', look, context);
  if (options.json) out.line(JSON.stringify({ stack, ...outcome, ...(outside && { outside }) }));
  else if (error) throw error;
  else for (const line of outcomeWords(outcome, host.where, stack)) out.line(line);
  if (outside && !options.json) out.line(outside.words);
  return error || outside?.reached === false ? 1 : 0;
}
