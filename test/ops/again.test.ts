import { describe, expect, test } from 'vitest';
import { naming, verbLine } from '../../ops/again.ts';
import { VERBS } from '../../ops/verbs/table.ts';

/** As commander hands them over; the folder has a default. */
const given = (more: object = {}) => ({
  stack: 'prod',
  options: { hostFolder: '/var/lib/gatehouse', ...more },
});

const gate = { ssh: { host: 'gate', user: 'ops', port: 2222 } };

describe('another verb names the machine that this line named', () => {
  test.each([
    ['start', given(), 'npx gatehouse --prod-start'],
    ['start', given(gate), 'npx gatehouse --prod-start --ssh ops@gate:2222'],
    ['start', given({ ssh: { host: 'gate' }, sudo: true }), 'npx gatehouse --prod-start --ssh gate --sudo'],
    [
      'start',
      given({ ...gate, hostFolder: "/srv/ann's" }),
      String.raw`npx gatehouse --prod-start --ssh ops@gate:2222 --host-folder '/srv/ann'\''s'`,
    ],
    ['budget', given({ hostFolder: '/srv/g' }), 'npx gatehouse --prod-budget'],
    ['ssh', given({ ...gate, sudo: true }), 'npx gatehouse --prod-ssh --ssh ops@gate:2222'],
  ])('%s', (name, typed, line) => {
    expect(verbLine(typed, name)).toBe(line);
  });

  test('before what the verb is told besides', () => {
    expect(verbLine(given(gate), 'all', '--plan')).toBe(
      'npx gatehouse --prod-all --ssh ops@gate:2222 --plan',
    );
  });

  test.each(VERBS.filter(({ on }) => on === 'deployed').map((verb) => [verb.name, verb] as const))(
    '%s is told nothing that it does not take',
    (name, { options }) => {
      const line = verbLine(given({ ...gate, sudo: true, hostFolder: '/srv/g' }), name);
      const takes = options.map(({ long }) => long);
      const told = [...line.matchAll(/ (--[\w-]+)/g)].map(([, option]) => option);
      expect(told.filter((option) => option !== `--prod-${name}` && !takes.includes(option))).toEqual([]);
    },
  );
});

describe('in a text', () => {
  const named = (text: string) => naming(text, given(gate));

  test('each verb of the stack', () => {
    expect(named('npx gatehouse --prod-start, or npx gatehouse --prod-all --with-gateway')).toBe(
      'npx gatehouse --prod-start --ssh ops@gate:2222, or npx gatehouse --prod-all --ssh ops@gate:2222 --with-gateway',
    );
  });

  test.each([
    'npx gatehouse --help lists the verbs',
    'npx gatehouse --home-start',
    'npx gatehouse --dev-start',
    'npx gatehouse --prod-start --ssh other',
    'npx gatehouse --prod-restart-gateway --ssh other --cold',
    '--prod-start brings it back',
  ])('but not in %s', (text) => {
    expect(named(text)).toBe(text);
  });
});
