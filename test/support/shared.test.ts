import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const TESTS = join(import.meta.dirname, '..');

/** Test files that share a worker share what they import, which is loaded once: a hook in it serves the first alone. */
test('no module beside the tests has a hook of its own', () => {
  const modules = globSync('**/*.ts', { cwd: TESTS, exclude: ['**/*.test.ts', 'system/**'] });
  const hooked = modules.filter((path) =>
    /^(before|after)(All|Each)\(/m.test(readFileSync(join(TESTS, path), 'utf8')),
  );
  expect(modules.length).toBeGreaterThan(50);
  expect(hooked).toEqual([]);
});
