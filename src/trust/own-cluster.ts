import type { ApiHost } from './api-host.ts';
import type { CaBundle } from './ca-bundle.ts';

/** The cluster that the operator works on, as the kubeconfig has it. */
export interface OwnCluster {
  /** The kubeconfig's server; '' when there is none. */
  server: ApiHost | '';
  /** Absent: nobody knows it. */
  ca?: CaBundle;
}

/** What Vault is told of an API server: where it sends tokens, and whom it lets answer there. */
export interface ToldCluster {
  host: ApiHost | '';
  /** Absent: the system's roots, or none that can be read. */
  ca?: CaBundle;
}

/** By what it is known that a host is this cluster. */
export type Voucher = 'server' | 'ca' | 'operator';

/**
 * By what it is known that tokens sent there arrive at this cluster; undefined: nothing shows it. It is the kubeconfig's
 * server, or the address that the operator vouches for, or Vault insists there on a certificate that the cluster's own CA
 * signs. A path below an API server may be a proxy to anybody's Pod, so it counts only where the kubeconfig has it too.
 *
 * @param word --cluster-host
 */
export function vouchedBy({ host, ca }: ToldCluster, own: OwnCluster, word?: ApiHost): Voucher | undefined {
  if (host === '') return undefined;
  if (host === own.server) return 'server';
  if (host === word) return 'operator';
  const isReached = host.startsWith('https:') && ['/', pathOf(own.server)].includes(pathOf(host));
  return isReached && own.ca && ca?.isAmong(own.ca) ? 'ca' : undefined;
}

function pathOf(host: ApiHost | ''): string {
  return host === '' ? '/' : new URL(host).pathname;
}
