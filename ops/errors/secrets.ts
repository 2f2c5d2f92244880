import { type Catalogue, entry } from './entry.ts';

/** Errors of setting secrets and of rotating API keys. */
export const SECRETS_ERRORS = {
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
    entry(
      1,
      `there is no secret ${id} in project ${project}, or no right to it`,
      'make it first: npx pulumi up --stack <stack>',
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
} as const satisfies Catalogue;
