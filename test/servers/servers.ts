import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';

/** The servers of global.ts, as they travel to the tests. Plain values only. */
export interface ProvidedServers {
  kubernetes: ProvidedKubernetes;
  vaults: Record<VaultProduct, ProvidedVault>;
}

export interface ProvidedKubernetes {
  /** https://127.0.0.1:port */
  server: string;
  /** Path. */
  kubeconfig: string;
  /** PEM. */
  ca: string;
  caFile: string;
  /** v1.37.2 */
  version: string;
  /** PEM; the user is in system:masters. */
  clientCertificate: string;
  clientKey: string;
  /** Signs ServiceAccount tokens. */
  serviceAccountKeyFile: string;
}

export interface ProvidedVault {
  product: VaultProduct;
  /** http://127.0.0.1:port */
  address: string;
  /** Root token. */
  token: string;
  version: string;
}

export function servers(): ProvidedServers {
  return inject('servers');
}

/** For what Kubernetes and Vault both take as a name: `prefix-` and eight random letters and digits. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** The environment in which vaultbind (and vault, kubectl) use these servers. */
export function environmentFor(product: VaultProduct): Record<string, string> {
  const { kubernetes, vaults } = servers();
  const { address, token } = vaults[product];
  return { VAULT_ADDR: address, VAULT_TOKEN: token, KUBECONFIG: kubernetes.kubeconfig };
}

export const products: VaultProduct[] = ['openbao', 'hashicorp'];
