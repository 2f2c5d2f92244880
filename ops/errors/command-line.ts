import { type Catalogue, entry } from './entry.ts';

/** Errors of the command line: what was asked for, the files it names, the questions it asks. */
export const COMMAND_LINE_ERRORS = {
  'verb-missing': () => entry(2, 'no verb was given', 'npx gatehouse --help lists the verbs'),
  'verb-unknown': (verb: string, near: string | undefined) =>
    entry(2, `${verb} is no verb`, near ? `npx gatehouse ${near}` : 'npx gatehouse --help lists the verbs'),
  'verb-not-for-dev': (verb: string, own: string, name: string) =>
    entry(
      2,
      `${verb} is no verb: dev is what npm start runs, one process without Docker`,
      `it has ${own}; a stack on this machine's Docker is one of its own: npx gatehouse init --stack local --host local, then --local-${name}`,
    ),
  'verbs-several': (first: string, second: string) =>
    entry(
      2,
      `${first} and ${second} are two verbs, and a line runs one`,
      `npx gatehouse ${first} ..., and then npx gatehouse ${second} ...`,
    ),
  'option-unknown': (option: string, verb: string, near: string | undefined, takes: string) =>
    entry(
      2,
      `${verb} takes no ${option}`,
      `${near === undefined ? '' : `${near}? `}${takes === '' ? 'it takes no options' : `it takes ${takes}`}`,
    ),
  'option-bare': (option: string, verb: string) =>
    entry(2, `${option} of ${verb} takes no value`, `give ${option} alone`),
  'operand-missing': (verb: string, name: string, what: string) =>
    entry(2, `${verb} wants ${name}${what === '' ? '' : `: ${what}`}`, `npx gatehouse ${verb} ${name}`),
  'options-apart': (one: string, other: string, verb: string, why: string) =>
    entry(2, `${one} and ${other} of ${verb} do not go together: ${why}`, `leave out one of the two`),
  'option-alone': (option: string, needed: string, verb: string, why: string) =>
    entry(
      2,
      `${option} of ${verb} says nothing without ${needed}: ${why}`,
      `add ${needed}, or leave ${option} out`,
    ),
  'usage-wrong': (problem: string, verb: string) => entry(2, problem, `npx gatehouse ${verb} --help`),
  'option-unused': (option: string, verb: string, why: string) =>
    entry(2, `${option} says nothing to ${verb} here: ${why}`, `leave ${option} out`),
  'option-invalid': (option: string, rule: string, received: string) =>
    entry(2, `${option} ${rule}; got ${JSON.stringify(received)}`, `give ${option} a value of that form`),
  'file-unreadable': (path: string, why: string) =>
    entry(2, `${path} cannot be read: ${why}`, 'name a file that exists and that you may read'),
  'folder-unusable': (path: string, why: string) =>
    entry(
      2,
      `${path} cannot be written to: ${why}`,
      'see that the folder is there and yours (chown), and that its disk has room (df)',
    ),
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
