import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Files that replace a module, or what belongs to the whole process. */
const REPLACES = /\bvi\.(mock|doMock|stub\w+|useFakeTimers|setSystemTime)\(|\bprocess\.(chdir\(|env\S* = )/;

const exclude = ['test/system/**', 'test/**/*.slow.test.ts', 'node_modules/**'];
const files = globSync('test/**/*.test.ts', { cwd: import.meta.dirname, exclude });
const alone = files.filter((file) => REPLACES.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));

/** The fast tests: no root, no network, no Docker. Everything real lives in test/system; what needs neither but starts
 *  programs by the hundred is named *.slow.test.ts, and runs with those. */
export default defineConfig({
  test: {
    // Most tests wait for sockets and processes: every core gets a worker, not all but one.
    maxWorkers: '100%',
    // Ten times what the slowest needs on a small machine: a limit is there to end a hang, not to measure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // Loading what is tested anew for each file was half the work. So a module's own state outlives a file, and no
      // test may depend on it: `npm test -- --sequence.shuffle.files` finds one that does.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...alone],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone, exclude } },
    ],
  },
});
