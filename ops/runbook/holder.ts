import { hostname, userInfo } from 'node:os';
import { systemClock } from '../clock.ts';
import type { Holder } from '../deploy/lock.ts';
import type { VerbContext } from '../verb.ts';

/** The person at this machine, as locks, markers and the audit name them. */
export function personHere(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Who is about to take a lock for a verb, and for how long at most: after that anybody may take it. */
export function holderOf(
  verb: string,
  seconds: number,
  { stack, clock = systemClock }: Pick<VerbContext, 'stack' | 'clock'>,
): Holder {
  const now = clock.now();
  return {
    owner: personHere(),
    verb: `--${stack}-${verb}`,
    since: now.toISOString(),
    expires: new Date(now.getTime() + seconds * 1000).toISOString(),
    client: { host: hostname(), pid: process.pid },
  };
}
