import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runtimeOf } from './image.ts';

const DOCKERFILES = join(import.meta.dirname, '../../compose');

test('the bridge is measured with the flags and the environment of its image', async () => {
  const { flags, environment } = await runtimeOf(join(DOCKERFILES, 'bridge/Dockerfile'));
  expect(flags).toContainEqual(expect.stringMatching(/^--max-semi-space-size=\d+$/));
  expect(environment).toMatchObject({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' });
});
