import { type Catalogue, entry } from './entry.ts';

/** Errors of the command line: what was asked for, the files it names, the questions it asks. */
export const COMMAND_LINE_ERRORS = {
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
  'file-taken': (path: string) => entry(2, `${path} is there already`, 'name another file with --out'),
  'service-unknown': (name: string, known: string) =>
    entry(2, `${name} is no service of this stack`, `name one of ${known}, or none for all`),
  'not-answered': () => entry(1, 'the question was not answered: nothing was done', 'run it again'),
  'yes-missing': (cost: string) =>
    entry(
      2,
      `nobody is here to ask, and this costs something: ${cost}`,
      'give --yes if that is what you want; --plan says what it would do',
    ),
  'not-confirmed': () =>
    entry(1, 'not confirmed: nothing was done', 'give --plan to see what it would do, or --yes to do it'),
  'internal-error': (message: string) =>
    entry(
      1,
      message,
      'this is a mistake of gatehouse: run it again with GATEHOUSE_DEBUG=1 and report the stack',
    ),
} as const satisfies Catalogue;
