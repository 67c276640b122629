import { defineConfig } from 'vitest/config';

/** `npm run fuzz`: started by vitest only because it runs TypeScript. */
export default defineConfig({
  test: {
    include: ['test/fuzz/fuzz.ts', 'test/fuzz/readers.ts'],
    testTimeout: 0,
    hookTimeout: 0,
    reporters: [['default', { summary: false }]],
  },
});
