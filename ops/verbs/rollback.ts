import { type ApplyOrder, hostApply } from '../commands/host-apply.ts';
import { applyError } from '../deploy/apply.ts';
import { type History, readHistory, releaseBefore } from '../deploy/history.ts';
import { locked, takingOf } from '../deploy/lock.ts';
import { type Outcome, outcomeIn } from '../deploy/outcome.ts';
import { applyWatched, concluded } from '../deploy/watched.ts';
import { lastLines, opsError } from '../errors.ts';
import { agreed } from '../runbook/agreed.ts';
import { holderOf, personHere } from '../runbook/holder.ts';
import { interruption } from '../runbook/interruption.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import { rehearsalOf } from '../runbook/rehearsal.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds the lock is taken for until the host's apply takes it over. */
const LOCK_SECONDS = 120;

/** Goes back to an earlier release that is still on the host: the one before the current, or the one named. */
export function rollback(context: VerbContext): Promise<number> {
  const { out, options, stack } = context;
  return atPlace(context, async (place) => {
    const id = chosen(await readHistory(place.site), context.args[0], place);
    const told = orderOf(context);
    const planned = await planThere(place, id, told);
    if (options.json && options.plan) out.line(JSON.stringify({ stack, ...planned.outcome }));
    if (!options.json) for (const line of [`release ${id}`, ...planned.words]) out.line(line);
    if (options.plan) return 0;
    if (options.dryRun) return rehearse(place, id, told, context);
    await agreed(stakesOf(planned), context);
    return perform(place, id, told, context);
  });
}

/** Throws release-none-before or release-unknown. */
function chosen(history: History, named: string | undefined, { site: { host } }: Place): string {
  const id = named ?? releaseBefore(history);
  if (id === undefined) throw opsError('release-none-before', host.where);
  const here = history.releases.filter((release) => release.here).map((release) => release.id);
  if (!here.includes(id)) throw opsError('release-unknown', id, host.where, here.join(', ') || 'none');
  return id;
}

function orderOf({ stack, options }: VerbContext): ApplyOrder {
  const gateway = options.withGateway ? 'now' : options.withoutGateway ? 'leave' : undefined;
  return { by: personHere(), verb: `--${stack}-rollback`, only: [], ...(gateway && { gateway }) };
}

interface Planned {
  readonly outcome: Outcome;
  readonly words: readonly string[];
}

/** The release lies there, so its own apply tells what it would do. */
async function planThere({ site: { host, folder } }: Place, id: string, told: ApplyOrder): Promise<Planned> {
  const command = hostApply(folder, id, { ...told, rehearse: 'plan' });
  const { stdout, stderr } = await host.run(command);
  const outcome = outcomeIn(stdout);
  const error = outcome && applyError(outcome, host.where);
  if (error) throw error;
  const words = stderr
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^\s*\d+ s {2}/, ''));
  if (outcome) return { outcome, words };
  throw opsError('command-failed', host.line(command), host.where, 'gave no plan', lastLines(stderr));
}

function stakesOf({ outcome, words }: Planned): { serious: boolean; costs: readonly string[] } {
  const changes = outcome.services.some(({ name, change }) => name === 'gateway' && change !== 'untouched');
  return { serious: changes && outcome.gateway !== 'waiting', costs: words.map((line) => line.trim()) };
}

async function rehearse(
  { site }: Place,
  id: string,
  told: ApplyOrder,
  context: VerbContext,
): Promise<number> {
  const { out } = context;
  const { host, folder } = site;
  const holder = holderOf('rollback', LOCK_SECONDS, context);
  const work = async () => {
    out.line(host.line(hostApply(folder, id, { ...told, underLock: JSON.stringify(holder) })));
    const { stderr } = await host.run(hostApply(folder, id, { ...told, rehearse: 'dry-run' }));
    for (const line of stderr.trim().split('\n')) out.line(`#   there: ${line}`);
  };
  await locked({ folder, host: rehearsalOf(site, out) }, holder, work, takingOf(context));
  return 0;
}

async function perform(place: Place, id: string, told: ApplyOrder, context: VerbContext): Promise<number> {
  const { site } = place;
  const stop = interruption(context);
  const holder = holderOf('rollback', LOCK_SECONDS, context);
  try {
    const work = () => applyWatched(place, id, told, holder, stop, context);
    const outcome = await locked(site, holder, work, takingOf(context));
    return await concluded(place, outcome, context);
  } finally {
    stop.ignore();
  }
}
