import type { Report } from '../model/report.ts';
import type { ClusterServer, VaultServer } from '../model/servers.ts';

/** Where a run goes and as whom, in one line; '' for one that speaks to no server. */
export function serversLine({ vault, cluster }: Pick<Report, 'vault' | 'cluster'>, between = ' · '): string {
  return [vault && vaultWords(vault), cluster && clusterWords(cluster)].filter(Boolean).join(between);
}

const products = { openbao: 'OpenBao', vault: 'Vault' };

function vaultWords({ address, namespace, product, version, as }: VaultServer): string {
  const said = [product && `${products[product]} ${version}`, namespace && `Vault namespace ${namespace}`, `as ${as}`];
  return `Vault ${address} (${said.filter(Boolean).join(', ')})`;
}

function clusterWords({ context, server, user }: ClusterServer): string {
  return `${context === '' ? "the pod's own cluster" : `cluster ${context}`} (${[server, `as ${user}`].join(', ')})`;
}
