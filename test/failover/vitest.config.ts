import { defineConfig } from 'vitest/config';

/** `npm run failover`: fifty rounds on each product. */
export default defineConfig({
  test: {
    include: ['test/failover/*.real.test.ts'],
    globalSetup: ['test/servers/global.ts'],
    env: { VAULTBIND_FAILOVER_ROUNDS: process.env['VAULTBIND_FAILOVER_ROUNDS'] ?? '50' },
    hookTimeout: 120_000,
  },
});
