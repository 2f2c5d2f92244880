import { defineConfig } from 'vitest/config';

/** The fast tests: no root, no network, no Docker. Everything real lives in test/system; what needs neither but starts
 *  programs by the hundred is named *.slow.test.ts, and runs with those. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/system/**', 'test/**/*.slow.test.ts', 'node_modules/**'],
    // Most tests wait for sockets and processes: every core gets a worker, not all but one.
    maxWorkers: '100%',
    // Ten times what the slowest needs on a small machine: a limit is there to end a hang, not to measure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
