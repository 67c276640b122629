import type { Experiment } from '../contracts/experiment.ts';
import type { VaultHealth, VaultOperator } from '../vault/api.ts';

/** sys/health: reachable, unsealed, initialised, active. Unknown when Vault does not answer: the reason is the cause. */
export const vaultHealth: Experiment<null, VaultHealth> = {
  id: 'vault-health',
  title: () => 'GET sys/health',
  cost: 'read',
  access: () => [],
  run: ({ vault }) => vault.health(),
};

/** What Vault says of the operator's token. */
export const operatorToken: Experiment<null, VaultOperator> = {
  id: 'operator-token',
  title: () => 'GET auth/token/lookup-self',
  cost: 'read',
  // auth/token/lookup-self: the default policy gives it.
  access: () => [],
  run: ({ vault }) => vault.operator(),
};

/** Where Vault keeps its data, by sys/seal-status, which anybody may read: `inmem` is a dev server. */
export const vaultStorage: Experiment<null, string> = {
  id: 'vault-storage',
  title: () => 'GET sys/seal-status',
  cost: 'read',
  access: () => [],
  run: async ({ vault }) => String((await vault.read('sys/seal-status'))?.['storage_type'] ?? ''),
};
