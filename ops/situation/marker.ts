import { systemClock } from '../clock.ts';
import { personHere } from '../runbook/holder.ts';
import type { VerbContext } from '../verb.ts';

/** One line that says who keeps something from starting, since when and why; `more` is put behind that. */
export function markerOf(
  { clock = systemClock }: Pick<VerbContext, 'clock'>,
  more: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({ by: personHere(), since: clock.now().toISOString(), ...more });
}
