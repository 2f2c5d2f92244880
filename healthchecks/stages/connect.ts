import type { CauseCode } from '../causes.ts';
import type { StageMaker } from '../stage.ts';

/** What the operating system's errors say about a connection attempt. */
const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
};

/** A TCP connection. */
export const connect: StageMaker = () => ({
  name: 'connect',
  start: () => undefined,
  see: (seen) => (seen.kind === 'opened' ? 'done' : undefined),
  silence: () => ({ cause: 'connect-timeout' }),
  ended(error) {
    const code = error?.code ?? 'closed at once';
    const cause = CAUSE_OF[code] ?? 'connect-failed';
    return cause === 'connect-failed' ? { cause, detail: code } : { cause };
  },
});
