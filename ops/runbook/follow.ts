import { systemClock } from '../clock.ts';
import { locked, takingOf } from '../deploy/lock.ts';
import { look, type Seen, verdictWords } from '../deploy/verdict.ts';
import { OpsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { VerbContext } from '../verb.ts';
import { agreed } from './agreed.ts';
import { holderOf } from './holder.ts';
import { interruption } from './interruption.ts';
import type { Place } from './place.ts';
import { rehearsalOf } from './rehearsal.ts';
import type { Runbook, Tools } from './runbook.ts';
import { type Stepped, stepped } from './stepped.ts';
import { toolsFor } from './tools.ts';
import { writeDown } from './written.ts';

/**
 * Says what a runbook does and costs, asks, and follows it under the lock of the site, with an audit line at the end.
 * `--plan` ends after the first, `--dry-run` prints the commands. Returns the exit status. Throws what a step threw,
 * yes-missing, not-confirmed, interrupted, or as locked does.
 */
export async function follow(runbook: Runbook, place: Place, context: VerbContext): Promise<number> {
  const { options, out } = context;
  if (options.plan) return plan(runbook, context);
  if (options.dryRun) return rehearse(runbook, place, context);
  if (runbook.deferred && !options.force) throw runbook.deferred;
  for (const line of wordsOf(runbook)) out.progress(line);
  await agreed(runbook, context);
  return perform(runbook, place, context);
}

/** What a runbook does and costs, a line each. */
function wordsOf({ says, costs, deferred }: Runbook): string[] {
  const later = deferred ? [`${deferred.message}: ${deferred.hint}`] : [];
  return [...says, ...costs.map((cost) => `costs: ${cost}`), ...later];
}

function plan(runbook: Runbook, { out, options, stack }: VerbContext): number {
  const { says, costs, deferred } = runbook;
  if (options.json) out.line(JSON.stringify({ stack, says, costs, deferred: deferred?.message ?? null }));
  else for (const line of wordsOf(runbook)) out.line(line);
  return 0;
}

/** The same run with every command printed in place of being run. */
async function rehearse(runbook: Runbook, { site, target }: Place, context: VerbContext): Promise<number> {
  const { out } = context;
  const there = { ...site, host: rehearsalOf(site, out, { answer: runbook.rehearsed }) };
  const holder = holderOf(runbook.name, runbook.seconds, context);
  const tools: Tools = {
    site: there,
    before: undefined,
    lock: JSON.stringify(holder),
    until: async ({ what, command, limitSeconds }) => {
      out.line(`# until ${what}, for ${limitSeconds} s at most:`);
      return there.host.run(command);
    },
    rest: async (seconds, why) => out.line(`# ${seconds} s: ${why}`),
  };
  const work = async () => {
    await look(there.host, target);
    for (const { run } of runbook.steps) await run(tools);
    await look(there.host, target);
    if (!runbook.auditedByApply)
      await writeDown(there, runbook, holder, { outcome: 'done', before: undefined, after: undefined });
  };
  await locked(there, holder, work, takingOf(context));
  return 0;
}

async function perform(
  runbook: Runbook,
  { site: given, target }: Place,
  context: VerbContext,
): Promise<number> {
  const site = { ...given, host: seenThrough(given.host) };
  const stop = interruption(context);
  const holder = holderOf(runbook.name, runbook.seconds, context);
  const start = (context.clock ?? systemClock).now().getTime();
  try {
    const work = async () => {
      const before = await look(site.host, target);
      const tools = toolsFor(site, before, JSON.stringify(holder), context, stop);
      const steps = await stepped(runbook, tools, context, stop).catch(async (error: unknown) => {
        const outcome = error instanceof OpsError && error.code === 'interrupted' ? 'interrupted' : 'failed';
        // What went wrong says more than that it could not be written down, mostly for the same reason.
        await writeDown(site, runbook, holder, { outcome, before, after: undefined }).catch(() => {});
        throw error;
      });
      const after = await look(site.host, target);
      if (!runbook.auditedByApply) await writeDown(site, runbook, holder, { outcome: 'done', before, after });
      return tell(runbook, { before, after, steps, start }, context);
    };
    return await locked(site, holder, work, takingOf(context));
  } finally {
    stop.ignore();
  }
}

/** A command that is listened to is not ended by a Ctrl-C: what it began is seen through. */
function seenThrough(host: Remote): Remote {
  return { ...host, run: (command) => host.run(command, () => {}) };
}

interface Course {
  readonly before: Seen;
  readonly after: Seen;
  readonly steps: readonly Stepped[];
  /** Milliseconds since 1970. */
  readonly start: number;
}

function tell(
  { done }: Runbook,
  course: Course,
  { out, options, stack, clock = systemClock }: VerbContext,
): number {
  const { before, after, steps, start } = course;
  const seconds = Math.round((clock.now().getTime() - start) / 1000);
  const verdict = { before: verdictWords(before), after: verdictWords(after) };
  if (options.json) out.line(JSON.stringify({ stack, outcome: 'done', done, verdict, steps, seconds }));
  else out.line(after === undefined ? done : `${done}; verdict: ${verdict.after}`);
  return 0;
}
