import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runtimeOf } from './image.ts';

const DOCKERFILES = join(import.meta.dirname, '../../compose');

test('the bridge is measured with the flags and the environment of its image', async () => {
  const { flags, environment } = await runtimeOf(join(DOCKERFILES, 'bridge/Dockerfile'));
  expect(flags).toContainEqual(expect.stringMatching(/^--max-semi-space-size=\d+$/));
  expect(environment).toMatchObject({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' });
});

test('what V8 compiles when the image is built is of the flags it is started with: it would be thrown away otherwise', async () => {
  const file = join(DOCKERFILES, 'bridge/Dockerfile');
  const [, built = ''] = /^RUN node (.*) bridge\.mjs /m.exec(await readFile(file, 'utf8')) ?? [];
  expect(built.split(' ')).toEqual((await runtimeOf(file)).flags);
});
