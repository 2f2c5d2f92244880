import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMPOSE_ERRORS } from '../../compose/errors.ts';
import { CAUSES } from '../../healthchecks/causes.ts';
import { longOf } from '../../ops/arguments.ts';
import { FINDINGS } from '../../ops/checks/findings.ts';
import { OPS_ERRORS } from '../../ops/errors.ts';
import { VERBS } from '../../ops/verbs/table.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A fact that stands where the name of a stack or a verb is filled in. */
const FACT = 'FACT';
const facts = Array.from({ length: 6 }, () => FACT);

const CATALOGUE = OPS_ERRORS as unknown as Record<string, (...facts: string[]) => { hint: string }>;

const hints: readonly (readonly [string, string])[] = [
  ...Object.entries(CATALOGUE).map(([code, make]) => [code, make(...facts).hint] as const),
  ...Object.entries({ ...FINDINGS, ...CAUSES }).map(([code, { hint }]) => [code, hint] as const),
  ...Object.entries(COMPOSE_ERRORS as Record<string, string>),
  ['errors.sh', file('compose/host/lib/errors.sh')],
  ...['README.md', ...readdirSync(new URL('../../docs', import.meta.url)).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .map((name) => [name, file(name)] as const),
];

const names = { dev: verbsOn('dev'), deployed: verbsOn('deployed') };
function verbsOn(on: string): Set<string> {
  return new Set(VERBS.filter((verb) => verb.on === on).map(({ name }) => name));
}
const scripts = Object.keys(JSON.parse(file('package.json')).scripts);

/** --prod-all, --<stack>-all, --dev-start; --<stack>-verb of a usage line and --<stack>-* of all are no verbs. */
const VERB = /--(<stack>|prod|local|home|dev|FACT)-([a-z][a-z-]*[a-z])/g;

describe('every command a hint or a page names is there', () => {
  test.each(hints)('%s', (_, text) => {
    for (const [typed, stack, name = ''] of text.matchAll(VERB)) {
      if (name === 'verb' || name === 'verbs') continue;
      expect(names[stack === 'dev' ? 'dev' : 'deployed'].has(name), typed).toBe(true);
    }
    for (const [typed, name = ''] of text.matchAll(/npm run ([a-z]+(?::[a-z]+)?)/g))
      expect(scripts, typed).toContain(name);
  });
});

test('every option that a hint of the command line names is taken by a verb', () => {
  const taken = new Set(VERBS.flatMap(({ options }) => options.map(longOf)));
  // Of docker, npx and ssh.
  const others = ['--all', '--stack', '--help', '--local', '--host', '--force', '--key-file'];
  for (const [code, make] of Object.entries(CATALOGUE)) {
    for (const [option] of make(...facts)
      .hint.replaceAll(VERB, '')
      .matchAll(/--[a-z][a-z-]*[a-z]/g))
      expect(taken.has(option) || others.includes(option), `${code}: ${option}`).toBe(true);
  }
});
