import { defineConfig } from 'vitest/config';

const busy = 'test/system/deploy-trouble.test.ts';
const machine = 'test/system/vm.test.ts';

/** The tests against real parts (Docker engine, Caddy, sshd, third-party TWS clients). */
export default defineConfig({
  test: {
    // Most of it waits for health checks, ten seconds apart. What two files share is locked or named by process:
    // test/system/README.md.
    maxWorkers: 3,
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/system/**/*.test.ts', 'test/**/*.slow.test.ts'],
          exclude: [busy, machine],
        },
      },
      // Twenty-six minutes of emulation, begun first (a group's projects are begun by name): what else there is takes
      // as long beside it, two files at a time.
      { extends: true, test: { name: 'machine', include: [machine] } },
      // Counts every request of a steady load while a service is swapped, which Caddy waits for some seconds.
      { extends: true, test: { name: 'busy', include: [busy], sequence: { groupOrder: 1 } } },
    ],
  },
});
