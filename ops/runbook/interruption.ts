import { opsError } from '../errors.ts';
import type { Surroundings } from '../verb.ts';

/** The wish of the person at the terminal to end a run. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Throws interrupted if the run is to end: called where it may. */
  goOn(where: string, left: string): void;
  /** Listens no longer. */
  ignore(): void;
}

/** Listens for Ctrl-C and its like: a step that is under way is seen through. */
export function interruption({ onStop, out }: Pick<Surroundings, 'onStop' | 'out'>): Interruption {
  const abort = new AbortController();
  const ignore = onStop(() => {
    if (!abort.signal.aborted) out.progress('ending after this step');
    abort.abort();
  });
  const goOn = (where: string, left: string) => {
    if (abort.signal.aborted) throw opsError('interrupted', where, left);
  };
  return { signal: abort.signal, goOn, ignore };
}
