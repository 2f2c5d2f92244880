import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds; ends a hang, so far more than is ever needed. Default 60 s. */
  limit?: number;
  /** Milliseconds between two looks. Default 50. */
  every?: number;
  /** Says why waiting on is pointless (the daemon exited, say); undefined while it is not. */
  givenUp?: () => string | undefined;
}

/**
 * Looks again and again until `condition` holds.
 * @throws Error that names what was awaited, when `givenUp` says so or the limit has passed.
 */
export async function until(
  awaited: string,
  condition: () => Promise<boolean> | boolean,
  { limit = 60_000, every = 50, givenUp = () => undefined }: UntilOptions = {},
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    const reason = givenUp() ?? (Date.now() > end ? `not so after ${limit / 1000} s` : undefined);
    if (reason !== undefined) throw new Error(`waited until ${awaited}: ${reason}`);
    await pause(every);
  }
}
