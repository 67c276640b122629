import { defineConfig } from 'vitest/config';

/** `npm run bench`: one file, started by vitest only because it runs TypeScript. */
export default defineConfig({
  test: {
    include: ['test/bench/bench.ts'],
    testTimeout: 0,
    hookTimeout: 0,
    reporters: [['default', { summary: false }]],
  },
});
