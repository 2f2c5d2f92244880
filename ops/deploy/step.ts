import { systemClock } from '../clock.ts';
import type { VerbContext } from '../verb.ts';

/** Does one step of a run and tells it with its time, as the steps of a runbook are told. */
export async function step<T>(
  title: string,
  work: () => Promise<T>,
  { out, clock = systemClock }: Pick<VerbContext, 'out' | 'clock'>,
  came: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  out.progress(`- ${title}`);
  const start = clock.now().getTime();
  const result = await work();
  const words = came(result);
  const seconds = Math.round((clock.now().getTime() - start) / 100) / 10;
  out.progress(`  ${seconds} s${words === undefined ? '' : `: ${words}`}`);
  return result;
}
