import { defineConfig } from 'vitest/config';

/** `npm run campaign`: one file, started by vitest for its TypeScript and its servers. */
export default defineConfig({
  test: {
    include: ['test/campaign/campaign.ts'],
    globalSetup: ['test/servers/global.ts'],
    testTimeout: 0,
    hookTimeout: 0,
    reporters: [['default', { summary: false }]],
  },
});
