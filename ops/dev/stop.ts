import type { Surroundings } from '../verb.ts';

/** Milliseconds within which signals count as one: npm forwards a Ctrl-C that its child has already got itself. */
const SAME_STOP_MS = 1000;

/** The wish to stop, and the wish to stop at once. */
export interface Stop {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  /** Aborted with the first. */
  readonly signal: AbortSignal;
  /** Listens no longer. */
  ignore(): void;
}

/** Listens for the signals that end a process. */
export function listenForStop(onStop: Surroundings['onStop'], now = () => performance.now()): Stop {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const abort = new AbortController();
  let at: number | undefined;
  const ignore = onStop(() => {
    if (at === undefined) {
      at = now();
      first.resolve();
      abort.abort();
    } else if (now() - at >= SAME_STOP_MS) second.resolve();
  });
  return { first: first.promise, second: second.promise, signal: abort.signal, ignore };
}
