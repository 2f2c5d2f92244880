import { expect, test } from 'vitest';
import { longOf } from '../../ops/arguments.ts';
import { clashOf, togetherRules } from '../../ops/together.ts';
import { VERBS } from '../../ops/verbs/table.ts';

const clash = (flag: string, ...given: string[]) => {
  const verb = VERBS.find(({ name, on }) => on === 'deployed' && flag.endsWith(name));
  return verb && clashOf({ flag, verb }, given);
};

test.each([
  [
    '--prod-backup',
    ['--schedule', '--out'],
    'options-apart',
    '--schedule and --out of --prod-backup do not go together',
  ],
  [
    '--prod-all',
    ['--plan', '--dry-run'],
    'options-apart',
    '--plan and --dry-run of --prod-all do not go together',
  ],
  ['--prod-all', ['--force', '--without-gateway'], 'options-apart', '--force and --without-gateway'],
  [
    '--prod-rotate-api-key',
    ['--untested'],
    'option-alone',
    '--untested of --prod-rotate-api-key says nothing without --finish',
  ],
  [
    '--prod-rotate-api-key',
    ['--url'],
    'option-alone',
    '--url of --prod-rotate-api-key says nothing without --finish',
  ],
  ['--prod-status', ['--sudo'], 'option-alone', '--sudo of --prod-status says nothing without --ssh'],
])('%s %j is refused by name', (flag, given, code, message) => {
  expect(clash(flag, ...given)).toMatchObject({ code, message: expect.stringContaining(message), exit: 2 });
});

test.each([
  ['--prod-backup', ['--out', '--to']],
  ['--prod-rotate-api-key', ['--untested', '--finish', '--url']],
  ['--prod-status', ['--url', '--ssh', '--sudo']],
  ['--prod-all', ['--plan', '--yes', '--force', '--with-gateway', '--json']],
])('%s %j goes together', (flag, given) => {
  expect(clash(flag, ...given)).toBeUndefined();
});

test('every rule is about options that one verb takes', () => {
  const taken = VERBS.map(({ options }) => options.map(longOf));
  for (const { rule } of togetherRules()) {
    const [option = '', other = ''] = [...rule.matchAll(/`(--[\w-]+)`/g)].map(([, name]) => name);
    expect(
      taken.some((takes) => takes.includes(option) && takes.includes(other)),
      rule,
    ).toBe(true);
  }
});
