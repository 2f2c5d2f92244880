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
  'not-answered': () => entry(1, 'the question was not answered: nothing was done', 'run it again'),
  'secret-unknown': (near: string | undefined, known: string) =>
    entry(
      2,
      `this stack has no secret of that name${near ? `; the nearest is ${near}` : ''}`,
      `it has ${known}; the value is not given here: it is piped in or typed`,
    ),
  'secret-on-line': () =>
    entry(
      2,
      'a secret stands on the command line, where the shell keeps it and every process sees it: it was not used',
      'remove it from the history and choose another value; give the name alone, and type the value or pipe it in',
    ),
  'secret-invalid': (name: string, rule: string) =>
    entry(2, `${name} ${rule}; the value is not shown`, 'nothing was changed: set it again'),
  'secret-differs': (name: string) =>
    entry(
      2,
      `what was typed for ${name} differs from what was typed first`,
      'nothing was changed: type it again',
    ),
  'secret-nowhere': (name: string) =>
    entry(2, `there is no terminal to type ${name} at`, 'pipe the value in: ... | npx gatehouse ...'),
  'secret-elsewhere': (stack: string, project: string) =>
    entry(
      2,
      `the secrets of ${stack} are in Secret Manager of project ${project}, not on a host`,
      'leave --ssh out; the machine fetches them from there',
    ),
  'secret-store-missing': (id: string, project: string) =>
    entry(1, `there is no secret ${id} in project ${project}, or no right to it`, 'make it first: pulumi up'),
  'teardown-unconfirmed': (stack: string) =>
    entry(
      2,
      'the name of the stack was not given: nothing was deleted',
      `type it when asked, or give --confirm ${stack}; --plan says what would go`,
    ),
  'init-invalid': (flag: string, complaint: string) =>
    entry(2, `${flag} ${complaint}`, `give ${flag} another value; nothing was written`),
  'init-missing': (flag: string, message: string) =>
    entry(
      2,
      `${flag} is needed: ${message}`,
      `give ${flag}, or run it on a terminal without --yes to be asked`,
    ),
  'init-unused': (flag: string, choices: string) =>
    entry(2, `${flag} says nothing with ${choices}`, `leave ${flag} out, or choose otherwise`),
  'stack-exists': (name: string) =>
    entry(
      2,
      `${name} is there already: nothing was asked or written`,
      '--force replaces it and keeps a copy; --stack NAME makes another stack',
    ),
  'key-unknown': (name: string | undefined, known: string) =>
    entry(
      2,
      name === undefined
        ? 'there are several API keys, and none was named'
        : `there is no API key named ${name}`,
      `name one of ${known}`,
    ),
  'rotation-none': (name: string) =>
    entry(2, `there is no old key ${name}.old to remove`, `begin first: the same without --finish`),
  'key-not-taken': (name: string) =>
    entry(
      1,
      `the bridge does not take the new key ${name} yet: the old one was not removed`,
      'a machine on Google Cloud sees a new key within minutes: try again, or read the log of the bridge',
    ),
  'key-untried': (name: string, why: string) =>
    entry(
      1,
      `the bridge could not be asked whether it takes the new key ${name}: ${why}; the old one was not removed`,
      'once you know that the new one works: the same with --untested',
    ),
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
  'apply-failed': (release: string, where: string, how: string, why: string, hint: string) =>
    entry(1, withLines(`${release} does not serve on ${where}; ${how}`, why), hint),
  'apply-unseen': (release: string, where: string, lines: string) =>
    entry(
      1,
      withLines(
        `the connection to ${where} ended while ${release} was applied; the host sees it through`,
        lines,
      ),
      'npx gatehouse --<stack>-releases tells how it ended',
    ),
  'release-unknown': (id: string, where: string, known: string) =>
    entry(2, `there is no release ${id} on ${where} to go back to`, `it has ${known}`),
  'release-none-before': (where: string) =>
    entry(
      2,
      `no release was applied on ${where} before the current one`,
      'npx gatehouse --<stack>-releases lists them',
    ),
  'gateway-image-none': (stack: string, dialect: string) =>
    entry(
      2,
      `the gateway of ${stack} has no image of its own (gateway.dialect: ${dialect})`,
      'nothing is to be upgraded',
    ),
  'version-invalid': (version: string) =>
    entry(
      2,
      `a version of a gateway image must be a tag that does not move; got "${version}"`,
      'such as 10.45.1j, or 10.45.1j@sha256:... with its digest',
    ),
  'image-differs': (reference: string, wanted: string, found: string) =>
    entry(
      1,
      `${reference} has the digest ${found}, not ${wanted}`,
      'find out which is right before it logs in to an account',
    ),
  'yes-missing': (cost: string) =>
    entry(
      2,
      `nobody is here to ask, and this costs something: ${cost}`,
      'give --yes if that is what you want; --plan says what it would do',
    ),
  'not-confirmed': () =>
    entry(1, 'not confirmed: nothing was done', 'give --plan to see what it would do, or --yes to do it'),
  interrupted: (where: string, left: string) =>
    entry(1, `ended by you on ${where}: ${left}`, 'the lock was given back; the same verb again is safe'),
  'wait-over': (what: string, where: string, seconds: number, last: string) =>
    entry(
      1,
      withLines(`${what}: not so within ${seconds} s on ${where}`, last),
      'what is wrong now: npx gatehouse --<stack>-diagnostics',
    ),
  'gateway-elsewhere': (stack: string) =>
    entry(
      2,
      `the gateway of ${stack} runs elsewhere (gateway.dialect: external)`,
      'do it where that gateway runs',
    ),
  'gateway-simulated': (stack: string) =>
    entry(
      2,
      `the gateway of ${stack} is the simulated one: it has no login, no settings and no screen`,
      'nothing is to be done',
    ),
  'gateway-deferred': (why: string, until: string) =>
    entry(1, `not now: ${why}`, `again after ${until}, or now with --force`),
  'ibc-refused': (word: string, where: string, said: string) =>
    entry(
      1,
      withLines(`IBC took no ${word} on ${where}`, said),
      'it takes none before the login is through; with --cold the gateway is restarted without IBC',
    ),
  'stack-stopped': (where: string, how: string, stack: string) =>
    entry(2, `${how} on ${where}`, `npx gatehouse --${stack}-start brings it back`),
  'not-deployed': (where: string, stack: string) =>
    entry(2, `no release of this stack is on ${where}`, `npx gatehouse --${stack}-all --with-gateway`),
  'container-none': (service: string, where: string, stack: string) =>
    entry(2, `there is no container of ${service} on ${where}`, `npx gatehouse --${stack}-start`),
  'service-unknown': (name: string, known: string) =>
    entry(2, `${name} is no service of this stack`, `name one of ${known}, or none for all`),
  'screen-off': (stack: string) =>
    entry(
      2,
      `the screen of the gateway of ${stack} is not published (gateway.vncPort)`,
      'set gateway.vncPort in the stack file, then deploy that: it restarts the gateway',
    ),
  'dev-not-ending': (pid: number, seconds: number) =>
    entry(1, `process ${pid} of npm start did not end within ${seconds} s`, `end it at once: kill -9 ${pid}`),
  'dev-not-running': () => entry(2, 'npm start does not run here', 'npm start'),
  'recipient-missing': () =>
    entry(
      2,
      'nobody was named who can read the backup',
      'age-keygen -o gatehouse-backup.key, keep that file away from the host, and give --to the public key it prints',
    ),
  'recipient-invalid': (why: string) =>
    entry(
      2,
      `--to must be one public key of age (age1...), ssh or OpenPGP, or a file with it: ${why}`,
      'age-keygen -y KEYFILE prints the public key of an age key',
    ),
  'file-taken': (path: string) => entry(2, `${path} is there already`, 'name another file with --out'),
  'backup-cut-off': (where: string) =>
    entry(1, `what came from ${where} is not a whole backup: nothing was written`, 'run it again'),
  'backup-damaged': (file: string, why: string) =>
    entry(1, `${file} is no backup that can be restored: ${why}; nothing was touched`, 'take another backup'),
  'backup-foreign': (file: string, project: string, here: string) =>
    entry(
      2,
      `${file} is of the project ${project}, and this stack is ${here}: nothing was touched`,
      'name the right file, or give the stack that name (gatehouse:name)',
    ),
  'schedule-impossible': () =>
    entry(
      2,
      'only a host on Google Cloud has a bucket to put backups into',
      'run --<stack>-backup from cron instead',
    ),
  'restore-incomplete': (where: string, found: string, wanted: number) =>
    entry(
      1,
      `${found} of ${wanted} files arrived on ${where}: what is in use was not touched`,
      'see whether the disk has room (df), and run it again',
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
