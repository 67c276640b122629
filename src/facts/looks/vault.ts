import { type Fact, question } from '../../contracts/experiment.ts';
import { operatorToken, vaultStorage } from '../../proof/vault-server.ts';
import type { VaultHealth } from '../../vault/api.ts';
import type { VaultFacts } from '../examination.ts';
import type { AskFact } from './ask.ts';

export const vaultAsks = { operator: question(operatorToken, null), storage: question(vaultStorage, null) };

/** The server that answered, and who asks it. */
export async function vaultFacts(health: Fact<VaultHealth>, ask: AskFact): Promise<VaultFacts> {
  const [operator, storage] = await Promise.all([ask(vaultAsks.operator), ask(vaultAsks.storage)]);
  return { health, operator, storage };
}
