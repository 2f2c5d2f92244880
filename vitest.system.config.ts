import { defineConfig } from 'vitest/config';

/** The tests against real parts (Docker engine, Caddy, sshd, third-party TWS clients), one file at a time:
 *  they share one machine's daemons and its two cores. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts', 'test/**/*.slow.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
  },
});
