import type { Command } from '../commands/command.ts';
import { composeLogRange } from '../commands/compose.ts';
import { hostLogs } from '../commands/host-site.ts';
import { opsError } from '../errors.ts';
import { NOT_FOUND } from '../judged.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** Lines of each service when nobody says from when on. */
const LINES = 100;

/** What the host itself logs: its boot, its agent, its timers. */
const HOST = 'host';

/** Prints the logs of a stack, of one service, or of the host's own units. */
export async function logs(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    const command = commandOf(place, context);
    if (context.options.dryRun) context.out.line(place.site.host.line(command));
    else return watched(place, command, context);
    return 0;
  });
}

function commandOf({ target }: Place, { args, options }: VerbContext): Command {
  const [service] = args;
  const known = [...target.services, HOST];
  if (service !== undefined && !(known as string[]).includes(service))
    throw opsError('service-unknown', service, known.join(', '));
  const since = options.since === undefined ? undefined : String(options.since);
  const range = { since, lines: since === undefined ? LINES : undefined, follow: options.follow === true };
  return service === HOST ? hostLogs(range) : composeLogRange(target.project, { ...range, service });
}

/** Ctrl-C is how a person ends it, and no failure. */
async function watched(
  { site: { host } }: Place,
  command: Command,
  { onStop }: VerbContext,
): Promise<number> {
  const abort = new AbortController();
  const ignore = onStop(() => abort.abort());
  try {
    const exit = await host.attach(command, abort.signal);
    if (abort.signal.aborted || exit === 0) return 0;
    if (exit === NOT_FOUND) throw opsError('program-missing', command.program, host.where);
    throw opsError('command-failed', host.line(command), host.where, `ended with status ${exit}`, '');
  } finally {
    ignore();
  }
}
