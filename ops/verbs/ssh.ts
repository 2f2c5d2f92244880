import { atPlace } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** A person's own session on the host of a stack: its shell, or one command. Returns the status that ends with. */
export async function ssh(context: VerbContext): Promise<number> {
  const { args, options, out } = context;
  const line = args.length === 0 ? undefined : args.join(' ');
  return atPlace(context, async ({ site: { host } }) => {
    if (!options.dryRun) return host.session(line);
    out.line(host.sessionLine(line));
    return 0;
  });
}
