import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../compose/config.ts';
import { readArguments } from '../../ops/arguments.ts';
import { stackVerbs } from '../../ops/stacks.ts';
import { VERBS } from '../../ops/verbs/table.ts';
import { collector } from '../ops/helpers.ts';

const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const deploy = page('docs/deploy.md');

describe('every command line of gatehouse in the pages is one', () => {
  const verbs = stackVerbs(['dev', 'prod', 'home', 'local'], VERBS);
  const named = ['README.md', 'docs/deploy.md', 'CONTRIBUTING.md'].flatMap((name) =>
    [...page(name).matchAll(/npx gatehouse ([^`#\n]*)/g)].map((match) => match[1]?.trim() ?? ''),
  );

  test('they are found', () => {
    expect(named.length).toBeGreaterThan(15);
  });

  test.each([...new Set(named)])('%s', (line) => {
    const request = readArguments(line.split(/\s+/), verbs, collector());
    expect(['verb', 'help']).toContain(request.kind);
  });
});

describe('what docs/deploy.md says is refused', () => {
  const prod = {
    host: { kind: 'gcp', project: 'my-project' },
    gateway: { dialect: 'gnzsnz' },
    caddy: { tls: 'internal' },
  };
  const said = (section: keyof typeof prod, change: object): string => {
    try {
      readConfig({ ...prod, [section]: { ...prod[section], ...change } });
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
    }
    return expect.unreachable('that was taken');
  };

  test.each([
    ['no project', 'host', { project: undefined }],
    ['a region that is not free', 'host', { zone: 'europe-west1-b' }],
    ['an unknown machine', 'host', { machineType: 'e2-small2' }],
    ['no domain', 'caddy', { tls: 'domain' }],
    ['disks beyond 30 GB', 'host', { dataDiskGb: 40 }],
    ['an unknown key', 'gateway', { tradngMode: 'live' }],
    ['a password', 'gateway', { password: 'hunter2' }],
  ] as const)('%s', (_what, section, change) => {
    expect(deploy).toContain(`| \`${said(section, change)}\` |`);
  });
});
