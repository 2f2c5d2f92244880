/** What every error of this room has: a code, a sentence that names thing, rule and value, and what to do. */
interface Entry {
  readonly message: string;
  readonly hint: string;
  /** Exit status: 1 something is broken, 2 the command line or its surroundings are not as they must be. */
  readonly exit: 1 | 2;
}

const entry = (exit: 1 | 2, message: string, hint: string): Entry => ({ exit, message, hint });

/** Every error an operator can meet in this room. */
export const OPS_ERRORS = {
  'verb-missing': () => entry(2, 'no verb was given', 'npx gatehouse --help lists the verbs'),
  'verb-unknown': (verb: string, near: string | undefined) =>
    entry(2, `${verb} is no verb`, near ? `npx gatehouse ${near}` : 'npx gatehouse --help lists the verbs'),
  'usage-wrong': (problem: string, verb: string) => entry(2, problem, `npx gatehouse ${verb} --help`),
  'option-invalid': (option: string, rule: string, received: string) =>
    entry(2, `${option} ${rule}; got ${JSON.stringify(received)}`, `give ${option} a value of that form`),
  'file-unreadable': (path: string, why: string) =>
    entry(2, `${path} cannot be read: ${why}`, 'name a file that exists and that you may read'),
  'folder-unusable': (path: string, why: string) =>
    entry(2, `${path} cannot be written to: ${why}`, 'make the folder yours (chown), or free some space'),
  'port-taken': (what: string, where: string, hint: string) =>
    entry(2, `the port for ${what}, ${where}, is taken`, hint),
  'dev-running': (url: string, pid: number) =>
    entry(2, `it runs already: ${url}, process ${pid}`, `use that one, or end it first: kill ${pid}`),
  'dev-starting': () =>
    entry(2, 'another npm start is just starting here', 'wait a moment: its terminal says where it listens'),
  'program-missing': (program: string, where: string) =>
    entry(1, `there is no ${program} on ${where}`, `install ${program} there, or put it on the PATH`),
  'command-failed': (line: string, where: string, how: string, lastLines: string) =>
    entry(1, withLines(`${line} ${how} on ${where}`, lastLines), 'run that line by hand to see all it says'),
  'ssh-unreachable': (host: string, lastLines: string) =>
    entry(
      1,
      withLines(`${host} cannot be reached by ssh`, lastLines),
      `see whether it runs, then: ssh ${host}`,
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
  'lock-held': (where: string, owner: string, verb: string, since: string) =>
    entry(
      1,
      `${owner} holds the lock on ${where}: ${verb}, since ${since}`,
      `wait for it to end; if you know that it has died: the same verb with --break-lock ${owner}`,
    ),
  'lock-other': (asked: string, owner: string) =>
    entry(
      2,
      `--break-lock names ${asked}, and the lock is of ${owner}`,
      'ask that person before you break it',
    ),
  'consent-missing': (cost: string) =>
    entry(
      2,
      `the gateway would be touched, and nobody is here to ask: ${cost}`,
      'give --yes if that is what you want, or leave --with-gateway out',
    ),
  'consent-refused': () =>
    entry(1, 'not confirmed: nothing was done', 'leave --with-gateway out for the rest'),
  'plan-changed': (where: string) =>
    entry(1, `${where} was changed while this run was getting ready: nothing was done`, 'run it again'),
  stopped: (where: string) =>
    entry(1, `stopped before the services of ${where} were touched`, 'run it again to go on'),
  'release-damaged': (folder: string, found: string, where: string) =>
    entry(
      1,
      `${folder} on ${where} holds ${found || 'nothing readable'}`,
      'move that folder aside on the host, see who changed it, and run it again',
    ),
  'apply-failed': (release: string, where: string, how: string, why: string) =>
    entry(
      1,
      withLines(`${release} does not serve on ${where}; ${how}`, why),
      'read the log of the service named',
    ),
  'internal-error': (message: string) =>
    entry(
      1,
      message,
      'this is a mistake of gatehouse: run it again with GATEHOUSE_DEBUG=1 and report the stack',
    ),
} as const satisfies Record<string, (...facts: never[]) => Entry>;

export type OpsErrorCode = keyof typeof OPS_ERRORS;

/** The one error of this room. */
export class OpsError extends Error {
  readonly code: OpsErrorCode;
  readonly hint: string;
  readonly exit: 1 | 2;

  constructor(code: OpsErrorCode, { message, hint, exit }: Entry, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'OpsError';
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}

/** The error of this code, with the facts its entry in the catalogue asks for. */
export function opsError<C extends OpsErrorCode>(
  code: C,
  ...facts: Parameters<(typeof OPS_ERRORS)[C]>
): OpsError {
  const make = OPS_ERRORS[code] as (...facts: unknown[]) => Entry;
  return new OpsError(code, make(...facts));
}

/** The end of what a program printed: where it says why it failed. */
export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

function withLines(sentence: string, lines: string): string {
  return lines === '' ? sentence : `${sentence}:\n${lines.replaceAll(/^/gm, '  | ')}`;
}
