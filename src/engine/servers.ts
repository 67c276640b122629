import type { Reading } from '../contracts/clients.ts';
import type { Target } from '../contracts/target.ts';
import { VaultbindError } from '../errors.ts';
import { asReason } from '../model/error-values.ts';
import { type Servers, shownServers } from '../model/servers.ts';
import type { VaultOperator } from '../vault/api.ts';

/**
 * Which servers these are, and as whom we are there, for the first line of every report and the question before
 * writing, safe to show. What does not answer stays
 * unsaid: what was asked for tells why.
 *
 * @param known what was learnt already
 */
export async function serversOf({ vault, kubernetes }: Reading, known?: Target): Promise<Servers> {
  const [health, operator, version] = await Promise.all([
    known?.vault ?? vault.health().catch(asReason),
    vault.operator().catch(asReason),
    known?.cluster.version ?? kubernetes.version().catch(asReason),
  ]);
  const { product, version: vaultVersion } = health instanceof VaultbindError ? nothing : health;
  const policies = operator instanceof VaultbindError ? [] : operator.policies;
  const { address, namespace } = vault;
  const { context, server, user } = kubernetes;
  return shownServers({
    vault:
      address === '' ? null : { address, namespace, product, version: vaultVersion, as: nameOf(operator), policies },
    cluster:
      server === '' ? null : { context, server, user, version: version instanceof VaultbindError ? null : version },
  });
}

const nothing = { product: null, version: null };

const unknown: Record<string, string> = {
  'operator-forbidden': 'a token that may not look itself up',
  'operator-token-invalid': 'a token that Vault does not accept',
  'token-missing': 'nobody, for there is no token',
};

/** `token` and `approle` are what every token of that kind is called: its policies tell more. */
function nameOf(operator: VaultOperator | VaultbindError): string {
  if (operator instanceof VaultbindError) return unknown[operator.code ?? ''] ?? 'a token that was not looked up';
  const { name, policies } = operator;
  if (name !== 'token' && name !== 'approle' && name !== '') return name;
  return `a token with ${policies.length === 0 ? 'no policy' : policies.join(', ')}`;
}
