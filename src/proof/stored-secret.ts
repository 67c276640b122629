import type { Experiment } from '../contracts/experiment.ts';
import { quietly } from '../model/error-values.ts';
import type { VaultData } from '../vault/api.ts';
import { engineIn, type SecretsEngine, secretsEngineAt } from '../vault/objects/secrets-engine.ts';

/** What lies where an API path leads. */
export interface SecretFact {
  /** Undefined: nothing is mounted there, or the operator may not see it. */
  engine?: SecretsEngine;
  /** All mounts the operator sees, to name the one that was meant. */
  mounts: string[];
  /** There may be more: the operator sees only those it has rights below. */
  partial?: boolean;
}

/** The secrets engine behind a path, without touching what is stored there. */
export const storedSecret: Experiment<string, SecretFact> = {
  id: 'stored-secret',
  title: (path) => `look up the secrets engine of ${path}`,
  cost: 'read',
  // sys/internal/ui/mounts needs no right: it shows everybody what they have rights below.
  access: () => [
    {
      system: 'vault',
      path: 'sys/mounts',
      capabilities: ['read'],
      phase: 'verify',
      optional: 'of the secrets engines only those below your other rights are seen',
    },
  ],
  run: async ({ vault }, path) => {
    const seen = await secretsEngineAt(vault, path);
    const mounts = await mountsIn(async () => (await vault.read('sys/internal/ui/mounts'))?.['secret']);
    if (seen) return { mounts: Object.keys(mounts), engine: seen };
    const all = await mountsIn(() => vault.read('sys/mounts'));
    // Who may read the whole list may have no right below the one that is meant.
    const engine = engineIn(all, path);
    if (Object.keys(all).length === 0) return { mounts: Object.keys(mounts), partial: true };
    return { mounts: Object.keys(all), engine };
  },
};

async function mountsIn(ask: () => Promise<unknown>): Promise<VaultData> {
  return ((await quietly(ask)) ?? {}) as VaultData;
}
