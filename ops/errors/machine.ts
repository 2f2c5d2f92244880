import { BY_HAND, type Catalogue, entry, hintFor, withLines } from './entry.ts';

/** Programs whose package has another name than they have. */
const HOW_TO_GET: Readonly<Record<string, string>> = {
  docker: 'install it there; on Debian: apt-get install docker.io docker-cli docker-compose',
  gcloud: 'install the Google Cloud CLI (https://cloud.google.com/sdk), then: gcloud auth login',
  pulumi: 'npm ci brings it: start this by npx gatehouse, or put node_modules/.bin on the PATH',
  ssh: 'install it there; on Debian: apt-get install openssh-client',
};

/** Errors of commands on this machine or on a host, and of the way there by ssh. */
export const MACHINE_ERRORS = {
  'program-missing': (program: string, where: string) =>
    entry(
      1,
      `there is no ${program} on ${where}`,
      HOW_TO_GET[program] ?? `install ${program} there, or put it on the PATH`,
    ),
  'command-failed': (line: string, where: string, how: string, lastLines: string) =>
    entry(1, withLines(`${line} ${how} on ${where}`, lastLines), hintFor(lastLines, BY_HAND)),
  'ssh-unreachable': (host: string, lastLines: string, hint: string) =>
    entry(1, withLines(`${host} cannot be reached by ssh`, lastLines), hintFor(lastLines, hint)),
  'ssh-key-unknown': (host: string, lastLines: string, hint: string) =>
    entry(1, withLines(`the host key of ${host} is not known here`, lastLines), hint),
  'ssh-key-changed': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`${host} shows another host key than before`, lastLines),
      'find out why first: after a rebuild of the host remove the old key with ssh-keygen -R, else do not connect',
    ),
  'ssh-denied': (host: string, lastLines: string, hint: string) =>
    entry(1, withLines(`${host} does not let this user in`, lastLines), hint),
} as const satisfies Catalogue;
