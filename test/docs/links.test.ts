import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(`${root}/docs`).map((f) => `docs/${f}`),
];

function links(page: string): string[] {
  const text = readFileSync(`${root}/${page}`, 'utf8');
  return [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((m) => m[1] as string);
}

describe('links between pages lead somewhere', () => {
  it.each(pages.filter((p) => p.endsWith('.md')))('%s', (page) => {
    const dead = links(page).filter((link) => !existsSync(resolve(root, dirname(page), link)));
    expect(dead).toEqual([]);
  });
});

describe('the commands the pages name', () => {
  it.each(pages.filter((p) => p.endsWith('.md')))('%s: each npm script exists', (page) => {
    const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync(`${root}/${page}`, 'utf8').matchAll(/npm run ([a-z]+(?::[a-z]+)*)/g)].map(
      (m) => m[1] as string,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
