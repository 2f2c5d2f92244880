import { opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import { type Interruption, interruption } from '../runbook/interruption.ts';
import type { VerbContext } from '../verb.ts';
import { type Teardown, teardownWords } from './teardown.ts';

/** Runs the work on its machine, which in a dry run only prints, under a lock where there is one to take. */
export type Under = (work: (where: Remote) => Promise<void>) => Promise<void>;

/**
 * Says what goes and what stays, wants the name of the stack, and deletes. What fails between two steps is gone on with
 * by the same verb. Throws teardown-unconfirmed, or what a command threw.
 */
export async function perform(plan: Teardown, context: VerbContext, under: Under): Promise<number> {
  const { options, out, stack } = context;
  if (options.dryRun) {
    await under((where) => stepped(plan, where, context));
    return 0;
  }
  if (!options.json) for (const line of teardownWords(plan)) out.line(line);
  else if (options.plan) out.line(toldAsJson(plan, stack, false));
  if (options.plan) return 0;
  await confirmed(context);
  const stop = interruption(context);
  await under((where) => stepped(plan, where, context, stop)).finally(stop.ignore);
  out.line(options.json ? toldAsJson(plan, stack, true) : `${stack} is torn down`);
  return 0;
}

/** A command that a terminal's Ctrl-C has ended is told as that; the same verb goes on with the rest. */
async function stepped(
  { steps }: Teardown,
  where: Remote,
  { out, options, stack }: VerbContext,
  stop?: Interruption,
): Promise<void> {
  const goOn = () => stop?.goOn(where.where, `${stack} is torn down in part`);
  for (const { title, command } of steps) {
    goOn();
    if (!options.dryRun) out.progress(title);
    await where.run(command).catch((error: unknown) => {
      goOn();
      throw error;
    });
  }
}

/** One object in all, as --json says: of a plan, or of what was done. */
function toldAsJson({ deletes, keeps }: Teardown, stack: string, done: boolean): string {
  return JSON.stringify({ stack, deletes, keeps, done });
}

/** A yes is typed too easily. */
async function confirmed({ options, ask, stack }: VerbContext): Promise<void> {
  const given = options.confirm ?? (await ask?.('The name of the stack, to delete it: '));
  if (given === undefined || String(given).trim() !== stack) throw opsError('teardown-unconfirmed', stack);
}
