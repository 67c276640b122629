import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but Node. `real` (files named *.real.test.ts) gets one Kubernetes control plane and both Vaults,
 * started once before the first of its files.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    // More than the two cores they are meant for: much of a test's time is waiting.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // The files share what they load, which would else take longer than their tests. No file changes it.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts'],
          // The first to load the program takes long on a busy machine; nothing is judged by it.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          globalSetup: ['test/servers/global.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
