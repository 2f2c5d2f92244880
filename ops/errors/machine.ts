import { type Catalogue, entry, hintFor, withLines } from './entry.ts';

/** Errors of commands on this machine or on a host, and of the way there by ssh. */
export const MACHINE_ERRORS = {
  'program-missing': (program: string, where: string) =>
    entry(1, `there is no ${program} on ${where}`, `install ${program} there, or put it on the PATH`),
  'command-failed': (line: string, where: string, how: string, lastLines: string) =>
    entry(
      1,
      withLines(`${line} ${how} on ${where}`, lastLines),
      hintFor(lastLines, 'run that line by hand to see all it says'),
    ),
  'ssh-unreachable': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`${host} cannot be reached by ssh`, lastLines),
      hintFor(lastLines, `see whether it runs, then: ssh ${host}`),
    ),
  'ssh-key-unknown': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`the host key of ${host} is not known here`, lastLines),
      `ssh ${host} once by hand, and compare the fingerprint before you say yes`,
    ),
  'ssh-key-changed': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`${host} shows another host key than before`, lastLines),
      'find out why first: after a rebuild of the host remove the old key with ssh-keygen -R, else do not connect',
    ),
  'ssh-denied': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`${host} does not let this user in`, lastLines),
      `check user and key: ssh -v ${host}; behind IAP also the roles osAdminLogin and iap.tunnelResourceAccessor`,
    ),
} as const satisfies Catalogue;
