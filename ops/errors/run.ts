import { type Catalogue, entry, withLines } from './entry.ts';

/** Errors of a verb on a stack as it is: its lock, its waits, the state it finds. */
export const RUN_ERRORS = {
  'lock-held': (
    where: string,
    owner: string,
    verb: string,
    since: string,
    until: string,
    quotedOwner: string,
  ) =>
    entry(
      1,
      `${owner} holds the lock on ${where}: ${verb}, since ${since}, until ${until}`,
      `wait for it to end; if you know that its run has died: <this line> --break-lock ${quotedOwner}`,
    ),
  'lock-other': (asked: string, owner: string) =>
    entry(
      2,
      `--break-lock names ${asked}, and the lock is of ${owner}`,
      'ask that person before you break it',
    ),
  interrupted: (where: string, left: string) =>
    entry(1, `ended by you on ${where}: ${left}`, 'the lock was given back; the same verb again is safe'),
  'wait-over': (what: string, where: string, seconds: number, last: string) =>
    entry(
      1,
      withLines(`${what}: not so within ${seconds} s on ${where}`, last),
      'what is wrong now: npx gatehouse --<stack>-diagnostics',
    ),
  'stack-stopped': (where: string, how: string, stack: string) =>
    entry(2, `${how} on ${where}`, `npx gatehouse --${stack}-start brings it back`),
  'not-deployed': (where: string, stack: string) =>
    entry(2, `no release of this stack is on ${where}`, `npx gatehouse --${stack}-all --with-gateway`),
  'container-none': (service: string, where: string, stack: string) =>
    entry(2, `there is no container of ${service} on ${where}`, `npx gatehouse --${stack}-start`),
} as const satisfies Catalogue;
