import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ensureHadolint } from './parts/hadolint.ts';
import { sh } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfiles = globSync('compose/*/Dockerfile', { cwd: root }).sort();

describe('hadolint', () => {
  const hadolint = usePart(ensureHadolint);

  test('has every Dockerfile to look at', () => {
    expect(dockerfiles).toEqual(
      expect.arrayContaining(['compose/bridge/Dockerfile', 'compose/simulator/Dockerfile']),
    );
  });

  test.each(dockerfiles)('finds nothing in %s', async (file) => {
    const checked = await sh({ cwd: root, nothrow: true })`${hadolint().path} --no-color ${file}`;
    expect({ exitCode: checked.exitCode, found: checked.stdout + checked.stderr }).toEqual({
      exitCode: 0,
      found: '',
    });
  });

  test('finds what is wrong with another', async () => {
    const input = 'FROM node\nRUN cd /tmp\n';
    const checked = await sh({ nothrow: true, input, stdio: 'pipe' })`${hadolint().path} --no-color -`;
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toContain('DL3006');
  });
});
